"""Recognise phrases written by people: a small grammar that a non-programmer can extend.

The grammar is explained at the top of `data/urgence.yml`. It reads words, not letters: spelling
is folded first (accents, doubled letters, text-message and phonetic spelling, one typing error in
a long word), and small words between the words of a phrase do not count.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA

from bot.components.memory import remember

NEAR = 8  # words that may stand between the two halves of « A + B »
GAP = 3  # words that « ... » may jump over
SMALL_RUN = 6  # small words in a row that still do not count
LONGEST = 12  # words, small ones included, in one expression of a group
SHORTEST_SOUND = 4  # letters: shorter words are too alike to be compared by sound
SHORTEST_TYPO = 7  # letters: shorter words are too alike to forgive a typing error
ARABIC_AND = "و"  # written in one word with the next one

Span = tuple[int, int]  # positions of the first word, and after the last one

_TOKEN = re.compile(
    r"[\u3400-\u9fff]|[\u0900-\u0963\u0970-\u0d65]+|[^\W\d_\u3400-\u9fff]+|\d+|[🆘€+]|(?P<end>[.!?;。！？؟;\n](?!\.))"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufe0f]")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ı": "i", "ł": "l", "’": "'"})
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
_DOUBLED = re.compile(r"([^\W\d_\u3400-\u9fff])\1+")
_ELIDED = re.compile(r"(qu|[jlmtsdn]|c(?=[aeé]))(?=\w\w\w)")

# How each group of letters sounds: the name of the group, up to its « _ ».
_SOUNDS = re.compile(
    r"(?P<o>eau|au)|(?P<e_end>(?:aient|ais|ait|ai|ent|ees|ee|ers|es|er|ez|e)$)"
    r"|(?P<in>(?:ain|ein|aim|in|im|yn|ym)(?![aeiouy]))|(?P<an>(?:an|am|en|em)(?![aeiouy]))"
    r"|(?P<on>(?:on|om)(?![aeiouy]))|(?P<e>ai|ei|ay|ey)|(?P<eu>oeu)|(?P<ch>ch|sh)|(?P<f>ph)"
    r"|(?P<k>qu|q|ck|c(?![eiyh]))|(?P<s>sc(?=[eiy])|c|z)|(?P<j>ge(?=[ao])|g(?=[eiy]))"
    r"|(?P<g>gu(?=[eiy]))|(?P<i>y)|(?P<mute>h|[stdxpz]+$)"
)


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


def _sound_of(match: re.Match[str]) -> str:
    name = match.lastgroup or ""
    return "" if name == "mute" else name.partition("_")[0]


class Vocabulary:
    """The words that phrases are made of, and how people misspell them."""

    def __init__(self, abbreviations: dict[str, str], exact: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._by_sound: dict[str, set[str]] = defaultdict(set)
        self._by_deletion: dict[str, set[str]] = defaultdict(set)
        self._exact = {normalise(word) for word in exact}
        self._abbreviations = {
            short: [normalise(word) for word in long.split()]
            for short, long in abbreviations.items()
        }

    def add(self, word: str, is_french: bool) -> None:
        """Learn a normalised word; a French word is also recognised when it is misspelled."""
        self._words.add(word)
        if not is_french or word in self._exact:
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
        if not found and word.startswith(ARABIC_AND):
            return self.readings(word[1:])
        if len(word) >= SHORTEST_SOUND:
            found |= self._heard(word)
        if not found and len(word) >= SHORTEST_TYPO - 1:
            found = self._typos(word)
        return frozenset(found)

    def _heard(self, word: str) -> set[str]:
        """Return the words that sound like this one, or but for a silent « e » at the end."""
        heard = sound(word)
        same = self._by_sound.get(heard)
        other = heard[:-1] if heard.endswith("e") else f"{heard}e"
        return same or self._by_sound.get(other, set())

    def split(self, written: str) -> list[str]:
        """Return the normalised words written as one: « jdors » -> « j », « dors »."""
        elided = _ELIDED.match(written)
        if elided and written not in self._abbreviations and not self._knows(written):
            rest = written[elided.end() :]
            if rest in self._abbreviations or self._knows(rest):
                return [elided[0], *self.expand(rest)]
        return self.expand(written)

    def expand(self, written: str) -> list[str]:
        """Return the normalised words that a written word stands for: « g » -> « j », « ai »."""
        return self._abbreviations.get(written) or [normalise(written)]

    def _knows(self, written: str) -> bool:
        word = normalise(written)
        if word in self._words or word in self._exact:
            return True
        return len(word) >= SHORTEST_SOUND and sound(word) in self._by_sound

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


class _Word(NamedTuple):
    """A word of a message: what it may stand for, and whether it counts."""

    readings: frozenset[str]
    is_small: bool
    is_negation: bool


class Reading:
    """A message read once: its sentences, and where each term of the grammar stands in it."""

    def __init__(self) -> None:
        self.words: list[_Word] = []
        self.characters: list[Span] = []  # of each word, in the message
        self.sentence_start: list[int] = []
        self.sentence_end: list[int] = []
        self.weight = [0]  # words that count, before each position
        self.negations = [0]  # negations, before each position
        self.elements: set[str] = set()
        self._terms: dict[tuple[str, ...], list[Span]] = defaultdict(list)
        self._spans: dict[str, list[Span]] = {}

    def add_sentence(self, words: list[tuple[_Word, Span]]) -> None:
        """Append the words of a sentence, each with its characters."""
        start, end = len(self.words), len(self.words) + len(words)
        for word, characters in words:
            self.words.append(word)
            self.characters.append(characters)
            self.weight.append(self.weight[-1] + (not word.is_small))
            self.negations.append(self.negations[-1] + word.is_negation)
        self.sentence_start += [start] * len(words)
        self.sentence_end += [end] * len(words)

    def find_terms(self, terms: Terms) -> None:
        """Look for every term of the grammar."""
        for start, word in enumerate(self.words):
            for first in word.readings:
                if first in terms.single:
                    self._terms[first,].append((start, start + 1))
                if first in terms.longer:
                    for term, end in self._follow(terms.longer[first], start):
                        self._terms[term].append((start, end))
        for term in self._terms:
            self.elements |= terms.elements[term]

    def _follow(
        self, by_second: dict[str, list[tuple[str, ...]]], start: int
    ) -> Iterator[tuple[tuple[str, ...], int]]:
        for position in range(start + 1, min(self.sentence_end[start], start + 1 + SMALL_RUN)):
            for second in self.words[position].readings:
                for term in by_second.get(second, ()):
                    end = self._end(term[2:], position + 1)
                    if end:
                        yield term, end
            if not self.words[position].is_small:
                return

    def _end(self, rest: tuple[str, ...], position: int) -> int:
        """Return the position after `rest`, small words skipped, or 0 when it does not follow."""
        limit = self.sentence_end[position - 1]
        for word in rest:
            while (
                position < limit
                and word not in self.words[position].readings
                and self.words[position].is_small
            ):
                position += 1
            if position >= limit or word not in self.words[position].readings:
                return 0
            position += 1
        return position

    def spans(self, element: str, terms: Terms) -> list[Span]:
        """Return where an element stands, in order."""
        if element not in self._spans:
            found = {span for term in terms.of[element] for span in self._terms.get(term, ())}
            self._spans[element] = sorted(found)
        return self._spans[element]

    def allows(self, end: int, start: int, gap: int) -> bool:
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


class Terms:
    """The words and expressions of a grammar, and the elements of phrases they belong to."""

    def __init__(self) -> None:
        self.single: set[str] = set()
        self.longer: dict[str, dict[str, list[tuple[str, ...]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.elements: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self.of: dict[str, list[tuple[str, ...]]] = defaultdict(list)

    def add(self, term: tuple[str, ...], element: str) -> None:
        """Say that a term is one of the choices of an element."""
        if term not in self.elements:
            if len(term) == 1:
                self.single.add(term[0])
            else:
                self.longer[term[0]][term[1]].append(term)
        self.elements[term].add(element)
        self.of[element].append(term)


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
    terms: Terms

    def matches(self, reading: Reading) -> Iterator[Span]:
        """Yield where the sequence stands, beginning with its rarest element: it is faster."""
        found = [reading.spans(step.element, self.terms) for step in self.steps]
        rarest = min(range(len(found)), key=lambda i: len(found[i]))
        for start, end in found[rarest]:
            starts, ends = {start}, {end}
            for i in range(rarest + 1, len(found)):
                ends = {after for end in ends for after in self._next(reading, found, i, end)}
            for i in range(rarest - 1, -1, -1):
                starts = {before for s in starts for before in self._previous(reading, found, i, s)}
            for start in filter(lambda start: self._may_start(reading, start), starts):
                for end in filter(lambda end: self._may_end(reading, end), ends):
                    yield start, reading.after(end, self.reach)

    def _next(self, reading: Reading, found: list[list[Span]], i: int, end: int) -> Iterator[int]:
        """Yield where step `i` ends when the steps before it end at `end`."""
        gap, limit = self.steps[i].gap, reading.sentence_end[end - 1]
        for j in range(bisect_left(found[i], (end, 0)), len(found[i])):
            start, after = found[i][j]
            if start > end + SMALL_RUN + 2 * gap or after > limit:
                return
            if reading.allows(end, start, gap):
                yield after

    def _previous(
        self, reading: Reading, found: list[list[Span]], i: int, start: int
    ) -> Iterator[int]:
        """Yield where step `i` starts when the steps after it start at `start`."""
        gap, limit = self.steps[i + 1].gap, reading.sentence_start[start]
        nearest = max(limit, start - LONGEST - SMALL_RUN - 2 * gap)
        first = bisect_left(found[i], (nearest, 0))
        for j in range(first, bisect_left(found[i], (start, 0))):
            before, end = found[i][j]
            if end <= start and reading.allows(end, start, gap):
                yield before

    def _may_start(self, reading: Reading, start: int) -> bool:
        return not self.opens or reading.allows(reading.sentence_start[start], start, 0)

    def _may_end(self, reading: Reading, end: int) -> bool:
        return not self.closes or reading.allows(end, reading.sentence_end[end - 1], 0)


@dataclass(frozen=True)
class Phrase:
    """A sequence, or two sequences near each other in any order; `source` is what was written."""

    source: str
    halves: tuple[Sequence, ...]
    elements: frozenset[str]

    def matches(self, reading: Reading) -> Iterator[Span]:
        """Yield where the phrase stands."""
        if not self.elements <= reading.elements:
            return
        if len(self.halves) == 1:
            yield from self.halves[0].matches(reading)
            return
        first, second = (sorted(set(half.matches(reading))) for half in self.halves)
        yield from _neighbours(reading, first, second)
        yield from _neighbours(reading, second, first)


def _neighbours(reading: Reading, before: list[Span], after: list[Span]) -> Iterator[Span]:
    for start, end in before:
        farthest = min(reading.sentence_end[start] - 1, end + 3 * NEAR)
        for i in range(bisect_left(after, (end, 0)), len(after)):
            next_start, next_end = after[i]
            if next_start > farthest or reading.weight[next_start] - reading.weight[end] > NEAR:
                break
            yield start, next_end


class PhraseSet:
    """Phrases looked for together: those of a message are found without trying them all."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = list(phrases)
        sharing = Counter(element for phrase in self._phrases for element in phrase.elements)
        self._by_rarest: dict[str, list[int]] = defaultdict(list)
        for rank, phrase in enumerate(self._phrases):
            rarest = min(phrase.elements, key=lambda element: (sharing[element], element))
            self._by_rarest[rarest].append(rank)

    def matches(self, reading: Reading) -> Iterator[tuple[int, Span]]:
        """Yield the rank of each phrase found and where it stands, in the order of ranks."""
        known = reading.elements & self._by_rarest.keys()
        for rank in sorted(rank for element in known for rank in self._by_rarest[element]):
            for span in self._phrases[rank].matches(reading):
                yield rank, span


