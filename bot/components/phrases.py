"""Recognise phrases written by people: a small grammar that a non-programmer can extend.

The grammar is explained at the top of `data/urgence.yml`. It reads words, not letters: spelling
is folded first (accents, doubled letters, text-message and phonetic spelling, one typing error in
a long word), and small words between the words of a phrase do not count.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rapidfuzz.distance import OSA

NEAR = 8  # words that may stand between the two halves of « A + B »
GAP = 3  # words that « ... » may jump over
SHORTEST_SOUND = 4  # letters: shorter words are too alike to be compared by sound
SHORTEST_TYPO = 7  # letters: shorter words are too alike to forgive a typing error

_TOKEN = re.compile(
    r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+|\d+|[🆘€+]|(?P<end>[.!?;。！？؟;\n](?!\.))|\.\.+"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufe0f]")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ı": "i", "ł": "l", "’": "'"})
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
_DOUBLED = re.compile(r"([^\W\d_\u3400-\u9fff])\1+")
_ELIDED = re.compile(r"(qu|[jlmtsdnc])(?=\w\w\w)")

_SOUNDS = re.compile(
    r"(?P<o>eau|au)|(?P<e_end>(?:aient|ais|ait|ai|ent|ees|ee|es|er|ez|e)$)"
    r"|(?P<in>(?:ain|ein|aim|in|im|yn|ym)(?![aeiouy]))|(?P<an>(?:an|am|en|em)(?![aeiouy]))"
    r"|(?P<on>(?:on|om)(?![aeiouy]))|(?P<e>ai|ei|ay|ey)|(?P<eu>oeu)|(?P<ch>ch|sh)|(?P<f>ph)"
    r"|(?P<k>qu|q|ck|c(?![eiyh]))|(?P<s>sc(?=[eiy])|c|z)|(?P<j>ge(?=[ao])|g(?=[eiy]))"
    r"|(?P<g>gu(?=[eiy]))|(?P<i>y)|(?P<mute>h|[stdxpz]+$)"
)


def _sound_of(match: re.Match[str]) -> str:
    name = match.lastgroup
    return "" if name == "mute" else name.partition("_")[0]


def without_accents(word: str) -> str:
    """Return the word in lower case, without accents nor ligatures."""
    word = word.lower().translate(_LIGATURES)
    if word.isascii():
        return word
    word = unicodedata.normalize("NFKD", word).lower()
    return "".join(c for c in word if not unicodedata.combining(c)).translate(_ARABIC)


def normalise(word: str) -> str:
    """Return the word in lower case, without accents nor doubled letters."""
    return _DOUBLED.sub(r"\1", without_accents(word))


def sound(word: str) -> str:
    """Return roughly how a normalised French word sounds: « mangé », « manger » -> « manje »."""
    return _DOUBLED.sub(r"\1", _SOUNDS.sub(_sound_of, word))


@dataclass(frozen=True)
class Word:
    """A word of a message and where it stands in it (characters)."""

    text: str
    start: int
    end: int


class Vocabulary:
    """The words that phrases are made of, and how people misspell them."""

    def __init__(self, abbreviations: dict[str, str], exact: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._by_sound: dict[str, set[str]] = defaultdict(set)
        self._by_deletion: dict[str, set[str]] = defaultdict(set)
        self._abbreviations = {
            str(short): [normalise(word) for word in long.split()]
            for short, long in abbreviations.items()
        }
        self._exact = {normalise(word) for word in exact}

    def add(self, word: str, by_sound: bool) -> None:
        """Learn a normalised word; French words are also recognised when they are misspelled."""
        self._words.add(word)
        if not by_sound or word in self._exact:
            return
        if len(word) >= SHORTEST_SOUND:
            self._by_sound[sound(word)].add(word)
        if len(word) >= SHORTEST_TYPO:
            for shorter in _deletions(word):
                self._by_deletion[shorter].add(word)

    def readings(self, word: str) -> frozenset[str]:
        """Return the known words that a normalised word of a message may stand for."""
        found = {word} if word in self._words else set()
        if word in self._exact:
            return frozenset(found)
        if len(word) >= SHORTEST_SOUND:
            found |= self._by_sound.get(sound(word), set())
        if not found and len(word) >= SHORTEST_TYPO - 1:
            found = self._typos(word)
        return frozenset(found)

    def split(self, word: str) -> list[str]:
        """Return the normalised words written as one: « jdors » -> « j », « dors »."""
        elided = _ELIDED.match(word)
        if elided and word not in self._abbreviations and not self._known(normalise(word)):
            rest = word[elided.end() :]
            if rest in self._abbreviations or self._known(normalise(rest)):
                return [elided[0], *self.expand(rest)]
        return self.expand(word)

    def expand(self, word: str) -> list[str]:
        """Return the normalised words that a written word stands for: « g » -> « j », « ai »."""
        return self._abbreviations.get(word, [normalise(word)])

    def _known(self, word: str) -> bool:
        return (
            word in self._words
            or word in self._exact
            or (len(word) >= SHORTEST_SOUND and sound(word) in self._by_sound)
        )

    def _typos(self, word: str) -> set[str]:
        candidates: set[str] = set()
        for shorter in _deletions(word):
            candidates |= self._by_deletion.get(shorter, set())
        return {
            known
            for known in candidates
            if known[0] == word[0] and OSA.distance(known, word, score_cutoff=1) <= 1
        }


def _deletions(word: str) -> Iterator[str]:
    yield word
    for i in range(1, len(word)):
        yield word[:i] + word[i + 1 :]


def _tokens(text: str) -> Iterator[tuple[Word, bool]]:
    """Yield each word as it is written, and whether it is the end of a sentence instead."""
    for match in _TOKEN.finditer(_INVISIBLE.sub(" ", text)):
        if match["end"]:
            yield Word("", match.start(), match.end()), True
        elif not match[0].startswith("."):
            written = unicodedata.normalize("NFC", match[0].lower())
            yield Word(written, match.start(), match.end()), False


class Reading:
    """A message read once: where each element of the grammar stands in it."""

    def __init__(
        self, words: list[Word], ends: list[int], spans: dict[str, list[tuple[int, int]]]
    ) -> None:
        self.words = words
        self.spans = {name: sorted(found) for name, found in spans.items()}
        self.starts = {name: [start for start, _ in found] for name, found in self.spans.items()}
        self.sentence_end = ends
        self.sentence_start: list[int] = []
        self.weight = [0]  # words that count, before each position
        self.negations = [0]  # negations, before each position

    def between(self, end: int, start: int, gap: int) -> bool:
        """Tell whether at most `gap` words, and no negation, stand between two positions."""
        return (
            self.weight[start] - self.weight[end] <= gap
            and self.negations[start] == self.negations[end]
        )

    def after(self, position: int, words: int) -> int:
        """Return the position `words` further in the same sentence, small words not counted."""
        if not words:
            return position
        limit = self.sentence_end[position - 1]
        return bisect_right(self.weight, self.weight[position] + words, position, limit + 1) - 1


@dataclass(frozen=True)
class Step:
    """One element of a sequence, and how many words may stand before it."""

    element: str
    gap: int


@dataclass(frozen=True)
class Sequence:
    """Elements that follow one another in a sentence."""

    steps: tuple[Step, ...]
    opens: bool  # only at the beginning of a sentence
    closes: bool  # only at its end
    reach: int  # words after it that belong to it too

    def elements(self) -> set[str]:
        return {step.element for step in self.steps}

    def matches(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Yield the positions (first word, last word + 1) of this sequence."""
        for start, end in reading.spans[self.steps[0].element]:
            if self.opens and not reading.between(reading.sentence_start[start], start, 0):
                continue
            limit = reading.sentence_end[start]
            ends = {end}
            for step in self.steps[1:]:
                ends = {after for end in ends for after in _next(reading, step, end, limit)}
            for end in ends:
                if not self.closes or reading.between(end, limit, 0):
                    yield start, reading.after(end, self.reach)


