"""The names of the places of France, and the communes each name can mean.

Reads `data/communes` (see its README). A name is written here in its folded form: lower case,
without accents, words separated by one space, « st » spelled « saint ».
"""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from bot.tables import read_yaml

DATA = Path(__file__).resolve().parents[2] / "data" / "communes"
DEFAULT_DEPARTEMENTS = "93,92,05"

# Of two homonyms, the larger is meant without asking when it has ten times more inhabitants:
# of the 85 shared names whose largest town exceeds 10,000 inhabitants, this decides 67.
DOMINANCE = 10
MAX_POSSIBLE = 6

# Inhabitants from which a town outside the covered départements is worth a typo or a short name.
LARGE_TOWN = 20_000
# Below this, a town is known by its whole name, well spelled.
VILLAGE = 2_000
# A former commune yields to a current one of the same name.
FORMER_WEIGHT = 0.3
# Ranks of a word in written French (1 is the most frequent).
FREQUENT_WORD = 20_000
UNKNOWN_WORD = 500_000

ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "gd": "grand", "gde": "grande"}
CONTRACTIONS = {"au": "le", "aux": "les", "du": "le", "des": "les"}
ARTICLES = {"l", "le", "la", "les"}
_LINKS = {"sur", "sous", "en", "les", "lez", "le", "la", "l", "d", "de", "du", "des", "aux", "au"}
_COMBINING = "\u0300-\u036f\u064b-\u0652"
_INDIC = "\u0900-\u0dff"
# Chinese and Japanese put no space around a name in Latin letters.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff"
WORD = re.compile(rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{_COMBINING}{_INDIC}])+")

Candidate = tuple[str, float]


@dataclass(frozen=True)
class Commune:
    """A commune or an arrondissement of Paris, Lyon or Marseille (which has a `mother`)."""

    code: str
    name: str
    departement: str
    population: int
    mother: str


