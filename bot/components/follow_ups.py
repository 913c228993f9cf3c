"""What a message means after an answer, where « il travaille aussi » says no need of work.

Learnt from the sentences of `data/suites/`, whose metadata (`apres`) tell the kind of answer that
they follow. The model starts from what the message would mean alone, and learns what an answer
changes to it: little for a need said in full, much for « et pour lui ? ».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rasa.shared.nlu.training_data.message import Message
from scipy.special import softmax

from bot.components.linear import LinearModel, Reading, features, numbered, scores, solved
from bot.components.ngrams import vocabularies
from bot.intents import ANSWERS

REGULARISATION = 25.0  # scikit-learn's `C`
# What is read alone counts for half: it was learnt from other sentences.
ALONE, LEAST = 0.7, -9.0  # … and no intent has less than this logarithm
SHOWN = 3  # readings told of each kind of answer
UNLIKELY = 0.02  # probability under which a reading is not told


def answer_before(example: Message) -> str | None:
    """The kind of answer that a training sentence follows; None when it opens."""
    metadata = (example.get("metadata") or {}).get("intent") or {}
    return metadata.get("apres")


class FollowUpModel(LinearModel):
    """A trained model of what follows an answer: the first weights are those of its kind."""

    def after(
        self, reading: Reading, alone: Sequence[Mapping[str, float]]
    ) -> list[dict[str, dict[str, float]]]:
        """The likeliest intents of each message after each kind of answer, by probability.

        `alone`: the probability of each intent when the message opens.
        """
        said = scores(features(self.vocabularies, reading), self.weights[len(ANSWERS) :])
        said += _known(alone, self.labels)
        found = softmax(said[:, None] + self.weights[: len(ANSWERS)], axis=2)
        first = np.argsort(-found, axis=2, kind="stable")[:, :, :SHOWN]
        likely = np.take_along_axis(found, first, axis=2)
        return [
            {
                kind: {
                    self.labels[column]: round(probability, 3)
                    for column, probability in zip(columns, probabilities, strict=True)
                    if probability >= UNLIKELY
                }
                for kind, columns, probabilities in zip(ANSWERS, *of_message, strict=True)
            }
            for of_message in zip(first.tolist(), likely.tolist(), strict=True)
        ]


def learn(
    reading: Reading,
    intents: list[str],
    kinds: list[str],
    alone: Sequence[Mapping[str, float]],
) -> FollowUpModel:
    """Fit a model on sentences, the kind of answer each follows, and what it would mean alone.

    Raises:
        ValueError: a kind of answer is not among `ANSWERS`.
    """
    unknown = set(kinds) - set(ANSWERS)
    if unknown:
        raise ValueError(f"data/suites: no answer is of the kind {', '.join(sorted(unknown))}")
    names, columns = numbered(intents)
    known = vocabularies(reading.words)
    meaning, counted = features(known, reading)
    of_kind = np.float32([[kind == name for name in ANSWERS] for kind in kinds])
    blocks: list[Any] = [of_kind, meaning, counted]
    weights = solved(blocks, columns, REGULARISATION, _known(alone, names))
    return FollowUpModel(names, known, weights)


def _known(alone: Sequence[Mapping[str, float]], labels: list[str]) -> np.ndarray:
    """The scores that what is read alone gives: an intent that only follows an answer has least."""
    found = np.array([[each.get(label, 0.0) for label in labels] for each in alone], np.float32)
    return ALONE * np.maximum(np.log(np.maximum(found, 1e-9)), LEAST)
