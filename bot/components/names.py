"""Names that people use for services and schemes, read from `data/noms.yml`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from bot.components.reading import Reading, word_set, words_of
from bot.tables import read_yaml

NAMES_FILE = Path(__file__).parents[2] / "data" / "noms.yml"

# A shorter name is too close to ordinary words to be guessed from a misspelling.
_FUZZY_LETTERS = 10
_FUZZY_SCORE = 90
_FUZZY_WORD_SCORE = 65
_MAX_WORDS = 80

_AROUND_A_NAME = word_set(
    "le la les l un une des du de d au a mon ma mes ce cette truc cours atelier ateliers et ou "
    "bonjour bonsoir merci svp s il te vous plait stp"
)
_IN_A_QUESTION = _AROUND_A_NAME | word_set(
    "c est quoi ca sa veut dire que qu ce cest sont signifie exactement definition kesako keskece "
    "explique expliquez expliques moi sert tu connaissez connais comprend comprends pas je j mot "
    "nom sigle me m on parle dit conseillere conseiller assistante sociale referente what is the "
    "difference diff entre avec meme chose pareil mais "
    "does mean fait pour gros juste savoir voudrais aimerais veux en y a il t un"
)
_BEFORE_A_NAME = ("le", "la", "l", "les", "du", "de", "des", "au", "aux", "un", "une", "mon", "ma")
_ASKING = word_set(
    "quoi dire definition signifie explique expliquez expliques kesako keskece what sert "
    "connaissez connais comprend comprends parle mean"
)
_REFUSING = ("pas", "plutot que", "au lieu")
_WHAT_IS = (
    ("la", "diff"),
    ("la", "difference"),
    ("quelle", "difference"),
    ("qu", "est"),
    ("ce", "qu"),
    ("c", "est", "quoi"),
)


@dataclass(frozen=True)
class KnownName:
    """A name found in a message.

    `asked`: the message only asks what it is. `alone`: the message holds nothing else.
    `explained_alone`: alone, it is to be explained, rather than being a need in itself.
    """

    key: str
    theme: str | None
    asked: bool
    alone: bool
    explained_alone: bool


class Names:
    """Finds the known names in messages."""

    def __init__(self, path: Path = NAMES_FILE) -> None:
        """Read the names; raises `KeyError` where an entry lacks a field."""
        self._names: dict[str, dict[str, Any]] = read_yaml(path)
        self._exact: dict[tuple[str, ...], str] = {}
        self._exact_alone: dict[tuple[str, ...], str] = {}
        for key, name in self._names.items():
            self._exact.update({words_of(alias): key for alias in name["alias"]})
            self._exact_alone.update({words_of(alias): key for alias in name["alias_seul"]})
        self._longest = max(map(len, (*self._exact, *self._exact_alone)))
        self._long: dict[int, dict[str, str]] = {}
        for words, key in self._exact.items():
            if len("".join(words)) >= _FUZZY_LETTERS:
                self._long.setdefault(len(words), {})[" ".join(words)] = key

    def find(self, reading: Reading) -> KnownName | None:
        """The known name that this message holds, the longest if there are several.

        One that is refused comes after the others: « pas France Travail, l'ALI ».
        """
        refused = None
        words = reading.all_words[:_MAX_WORDS]
        for key, start, end in self._mentions(words):
            rest = [
                word for i, word in enumerate(words) if not (start <= i < end or reading.placed[i])
            ]
            known = self._known(key, rest, _is_asked(words, words[start:end]))
            if self._counts(words[start:end], known):
                if not _is_refused(words[:start]):
                    return known
                refused = refused or known
        return refused

    def _mentions(self, words: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
        for find in (self._same, self._close):
            for length in range(min(self._longest, len(words)), 0, -1):
                for start in range(len(words) - length + 1):
                    key = find(words[start : start + length])
                    if key:
                        yield key, start, start + length

    def _same(self, words: tuple[str, ...]) -> str | None:
        return self._exact.get(words) or self._exact_alone.get(words)

    def _close(self, words: tuple[str, ...]) -> str | None:
        names = self._long.get(len(words))
        if names is None:
            return None
        found = process.extractOne(
            " ".join(words), names.keys(), scorer=fuzz.ratio, score_cutoff=_FUZZY_SCORE
        )
        if found is None:
            return None
        pairs = zip(words, found[0].split(), strict=True)
        alike = all(fuzz.ratio(typed, known) >= _FUZZY_WORD_SCORE for typed, known in pairs)
        return names[found[0]] if alike else None

    def _known(self, key: str, rest: list[str], is_asked: bool) -> KnownName:
        name = self._names[key]
        return KnownName(
            key=key,
            theme=name["theme"],
            asked=is_asked or (_asks(rest) and _IN_A_QUESTION.issuperset(rest)),
            alone=_AROUND_A_NAME.issuperset(rest),
            explained_alone=name["seul"] == "expliquer",
        )

    def _counts(self, words: tuple[str, ...], known: KnownName) -> bool:
        return words not in self._exact_alone or known.asked or known.alone


def _is_asked(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """« la mairie dit ALI. ALI c'est quoi »: what it is, asked at the end of something else."""
    line, said = " ".join(words), " ".join(name)
    before = (said, *_BEFORE_A_NAME)
    return line.endswith(tuple(f" {b} {said} c est quoi{ca}" for b in before for ca in ("", " ca")))


def _is_refused(before: tuple[str, ...]) -> bool:
    line = " ".join(before)
    around = ("", *(f" {word}" for word in _BEFORE_A_NAME), " a", " a la", " d")
    return line.endswith(tuple(f"{word}{more}" for word in _REFUSING for more in around))


def _asks(words: list[str]) -> bool:
    line = f" {' '.join(words)} "
    return not _ASKING.isdisjoint(words) or any(f" {' '.join(ask)} " in line for ask in _WHAT_IS)
