"""Probability of each intent, by logistic regression on the meaning and spelling of a message.

What a message means when it opens a conversation, and when it follows each kind of answer: the bot
reads it alone, the actions know what came before.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax
from sklearn.model_selection import StratifiedKFold
from typing_extensions import Self

from bot.components import follow_ups
from bot.components.clauses import CLAUSE
from bot.components.linear import (
    LinearComponent,
    LinearModel,
    Reading,
    features,
    numbered,
    scores,
    solved,
)
from bot.components.ngrams import vocabularies
from bot.intents import CRY, OUT_OF_SCOPE, split_intent

SEED = 42
SUBJECT = np.float32(0.75)  # how much the subject learnt as a whole counts beside its finer intents
# How many times more usual an intent is in a message that opens a conversation than among the
# training sentences: out of scope, which has the most sentences, is made rarer by balanced costs;
# what follows an answer is learnt for after one (`actions/context.py`).
ODDS = {OUT_OF_SCOPE: 2.0, "detail": 0.1, "repondre": 0.1, "plus": 0.1}
# What scores are divided by, for probabilities that are right as often as they say: 1.50 to 1.54
# by cross-validation with 63,000 to 85,000 sentences. `make evaluate` gives the one of today.
TEMPERATURE = 1.5
INTENT_RANKING = "intent_ranking"
RANKED = 10
PROBABILITIES = "intent_probabilities"
AFTER = "apres"  # the entity: by kind of answer, the likeliest intents after it


class IntentModel(LinearModel):
    """A trained classifier of intents.

    Scores divided by `TEMPERATURE` give calibrated probabilities; `ODDS` share anew what is no
    distress.
    """

    def probabilities(self, reading: Reading) -> np.ndarray:
        """Probabilities, one row per message, one column per label."""
        found = softmax(self.scores(reading) / TEMPERATURE, axis=1)
        others = found[:, self._ordinary]
        usual = others * self._odds
        found[:, self._ordinary] = usual * (others.sum(axis=1) / usual.sum(axis=1))[:, None]
        return found

    @cached_property
    def _ordinary(self) -> np.ndarray:
        """The columns of what is no distress: how likely one is depends on nothing else."""
        return np.array([split_intent(label)[0] != CRY for label in self.labels])

    @cached_property
    def _odds(self) -> np.ndarray:
        labels = np.array(self.labels)[self._ordinary]
        return np.array([ODDS.get(label, 1.0) for label in labels], np.float32)


def train(reading: Reading, labels: list[str], regularisation: float) -> IntentModel:
    """Fit a model on labelled sentences.

    `regularisation` is scikit-learn's `C`: larger for less regularisation.
    """
    names, columns = numbered(labels)
    known = vocabularies(reading.words)
    lesson = _Lesson(features(known, reading), columns, _subjects(names), regularisation)
    with ProcessPoolExecutor(1) as beside:
        shared = beside.submit(lesson.shared, slice(None))
        weights = lesson.own(slice(None)) + shared.result()
    return IntentModel(names, known, weights)


def cross_validated_scores(
    reading: Reading, labels: list[str], regularisation: float, folds: int
) -> np.ndarray:
    """Scores of each sentence by a model that has not learnt it; columns as sorted labels."""
    names, columns = numbered(labels)
    blocks = features(vocabularies(reading.words), reading)
    lesson = _Lesson(blocks, columns, _subjects(names), regularisation)
    found = np.zeros((len(columns), len(names)), np.float32)
    splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    for learnt, held_out in splitter.split(columns, columns):
        found[held_out] = lesson.unlearnt_scores(learnt, held_out)
    return found


def _subjects(names: list[str]) -> np.ndarray:
    """The number of the subject of each intent."""
    return np.unique([split_intent(name)[0] for name in names], return_inverse=True)[1]


@dataclass
class _Lesson:
    """Sentences to learn: features, the label of each, the subject of each label."""

    blocks: list[Any]
    columns: np.ndarray
    subjects: np.ndarray
    regularisation: float

    def own(self, rows: slice | np.ndarray) -> np.ndarray:
        """What these sentences teach of each label by itself."""
        return self._solved(rows, self.columns)

    def shared(self, rows: slice | np.ndarray) -> np.ndarray:
        """What they teach of each label by its subject as a whole.

        The intents of one subject share most of their words: learnt apart only, they take each
        other's evidence away.
        """
        weights = self._solved(rows, self.subjects[self.columns])
        return SUBJECT * np.take(weights, self.subjects, axis=1)

    def _solved(self, rows: slice | np.ndarray, targets: np.ndarray) -> np.ndarray:
        return solved([block[rows] for block in self.blocks], targets[rows], self.regularisation)

    def unlearnt_scores(self, learnt: np.ndarray, held_out: np.ndarray) -> np.ndarray:
        """Scores of the sentences held out, by a model that has learnt the others."""
        weights = self.own(learnt) + self.shared(learnt)
        return scores([block[held_out] for block in self.blocks], weights)


@dataclass
class NeedModels:
    """What a message means when it opens, and after an answer (None: no sentence teaches it)."""

    alone: IntentModel
    after: follow_ups.FollowUpModel | None

    def write(self, directory: Path) -> None:
        """Store both models in this folder."""
        for name, model in vars(self).items():
            if model:
                (directory / name).mkdir()
                model.write(directory / name)

    @classmethod
    def read(cls, directory: Path) -> Self:
        """The models stored in this folder."""
        after = directory / "after"
        return cls(
            IntentModel.read(directory / "alone"),
            follow_ups.FollowUpModel.read(after) if after.exists() else None,
        )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NeedClassifier(LinearComponent, IntentClassifier):
    """Gives each message its intents, most probable first, with calibrated probabilities."""

    MODEL = NeedModels

    @classmethod
    def required_components(cls) -> list[type]:
        """Reads the meaning of the sentence."""
        return [DenseFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`regularisation`: see docs/understanding.md for the values measured."""
        return {"regularisation": 30.0}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the sentences that have an intent, and store the result."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        opening = [example for example in examples if not follow_ups.answer_before(example)]
        labels = [example.get(INTENT) for example in opening]
        alone = train(Reading.of(opening), labels, self._config["regularisation"])
        following = [example for example in examples if follow_ups.answer_before(example)]
        return self._keep(NeedModels(alone, _learnt_after(following, alone)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent, the ranking, and under `intent_probabilities` all of them.

        The entity `apres` says what each message, but not a clause of one, means after each kind
        of answer.
        """
        reading = Reading.of(messages)
        probabilities = self._model.alone.probabilities(reading)
        for message, row in zip(messages, probabilities, strict=True):
            _set_intent(message, self._model.alone.labels, row)
        whole = [row for row, message in enumerate(messages) if not message.get(CLAUSE)]
        if self._model.after:
            alone = [messages[row].get(PROBABILITIES) for row in whole]
            found = self._model.after.after(reading.part(np.array(whole)), alone)
            for row, after in zip(whole, found, strict=True):
                _add_entity(messages[row], after)
        return messages


def _learnt_after(examples: list[Message], alone: IntentModel) -> follow_ups.FollowUpModel | None:
    if not examples:
        return None
    reading = Reading.of(examples)
    known = [dict(zip(alone.labels, row, strict=True)) for row in alone.probabilities(reading)]
    intents = [example.get(INTENT) for example in examples]
    kinds = [str(follow_ups.answer_before(example)) for example in examples]
    return follow_ups.learn(reading, intents, kinds, known)


def _set_intent(message: Message, labels: list[str], row: np.ndarray) -> None:
    confidences = row.tolist()
    ranking = [
        {"name": labels[column], "confidence": confidences[column]}
        for column in np.argsort(-row, kind="stable")[:RANKED].tolist()
    ]
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(INTENT_RANKING, ranking, add_to_output=True)
    message.set(PROBABILITIES, dict(zip(labels, confidences, strict=True)))


def _add_entity(message: Message, after: dict[str, dict[str, float]]) -> None:
    found = {
        "entity": AFTER,
        "value": after,
        "start": 0,
        "end": len(message.get(TEXT)),
        "extractor": NeedClassifier.__name__,
    }
    message.set(ENTITIES, [*(message.get(ENTITIES) or []), found], add_to_output=True)