@dataclass
class Gazetteer:
    """What each name can mean.

    names: folded name -> candidates (INSEE code, weight in inhabitants).
    aliases: folded names written by hand -> INSEE codes.
    former: INSEE code -> names of the communes that joined it.
    postcodes: five digits -> INSEE codes.
    departements: code -> name; departement_names: folded name -> code.
    endings: the last words of the names of well-known towns.
    words: French words -> rank; town_words: words that are mostly names of towns -> rank.
    """

    covered: frozenset[str]
    communes: dict[str, Commune] = field(default_factory=dict)
    names: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)
    aliases: dict[str, list[str]] = field(default_factory=dict)
    former: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    postcodes: dict[str, list[str]] = field(default_factory=dict)
    departements: dict[str, str] = field(default_factory=dict)
    departement_names: dict[str, str] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    town_words: dict[str, int] = field(default_factory=dict)
    not_typos: set[str] = field(default_factory=set)
    service_words: frozenset[str] = frozenset()
    not_places: frozenset[str] = frozenset()
    foreign: dict[str, list[str]] = field(default_factory=dict)
    foreign_patterns: list[re.Pattern[str]] = field(default_factory=list)
    endings: set[str] = field(default_factory=set)
    _longest: dict[str, int] = field(default_factory=dict)
    _glued: dict[str, str] = field(default_factory=dict)
    _near: dict[str, list[str]] = field(default_factory=dict)

    def longest_from(self, first: str) -> int:
        """The number of words of the longest name that begins with this word (0 if none)."""
        return self._longest.get(first, 0)

    def is_covered(self, code: str) -> bool:
        """Whether the commune lies in a département that the deployer covers."""
        return self.communes[code].departement in self.covered

    def glued(self, letters: str) -> str | None:
        """The name that gives these letters once its spaces are dropped, of a town well known."""
        return self._glued.get(letters)

    def meanings(self, name: str) -> tuple[Candidate, ...]:
        """The candidates of a name, with those of a covered town that the writer may have meant.

        « Colombe » is a far village: near Colombes, it is rather a spelling of Colombes.
        """
        own = self.names[name]
        if " " in name or max(weight for _, weight in own) > VILLAGE or self.is_well_known(name):
            return own
        near = self.nearest(name)
        if near is None or near[1] > 1:
            return own
        if name in self.words and phonetic(name) != phonetic(near[0]):
            return own
        return own + tuple(c for c in self.names[near[0]] if self.is_covered(c[0]))

    def nearest(self, letters: str) -> tuple[str, int] | None:
        """The well-known name nearest to a misspelling (letters without spaces), and how far.

        The distance counts letters added, dropped, changed or swapped. None when no name is near.
        """
        sound = phonetic(letters)
        best: tuple[int, float, str, int] | None = None
        variants = _deletions(letters) | _deletions(sound)
        for variant in variants & self._near.keys():
            for name in self._near[variant]:
                target = name.replace(" ", "")
                distance = OSA.distance(letters, target)
                heard = OSA.distance(sound, phonetic(target))
                if distance > _allowed(letters, target, heard):
                    continue
                distance = min(distance, max(heard, 1))
                # A typo of a covered town is likelier than one of a distant town.
                near = any(self.is_covered(code) for code, _ in self.names[name])
                rank = (distance + (not near), -self._reach(name), name, distance)
                best = min(best, rank) if best else rank
        return (best[2], best[3]) if best else None

    def choose(self, candidates: Iterable[Candidate], departement: str | None = None) -> list[str]:
        """The communes meant: one code when one stands out, else the possible ones, best first.

        A candidate stands out when it is the only one in a covered département (or the one with
        DOMINANCE times the weight of the next), unless a homonym elsewhere outweighs it as much.
        """
        weights: dict[str, float] = {}
        for code, weight in candidates:
            weights[code] = max(weight, weights.get(code, 0))
        if departement:
            inside = {
                c: w for c, w in weights.items() if self.communes[c].departement == departement
            }
            weights = inside or weights
        covered = {c: w for c, w in weights.items() if self.is_covered(c)}
        if covered and max(weights.values()) > DOMINANCE * max(covered.values()):
            return list(dict.fromkeys(_by_weight(covered) + _by_weight(weights)))[:MAX_POSSIBLE]
        ranked = _by_weight(covered or weights)
        if len(ranked) > 1 and weights[ranked[0]] >= DOMINANCE * weights[ranked[1]]:
            return ranked[:1]
        return ranked[:MAX_POSSIBLE]

    def beginning_with(self, name: str, departement: str) -> tuple[Candidate, ...]:
        """The communes of a département whose longer name begins so: « Saint-André » in the 05."""
        return tuple(
            (commune.code, max(commune.population, 1))
            for commune in self.communes.values()
            if commune.departement == departement and fold_name(commune.name).startswith(f"{name} ")
        )

    def former_name(self, name: str, code: str) -> str | None:
        """The commune of this name that joined another: « pierrefitte » in Saint-Denis."""
        if f"{fold_name(self.communes[code].name)} ".startswith(f"{name} "):
            return None
        whole = (n for n in self.former.get(code, ()) if f"{fold_name(n)} ".startswith(f"{name} "))
        return next(whole, None)

    def is_well_known(self, name: str) -> bool:
        """Whether a name means a town covered or large."""
        return any(
            self.is_covered(code) or weight >= LARGE_TOWN for code, weight in self.names[name]
        )

    def _reach(self, name: str) -> float:
        return max(w * (DOMINANCE if self.is_covered(c) else 1) for c, w in self.names[name])


def _by_weight(weights: dict[str, float]) -> list[str]:
    return sorted(weights, key=lambda code: (-weights[code], code))


def fold(text: str) -> str:
    """Lower case without accents or ligatures."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    lowered = lowered.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def fold_name(name: str) -> str:
    """The folded form of a place's name."""
    words = (ABBREVIATIONS.get(word, word) for word in WORD.findall(fold(name)))
    return " ".join(words)


_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        (r"(.)\1+", r"\1"),
        (r"c(?=[eiy])", "s"),
        (r"g(?=[eiy])", "j"),
        (r"oua|wa", "oi"),
        (r"ph", "f"),
        (r"eau|au", "o"),
        (r"(?:ain|ein|in|im|yn|ym|aim|un)(?![aeiouyn])", "1"),
        (r"gn", "n"),
        (r"ch|sch|sh", "3"),
        (r"qu|q|c", "k"),
        (r"gu(?=[ei])", "g"),
        (r"h", ""),
        (r"y", "i"),
        (r"w", "v"),
        (r"z", "s"),
        (r"s(?=[nm])", ""),
        (r"ai|ei|er$|ez$|et$|ers$|es$", "e"),
        (r"(?<=[aeiou][bdfgjklmnprstv3])e(?=[bdfgjklmnprstv3][aeiou1])", ""),
        (r"(?:an|en|am|em)(?![aeioun])", "2"),
        (r"(?:on|om)(?![aeioun])", "4"),
        (r"(?<=[124])[td](?=[bdfgjklmnprsv3])", ""),
        (r"[stxdp]+$", ""),
        (r"e$", ""),
        (r"(.)\1+", r"\1"),
    ]
]