class Grammar:
    """Phrases made of words, groups of words, gaps and choices.

    `settings` holds what every phrase shares: `petits_mots` (words that never count),
    `negations`, `abreviations`, `mots_exacts` (words never taken for another one) and `mots`
    (groups of words, used as `<name>`).
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self._vocabulary = Vocabulary(settings["abreviations"], settings["mots_exacts"])
        self._small = {normalise(str(word)) for word in settings["petits_mots"]}
        self._negations = {normalise(str(word)) for word in settings["negations"]}
        self._groups: dict[str, list[str]] = settings["mots"]
        self._terms = Terms()
        self._word = remember(self._read_word)
        for word in self._small | self._negations:
            self._vocabulary.add(word, is_french=True)

    def compile(self, source: str, is_french: bool = True) -> list[Phrase]:
        """Return what a written phrase means: one phrase by combination of optional parts.

        Raises:
            ValueError: the phrase is empty, or uses a group that is not defined.
        """
        variants: list[list[str]] = [[]]
        for part in re.findall(r"\([^)]*\)|\[[^\]]*\]|<[^>]*>|\S+", source):
            if part.startswith("["):
                choices: list[list[str]] = [[], [f"({part[1:-1]})"]]
                variants = [variant + choice for variant in variants for choice in choices]
            else:
                variants = [[*variant, part] for variant in variants]
        self._word = remember(self._read_word)  # the last phrase added words
        return [self._phrase(source, parts, is_french) for parts in variants]

    def read(self, text: str) -> Reading:
        """Read a message once, for any number of phrases to be looked for in it."""
        reading = Reading()
        sentence: list[tuple[_Word, Span]] = []
        for match in _TOKEN.finditer(_INVISIBLE.sub(" ", text)):
            if match["end"]:
                reading.add_sentence(sentence)
                sentence = []
            else:
                sentence += [(word, match.span()) for word in self._word(match[0])]
        reading.add_sentence(sentence)
        reading.find_terms(self._terms)
        return reading

    def _read_word(self, written: str) -> tuple[_Word, ...]:
        words = self._vocabulary.split(unicodedata.normalize("NFC", written.lower()))
        return tuple(self._weigh(word) for word in words)

    def _weigh(self, word: str) -> _Word:
        readings = self._vocabulary.readings(word)
        is_small = not self._small.isdisjoint(readings)
        return _Word(readings, is_small, word in self._negations)

    def _phrase(self, source: str, parts: list[str], is_french: bool) -> Phrase:
        halves: list[list[str]] = [[]]
        for part in parts:
            if part == "+":
                halves.append([])
            else:
                halves[-1].append(part)
        if len(halves) > 2 or not all(halves):
            raise ValueError(f"« {source} »: one « + » at most, with words on both sides")
        sequences = tuple(self._sequence(source, half, is_french) for half in halves)
        elements = frozenset(step.element for half in sequences for step in half.steps)
        return Phrase(source, sequences, elements)

    def _sequence(self, source: str, parts: list[str], is_french: bool) -> Sequence:
        opens, closes = parts[0] == "^", parts[-1] == "$"
        steps: list[Step] = []
        gap = 0
        for part in parts[opens : len(parts) - closes]:
            jump = re.fullmatch(r"\.\.(\.|\d+)", part)
            if jump:
                gap = GAP if jump[1] == "." else int(jump[1])
            else:
                steps.append(Step(self._element(source, part, is_french), gap))
                gap = 0
        if not steps:
            raise ValueError(f"« {source} »: no word to recognise")
        return Sequence(tuple(steps), opens, closes, reach=gap, terms=self._terms)

    def _element(self, source: str, part: str, is_french: bool) -> str:
        element = part if is_french else f"{part} (not French)"
        if element not in self._terms.of:
            for written in self._choices(source, part):
                self._terms.add(self._term(source, written, is_french), element)
        return element

    def _choices(self, source: str, part: str) -> Iterator[str]:
        if part.startswith("("):
            for choice in part[1:-1].split("|"):
                yield from self._choices(source, choice.strip())
        elif part.startswith("<"):
            if part[1:-1] not in self._groups:
                raise ValueError(f"« {source} »: group {part} is not defined")
            for choice in self._groups[part[1:-1]]:
                yield from self._choices(source, str(choice))
        else:
            yield part

    def _term(self, source: str, written: str, is_french: bool) -> tuple[str, ...]:
        tokens = [match[0].lower() for match in _TOKEN.finditer(written)]
        term = tuple(word for token in tokens for word in self._vocabulary.expand(token))
        if not term:
            raise ValueError(f"« {source} »: « {written} » holds no word")
        for word in term:
            self._vocabulary.add(word, is_french)
        return term
