"""Rasa without TensorFlow, which none of our components uses.

Rasa loads every component that it comes with, whatever the pipeline; TensorFlow alone costs half
a gigabyte and seconds of every start.
"""

from __future__ import annotations

import sys
from functools import cache
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


def lighten_training() -> None:
    """Leave out what Rasa does of the training sentences for nothing: a quarter of the time.

    It reads them three times, copies each at every merge of files, and takes fingerprints to
    tell them apart and for the next training, which would only compare them.
    """
    install()  # before anything of Rasa is loaded
    from rasa.engine.training.hooks import TrainingHook
    from rasa.shared.importers import utils
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.message import Message

    TrainingHook.on_before_node = lambda *_, **__: {}
    TrainingHook.on_after_node = lambda *_, **__: None
    read = cache(utils.training_data_from_paths)
    utils.training_data_from_paths = lambda paths, language: read(tuple(paths), language)
    Message.__deepcopy__ = lambda message, _: message
    Message.__hash__ = lambda message: hash((message.get(TEXT), message.get(INTENT)))