@lru_cache(maxsize=20_000)
def phonetic(letters: str) -> str:
    """A rough key of how letters sound in French: « obervilier » and « aubervilliers » agree."""
    for pattern, sound in _SOUNDS:
        letters = pattern.sub(sound, letters)
    return letters


def _deletions(sound: str) -> set[str]:
    return {sound, *(sound[:i] + sound[i + 1 :] for i in range(len(sound)))}


def _allowed(letters: str, target: str, heard: int) -> int:
    """The distance under which letters may be a misspelling of a name.

    heard: the distance between how both sound.
    """
    shortest = min(len(letters), len(target))
    if heard == 0:
        return len(target) // 2 + 1
    if shortest < 5:
        return 0
    if heard == 1 and shortest > 9:
        return len(target) // 3
    return 2 if shortest > 5 and letters[:2] == target[:2] else 1


def covered_departements() -> frozenset[str]:
    """The départements of JALON_DEPARTEMENTS (codes separated by commas)."""
    value = os.environ.get("JALON_DEPARTEMENTS") or DEFAULT_DEPARTEMENTS
    return frozenset(code.strip().upper() for code in value.split(",") if code.strip())


def load_gazetteer(folder: Path = DATA, covered: frozenset[str] | None = None) -> Gazetteer:
    """The place tables, read once. Raises OSError when a file is missing."""
    return _load(folder, covered if covered is not None else covered_departements())


@lru_cache(maxsize=4)
def _load(folder: Path, covered: frozenset[str]) -> Gazetteer:
    gazetteer = Gazetteer(covered)
    _read_words(gazetteer, folder)
    _read_departements(gazetteer, folder)
    names: dict[str, list[Candidate]] = defaultdict(list)
    _read_aliases(gazetteer, folder)
    _read_communes(gazetteer, names, folder)
    _read_former_communes(gazetteer, names, folder)
    for name, codes in gazetteer.aliases.items():
        names[name] += [(code, gazetteer.communes[code].population) for code in codes]
    gazetteer.names = {name: tuple(found) for name, found in names.items()}
    _index(gazetteer)
    return gazetteer


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(reader)
        yield from reader


def _read_words(gazetteer: Gazetteer, folder: Path) -> None:
    path = folder / "mots.tsv"
    for word, rank, usage in _rows(path) if path.exists() else ():
        if usage == "mot":
            gazetteer.words[word] = int(rank)
        elif usage == "nom":
            gazetteer.town_words[word] = int(rank) or UNKNOWN_WORD
        else:
            gazetteer.not_typos.add(word)


def _read_departements(gazetteer: Gazetteer, folder: Path) -> None:
    for code, name in _rows(folder / "departements.tsv"):
        gazetteer.departements[code] = name
        gazetteer.departement_names[fold_name(name)] = code


def _read_communes(gazetteer: Gazetteer, names: dict[str, list[Candidate]], folder: Path) -> None:
    postcodes: dict[str, list[str]] = defaultdict(list)
    for row in _rows(folder / "communes.tsv"):
        code, name, departement, codes, _, population, _, _, _, mother = row
        commune = Commune(code, name, departement, int(population), mother)
        gazetteer.communes[code] = commune
        for postcode in codes.split():
            postcodes[postcode].append(code)
        if not mother:
            weight = max(commune.population, 1)
            for form in _forms(commune, gazetteer):
                names[form].append((code, weight))
    quarters = {c.code for c in gazetteer.communes.values() if c.mother}
    for postcode, codes in postcodes.items():
        precise = [code for code in codes if code in quarters]
        gazetteer.postcodes[postcode] = precise or codes


