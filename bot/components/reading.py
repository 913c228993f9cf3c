"""A message as plain words, for the components that work by rule."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.memory import remember
from bot.components.tokenizer import PLACE_SPANS, FrenchTokenizer

# What stands for a place, and for a punctuation mark, among the words of a reading.
PLACE = "§"
BREAK = ","

_SILENT = "'’-°"
_TOKENIZER = FrenchTokenizer(FrenchTokenizer.get_default_config())


@dataclass(frozen=True)
class Reading:
    """The words of a message, in lower case, without accents or text-message spelling.

    `words` hold `PLACE` for a place mention and `BREAK` for a punctuation mark; `all_words`
    spell the places too and hold no mark, `placed` says which of them belong to a place;
    `signs` are the emoji.
    """

    words: tuple[str, ...]
    all_words: tuple[str, ...]
    placed: tuple[bool, ...]
    signs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words, places and breaks as one line."""
        return " ".join(self.words)

    @property
    def plain(self) -> tuple[str, ...]:
        """The words and places, without the breaks."""
        return tuple(word for word in self.words if word != BREAK)


def read(message: Message) -> Reading:
    """Read a message; its data `place_spans` say where its places are."""
    places = message.get(PLACE_SPANS) or []
    words: list[str] = []
    spelled: list[str] = []
    placed: list[bool] = []
    signs: list[str] = []
    last_place = None
    for token in _TOKENIZER.tokenize(Message({TEXT: message.get(TEXT) or ""}), TEXT):
        place = _place_at(token.start, places)
        kind = _kind(token.text)
        if kind == "sign":
            signs.append(token.text)
        elif kind == "word":
            spelled.append(_bare(token.text))
            placed.append(place is not None)
        if place is not None:
            if place != last_place:
                words.append(PLACE)
        elif kind in ("word", "break"):
            words.append(BREAK if kind == "break" else _bare(token.text))
        last_place = place
    return Reading(tuple(words), tuple(spelled), tuple(placed), tuple(signs))


def word_set(line: str) -> frozenset[str]:
    """The words of a line, as a vocabulary."""
    return frozenset(line.split())


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text that has no place to set apart."""
    return read(Message({TEXT: text})).all_words


def _place_at(start: int, places: list[list[int]]) -> int | None:
    return next((i for i, (first, end) in enumerate(places) if first <= start < end), None)


def _bare(word: str) -> str:
    return word.rstrip("'")


@remember
def _kind(token: str) -> str:
    if any(char.isalnum() for char in token):
        return "word"
    category = unicodedata.category(token[0]) if token else "Mn"
    if token in _SILENT or category[0] in "MC" or category == "Sk":
        return "silent"
    if category[0] == "P":
        return "break"
    return "sign" if category == "So" else "word"
