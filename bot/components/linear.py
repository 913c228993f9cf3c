"""A linear model on the meaning and spelling of a message: what our classifiers share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from typing_extensions import Self

from bot.components.encoder import DIMENSIONS
from bot.components.ngrams import Vocabulary, count
from bot.components.regression import solve

MEANING = np.float32(0.5)  # meaning counts for a quarter of each way of counting pieces


@dataclass
class Reading:
    """What the classifier reads of n messages.

    `meaning` has one row of 512 numbers per message, of length 1 (0 without words); `words`
    the normalised words of each message.
    """

    meaning: np.ndarray
    words: list[list[str]]

    @classmethod
    def of(cls, messages: list[Message]) -> Reading:
        """Read the features and tokens of Rasa's messages."""
        return cls(
            np.vstack([_meaning(message) for message in messages]),
            [
                [token.text for token in message.get(TOKENS_NAMES[TEXT]) or []]
                for message in messages
            ],
        )

    def part(self, rows: np.ndarray) -> Reading:
        """The messages of these rows only."""
        return Reading(self.meaning[rows], [self.words[row] for row in rows])


def _meaning(message: Message) -> np.ndarray:
    _, sentence = message.get_dense_features(TEXT)
    return sentence.features if sentence else np.zeros((1, DIMENSIONS), np.float32)


@dataclass
class LinearModel:
    """What was learnt of some labels: everything is in arrays.

    `weights` has one row per feature (as `features` gives them) and one column per label; stored
    in 16 bits, which halves the file and changes each by 1/2000 at most.
    """

    labels: list[str]
    vocabularies: dict[str, Vocabulary]
    weights: np.ndarray

    def scores(self, reading: Reading) -> np.ndarray:
        """Scores, one row per message, one column per label."""
        return scores(features(self.vocabularies, reading), self.weights)

    def write(self, directory: Path) -> None:
        """Store the model in this folder."""
        described = {
            "labels": self.labels,
            "vocabularies": {name: list(v.columns) for name, v in self.vocabularies.items()},
        }
        text = json.dumps(described, ensure_ascii=False, indent=0)
        (directory / "model.json").write_text(text, encoding="utf-8")
        idf = {name: vocabulary.idf for name, vocabulary in self.vocabularies.items()}
        np.savez(directory / "arrays.npz", weights=self.weights.astype(np.float16), **idf)

    @classmethod
    def read(cls, directory: Path) -> Self:
        """The model stored in this folder."""
        described = json.loads((directory / "model.json").read_text(encoding="utf-8"))
        with np.load(directory / "arrays.npz", allow_pickle=False) as arrays:
            vocabularies = {
                name: Vocabulary({piece: at for at, piece in enumerate(pieces)}, arrays[name])
                for name, pieces in described["vocabularies"].items()
            }
            weights = arrays["weights"].astype(np.float32, order="C")
        return cls(described["labels"], vocabularies, weights)


class Stored(Protocol):
    """What a component learns, in a folder."""

    def write(self, directory: Path) -> None:
        """Store it in this folder."""

    @classmethod
    def read(cls, directory: Path) -> Self:
        """What is stored in this folder."""


class LinearComponent(GraphComponent):
    """A component of Rasa that learns a linear model, or several (`MODEL`), and stores it."""

    MODEL: ClassVar[type[Stored]] = LinearModel

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """A component that knows nothing yet."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """The component as it was trained."""
        with model_storage.read_from(resource) as directory:
            model = cls.MODEL.read(directory)
        return cls(config, model_storage, resource, model)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Any,  # a `MODEL`, or None before it is trained
    ) -> None:
        """Keep what training must write to."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    def _keep(self, model: Stored) -> Resource:
        self._model = model
        with self._model_storage.write_to(self._resource) as directory:
            model.write(directory)
        return self._resource


def numbered(labels: list[str]) -> tuple[list[str], np.ndarray]:
    """The labels in order, each once, and the number of each sentence's own."""
    names, columns = np.unique(labels, return_inverse=True)
    return names.tolist(), columns


def features(known: dict[str, Vocabulary], reading: Reading) -> list[Any]:
    """Blocks side by side, one row per message; the first column, of ones, is the intercept's."""
    return [np.insert(reading.meaning * MEANING, 0, 1, axis=1), count(known, reading.words)]


def scores(blocks: list[Any], weights: np.ndarray) -> np.ndarray:
    """Scores of the labels for these features."""
    meaning, counted = blocks
    first = meaning.shape[1]
    return meaning @ weights[:first] + counted @ weights[first:]


def solved(
    blocks: list[Any],
    columns: np.ndarray,
    regularisation: float,
    known: np.ndarray | float = 0,
) -> np.ndarray:
    """Weights where an error costs less on a sentence of a label that has many.

    `known`: the scores to which they add (see `solve`).

    By the square root of their number: a full balance would leave `hors_sujet` and the bare
    needs, which are varied, too weak.
    """
    costs = np.bincount(columns)[columns] ** -0.5
    return solve(blocks, columns, regularisation * costs / costs.mean(), known)