def _forms(commune: Commune, gazetteer: Gazetteer) -> set[str]:
    """The ways to write a commune's name: whole, without its article, cut short."""
    words = fold_name(commune.name).split()
    whole = " ".join(words)
    forms = {whole}
    bare = words[1:] if words[0] in ARTICLES and len(words) > 1 else words
    covered = commune.departement in gazetteer.covered
    known = covered or commune.population >= LARGE_TOWN
    if known and not _is_frequent(bare, gazetteer):
        forms.add(" ".join(bare))
    if commune.population >= (VILLAGE if covered else LARGE_TOWN):
        head = bare[:2] if bare[0] in {"saint", "sainte"} else bare[:1]
        if len(head) < len(bare) and not _is_frequent(head, gazetteer):
            forms.add(" ".join(head))
            forms.add(" ".join(words[: len(words) - len(bare)] + head))
    forms |= {re.sub(" (?:sur|sous) ", " s ", form) for form in forms} if known else set()
    return {form for form in forms if form == whole or form not in gazetteer.aliases}


def _is_frequent(words: list[str], gazetteer: Gazetteer) -> bool:
    return len(words) == 1 and (
        len(words[0]) < 4
        or words[0] in _LINKS
        or gazetteer.words.get(words[0], FREQUENT_WORD) < FREQUENT_WORD
    )


def _read_former_communes(
    gazetteer: Gazetteer, names: dict[str, list[Candidate]], folder: Path
) -> None:
    for _, name, successor in _rows(folder / "anciennes_communes.tsv"):
        if any(weight >= LARGE_TOWN for _, weight in names.get(fold_name(name), ())):
            continue
        gazetteer.former[successor].append(name)
        weight = gazetteer.communes[successor].population * FORMER_WEIGHT
        names[fold_name(name)].append((successor, max(weight, 1)))


def _read_aliases(gazetteer: Gazetteer, folder: Path) -> None:
    aliases = read_yaml(folder / "alias.yml")
    for kind in ("surnoms", "quartiers"):
        for code, others in aliases[kind].items():
            for other in others:
                gazetteer.aliases.setdefault(fold_name(str(other)), []).append(code)
    foreign: dict[str, list[str]] = defaultdict(list)
    for code, others in aliases["autres_ecritures"].items():
        for other in others:
            foreign[fold(other)].append(code)
    gazetteer.foreign = dict(foreign)
    gazetteer.foreign_patterns = list(_foreign_patterns(foreign))
    gazetteer.service_words = frozenset(map(fold_name, map(str, aliases["mots_du_service"])))
    gazetteer.not_places = frozenset(map(fold_name, aliases["pas_un_lieu"] + aliases["etranger"]))


# What may surround a name in each script: Arabic prefixes (« in », « and », « to »), Cyrillic case
# endings; the other scripts do not separate words, or add long endings.
_SCRIPTS = (
    ("\u0600-\u06ff", r"(?<!\w)[وفبلك]{0,2}(%s)(?!\w)"),
    ("\u0400-\u04ff", r"(?<!\w)(%s)\w{0,2}(?!\w)"),
    ("\u0590-\u05ff\u0370-\u03ff\u0900-\ud7ff", "(%s)"),
)


def _foreign_patterns(names: Iterable[str]) -> Iterator[re.Pattern[str]]:
    for letters, frame in _SCRIPTS:
        script = re.compile(f"[{letters}]")
        longest_first = sorted(filter(script.match, names), key=len, reverse=True)
        if longest_first:
            yield re.compile(frame % "|".join(map(re.escape, longest_first)))


def _index(gazetteer: Gazetteer) -> None:
    for name in [*gazetteer.names, *gazetteer.departement_names, *gazetteer.not_places]:
        first, count = name.split(" ", 1)[0], name.count(" ") + 1
        if count > gazetteer._longest.get(first, 0):
            gazetteer._longest[first] = count
    near: dict[str, list[str]] = defaultdict(list)
    for name in gazetteer.names:
        letters = name.replace(" ", "")
        if len(letters) < 5 or letters.isdigit() or not gazetteer.is_well_known(name):
            continue
        if len(letters) < 6 and " " in name:
            continue
        if len(letters) < 8 and max(weight for _, weight in gazetteer.names[name]) < VILLAGE:
            continue
        if len(letters) >= 7:
            gazetteer._glued[letters] = name
            gazetteer._glued[re.sub("^saint", "st", letters)] = name
        if len(ending := name.rsplit(" ", 1)[-1]) > 3:
            gazetteer.endings.add(ending)
        for variant in _deletions(letters) | _deletions(phonetic(letters)):
            near[variant].append(name)
    gazetteer._near = dict(near)
