"""A message cut into words, and the places that those words name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.places import vocabulary as vocab
from bot.places.gazetteer import ABBREVIATIONS, WORD, Candidate, Gazetteer, fold

# No more words of a clause than this are read, on each side of a place.
LONGEST_CLAUSE = 40

_REPEATED_LETTER = re.compile(r"([^\W\d_])\1{2,}")
_BREAK = re.compile(r"[.,;:!?\n()…]")
_STRONG_BREAK = re.compile(r"[.;!?\n…]")


@dataclass(frozen=True)
class Token:
    """A word: folded form, characters `[start, end)`, and whether punctuation comes before it."""

    norm: str
    raw: str
    start: int
    end: int
    after_break: bool
    begins_sentence: bool


@dataclass
class Mention:
    """Words `[first, last)` that name a place."""

    first: int
    last: int
    kind: str
    candidates: tuple[Candidate, ...] = ()
    departement: str | None = None
    name: str = ""
    distance: int = 0
    codes: list[str] = field(default_factory=list)
    intro: int = 0
    role: int = 0

    @property
    def words(self) -> list[str]:
        """The words that make the name, without its articles and prepositions."""
        words = self.name.split()
        return [word for word in words if word not in vocab.LINKS] or words

    @property
    def weight(self) -> float:
        """The inhabitants of the largest place it may be."""
        return max(weight for _, weight in self.candidates)


class Sentence:
    """A message cut into words, with what its words say around a place."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text = text
        self.gazetteer = gazetteer
        self.tokens = list(_tokens(text))
        self._impolite = [i for i, t in enumerate(self.tokens) if t.norm not in vocab.POLITE]
        letters = [char for char in text if char.isalpha()]
        self.shouts = sum(char.isupper() for char in letters) > 0.6 * len(letters)

    def norm(self, index: int) -> str:
        """The folded word at an index, empty outside the message."""
        return self.tokens[index].norm if 0 <= index < len(self.tokens) else ""

    def before(self, index: int) -> str:
        """The word just before, in the same breath."""
        if index <= 0 or index > len(self.tokens):
            return ""
        if index < len(self.tokens) and self.tokens[index].after_break:
            return ""
        return self.tokens[index - 1].norm

    def after(self, last: int) -> str:
        """The word just after, in the same breath."""
        if last >= len(self.tokens) or self.tokens[last].after_break:
            return ""
        return self.tokens[last].norm

    def ends_with(self, mention: Mention) -> bool:
        """Whether nothing but polite words comes after this place in the same breath."""
        last = mention.last
        while self.after(last) in vocab.THANKING:
            last += 1
        return not self.after(last)

    def clause_start(self, index: int) -> int:
        """The index of the first word of the clause that holds this word."""
        limit = max(0, index - LONGEST_CLAUSE)
        while index > limit and not self.tokens[index].after_break:
            if self.norm(index) in vocab.CONNECTORS:
                break
            if self.norm(index) == "et" and self.norm(index + 1) in vocab.SUBJECTS:
                break
            index -= 1
        return index

    def clause_end(self, index: int) -> int:
        """The index after the last word of the clause that holds the word before this index."""
        limit = min(len(self.tokens), index + LONGEST_CLAUSE)
        while index < limit and not self.tokens[index].after_break:
            if self.norm(index) in vocab.CONNECTORS:
                break
            index += 1
        return index

    def introduction(self, mention: Mention) -> int:
        """The index of the first word that introduces a place (« près de la ville de … »)."""
        index = mention.first
        while index > 0 and not self.tokens[index].after_break:
            word = self.norm(index - 1)
            if word not in vocab.INTRODUCING or (word == "a" and self._is_verb(index - 1)):
                break
            index -= 1
        return index

    def _is_verb(self, index: int) -> bool:
        """Whether « a » is the verb « avoir » (« il a », « y a »)."""
        return self.tokens[index].raw.lower() == "a" and self.before(index) in {
            *{"il", "elle", "on", "y", "qui", "ca", "n", "l", "m", "t", "nous", "lui"},
        }

    def is_whole(self, mention: Mention) -> bool:
        """Whether the message says nothing but this place and polite words."""
        return all(mention.first <= index < mention.last for index in self._impolite)


def _tokens(text: str) -> Iterator[Token]:
    """The words of a text; a slash between two of them is « sur »."""
    end = 0
    previous = ""
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        end = match.end()
        norm = _REPEATED_LETTER.sub(r"\1", fold(match.group()))
        if not norm:
            continue
        norm = ABBREVIATIONS.get(norm, norm)
        if between == "/" and norm.isalpha() and previous not in {"", "s"}:
            yield Token("sur", "/", match.start() - 1, match.start(), False, False)
        previous = norm if norm.isalpha() else ""
        yield Token(
            norm,
            match.group(),
            match.start(),
            end,
            _BREAK.search(between) is not None,
            _begins_sentence(text, match.start()),
        )


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start].rstrip(" \t\"'«»-–•*")
    return not before or _STRONG_BREAK.match(before[-1]) is not None