def _next(reading: Reading, step: Step, end: int, limit: int) -> Iterator[int]:
    spans = reading.spans[step.element]
    for i in range(bisect_left(reading.starts[step.element], end), len(spans)):
        start, after = spans[i]
        if after > limit or reading.weight[start] - reading.weight[end] > step.gap:
            return
        if reading.between(end, start, step.gap):
            yield after


@dataclass(frozen=True)
class Phrase:
    """A sequence, or two sequences near each other in any order; `source` is what was written."""

    source: str
    halves: tuple[Sequence, ...]

    def matches(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Yield the positions (first word, last word + 1) where the phrase stands."""
        if any(name not in reading.spans for half in self.halves for name in half.elements()):
            return
        if len(self.halves) == 1:
            yield from self.halves[0].matches(reading)
            return
        first, second = (sorted(half.matches(reading)) for half in self.halves)
        yield from _neighbours(reading, first, second)
        yield from _neighbours(reading, second, first)


def _neighbours(
    reading: Reading, before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    starts = [start for start, _ in after]
    for start, end in before:
        for i in range(bisect_left(starts, end), len(after)):
            if (
                after[i][1] > reading.sentence_end[start]
                or reading.weight[after[i][0]] - reading.weight[end] > NEAR
            ):
                break
            yield start, after[i][1]


class Grammar:
    """Phrases made of words, groups of words, gaps and choices.

    `settings` holds what every phrase shares: `petits_mots` (words that never count),
    `negations`, `abreviations`, `mots_exacts` (words never taken for another one).
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self._vocabulary = Vocabulary(settings["abreviations"], settings["mots_exacts"])
        self._small = {normalise(str(word)) for word in settings["petits_mots"]}
        self._negations = {normalise(str(word)) for word in settings["negations"]}
        self._terms: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._groups: dict[str, list[str]] = {}
        self._elements: set[str] = set()
        for word in self._small | self._negations:
            self._vocabulary.add(word, by_sound=False)

    def define(self, groups: dict[str, list[str]]) -> None:
        """Name groups of words, for phrases compiled afterwards to use as `<name>`."""
        self._groups.update(groups)

    def compile(self, source: str, by_sound: bool = True) -> list[Phrase]:
        """Return what a written phrase means: one phrase by combination of optional parts.

        Raises:
            ValueError: the phrase is empty, or uses a group that is not defined.
        """
        variants: list[list[str]] = [[]]
        for part in re.findall(r"\([^)]*\)|\[[^\]]*\]|<[^>]*>|\S+", source):
            if part.startswith("["):
                inner = f"({part[1:-1]})"
                variants = [v + extra for v in variants for extra in ([], [inner])]
            else:
                variants = [[*v, part] for v in variants]
        return [self._phrase(source, parts, by_sound) for parts in variants]

    def _phrase(self, source: str, parts: list[str], by_sound: bool) -> Phrase:
        halves: list[list[str]] = [[]]
        for part in parts:
            if part == "+":
                halves.append([])
            else:
                halves[-1].append(part)
        if len(halves) > 2 or not all(halves):
            raise ValueError(f"« {source} »: one « + » at most, with words on both sides")
        return Phrase(source, tuple(self._sequence(source, half, by_sound) for half in halves))

    def _sequence(self, source: str, parts: list[str], by_sound: bool) -> Sequence:
        opens, closes = parts[0] == "^", parts[-1] == "$"
        steps: list[Step] = []
        gap = 0
        for part in parts[opens : len(parts) - closes]:
            jump = re.fullmatch(r"\.\.(\.|\d+)", part)
            if jump:
                gap = GAP if jump[1] == "." else int(jump[1])
                continue
            steps.append(Step(self._element(source, part, by_sound), gap))
            gap = 0
        if not steps:
            raise ValueError(f"« {source} »: no word to recognise")
        return Sequence(tuple(steps), opens, closes, reach=gap)

    def _element(self, source: str, part: str, by_sound: bool) -> str:
        name = f"{part} {by_sound}"
        if name in self._elements:
            return name
        self._elements.add(name)
        for term in self._expand(source, part):
            words = tuple(
                w for word, _ in _tokens(term) for w in self._vocabulary.expand(word.text)
            )
            if not words:
                raise ValueError(f"« {source} »: « {term} » holds no word")
            for word in words:
                self._vocabulary.add(word, by_sound)
            self._terms[words[0]].append((words[1:], name))
        return name

    def _expand(self, source: str, part: str) -> Iterator[str]:
        if part.startswith("("):
            for choice in part[1:-1].split("|"):
                yield from self._expand(source, choice.strip())
        elif part.startswith("<"):
            if part[1:-1] not in self._groups:
                raise ValueError(f"« {source} »: group {part} is not defined")
            for term in self._groups[part[1:-1]]:
                yield from self._expand(source, str(term))
        else:
            yield part

    def read(self, text: str) -> Reading:
        """Read a message once, for any number of phrases to be looked for in it."""
        words: list[Word] = []
        breaks = [0]
        for word, is_end in _tokens(text):
            if is_end:
                breaks.append(len(words))
                continue
            words += [Word(w, word.start, word.end) for w in self._vocabulary.split(word.text)]
        known: dict[str, frozenset[str]] = {
            word: self._vocabulary.readings(word) for word in {word.text for word in words}
        }
        readings = [known[word.text] for word in words]
        small = [not self._small.isdisjoint((word.text, *known[word.text])) for word in words]
        breaks.append(len(words))
        ends: list[int] = []
        starts: list[int] = []
        for start, end in pairwise(breaks):
            ends += [end] * (end - start)
            starts += [start] * (end - start)
        reading = Reading(words, ends, self._spans(readings, small, ends))
        reading.sentence_start = starts
        for word, is_small in zip(words, small, strict=True):
            reading.weight.append(reading.weight[-1] + (not is_small))
            reading.negations.append(reading.negations[-1] + (word.text in self._negations))
        return reading

    def _spans(
        self, readings: list[frozenset[str]], small: list[bool], ends: list[int]
    ) -> dict[str, list[tuple[int, int]]]:
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for start, words in enumerate(readings):
            for word in words:
                for rest, element in self._terms.get(word, ()):
                    end = _follow(rest, readings, small, start + 1, ends[start])
                    if end:
                        spans[element].append((start, end))
        return {element: list(dict.fromkeys(found)) for element, found in spans.items()}


def _follow(
    rest: tuple[str, ...],
    readings: list[frozenset[str]],
    small: list[bool],
    position: int,
    limit: int,
) -> int:
    """Return the position after `rest`, small words skipped, or 0 when it does not follow."""
    for word in rest:
        while position < limit and word not in readings[position] and small[position]:
            position += 1
        if position >= limit or word not in readings[position]:
            return 0
        position += 1
    return position
