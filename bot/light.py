"""Rasa without TensorFlow, which none of our components uses.

Rasa loads every component that it comes with, whatever the pipeline; TensorFlow alone costs half
a gigabyte and seconds of every start.
"""

from __future__ import annotations

import sys
from types import ModuleType

LEFT_OUT = (
    "rasa.core.policies.ted_policy",
    "rasa.core.policies.unexpected_intent_policy",
    "rasa.nlu.classifiers.diet_classifier",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
    "rasa.nlu.selectors.response_selector",
    "rasa.utils.train_utils",
)


class _Absent(ModuleType):
    """A module that nobody uses: any class asked of it is an empty one."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        found = type(name, (), {})
        setattr(self, name, found)
        return found


def install() -> None:
    """Leave these modules out of Rasa, but for those already loaded."""
    for name in LEFT_OUT:
        sys.modules.setdefault(name, _Absent(name))


def forget_training() -> None:
    """Keep nothing of a training for the next one, for fingerprints take a tenth of the time."""
    install()  # before anything of Rasa is loaded
    from rasa.engine.training.hooks import TrainingHook

    TrainingHook.on_before_node = lambda *_, **__: {}
    TrainingHook.on_after_node = lambda *_, **__: None
