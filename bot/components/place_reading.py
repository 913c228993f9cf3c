"""Which place a message asks about: find the places it names, then choose the one wanted.

A name counts as a place when the sentence gives enough evidence for it: none is needed for
« Aubervilliers », much for a far village called like a word (« cours », « lire », « mer »).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from .gazetteer import (
    ABBREVIATIONS,
    ARTICLES,
    LARGE_TOWN,
    MAX_POSSIBLE,
    VILLAGE,
    WORD,
    Candidate,
    Gazetteer,
    fold,
)
from .place_words import (
    BEFORE_A_QUARTER,
    BEING,
    COMPARING,
    CONNECTORS,
    DETERMINERS,
    GONE,
    INTRODUCING,
    LEAVING,
    LINKS,
    LIVING,
    NEAR,
    NOT_A_POSTCODE,
    NOT_A_QUARTER,
    NOW,
    OFFICES,
    ORIGIN,
    OTHERS,
    PAST,
    POLITE,
    QUARTER_WORDS,
    REFUSING,
    SAINT,
    SEARCHING,
    STREETS,
    SUBJECTS,
    SWITCHING,
    TALKING,
    TITLES,
    WORKING,
)

MAX_CHARACTERS = 5_000
# A typo costs more to look up than a name: a long message is searched up to this many windows.
MAX_TYPO_WINDOWS = 80
LONGEST_TYPO = 5
CERTAIN = 5

CONTRACTIONS = {"au": "le", "aux": "les", "du": "le", "des": "les"}
QUARTERS = {
    "paris": ("75056", "751", 20),
    "lyon": ("69123", "6938", 9),
    "marseille": ("13055", "132", 16),
}
ROMAN = {
    **{"xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16},
    **{"xvii": 17, "xviii": 18, "xix": 19, "xx": 20},
}

_ORDINAL = re.compile(r"(\d{1,2})(?:er|re|e|eme|em|me|ieme|nd|nde)")
_REPEATED_LETTER = re.compile(r"([^\W\d_])\1{2,}")
_OTHER_SCRIPT = re.compile("[\u0370-\u1fff\u2c00-\ud7ff\uf900-\ufdff]")
_BREAK = re.compile(r"[.,;:!?\n()…]")
_STRONG_BREAK = re.compile(r"[.;!?\n…]")


@dataclass(frozen=True)
class PlaceReading:
    """What a message says of places.

    code_insee, commune: the town wanted. possible: INSEE codes when several may be meant, best
    first. departement: when only a département is named. start, end: the characters that name
    it. spans: the characters of every place named, with the words that introduce it.
    """

    code_insee: str | None = None
    commune: str | None = None
    possible: tuple[str, ...] = ()
    departement: str | None = None
    start: int = 0
    end: int = 0
    confidence: float = 1.0
    spans: tuple[tuple[int, int], ...] = ()


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


# Roles, from the least to the most wanted.
REFUSED, PASSED, ELSEWHERE, NAMED, HOME, WANTED, CORRECTED = range(-1, 6)


def read_places(text: str, gazetteer: Gazetteer) -> PlaceReading:
    """Read the places of a message (its first 5,000 characters)."""
    text = text[:MAX_CHARACTERS]
    sentence = Sentence(text, gazetteer)
    foreign = _foreign_reading(text, gazetteer)
    if foreign:
        return foreign
    mentions = _joined(sentence, _find_mentions(sentence))
    for mention in mentions:
        mention.intro = sentence.introduction(mention)
    for index, mention in enumerate(mentions):
        mention.role = _role(sentence, mentions, index)
    _resolve(mentions, gazetteer)
    spans = tuple(_span(sentence, mention) for mention in mentions)
    return _choose(sentence, mentions, spans)


class Sentence:
    """A message cut into words, with what its words say around a place."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text = text
        self.gazetteer = gazetteer
        self.tokens = list(_tokens(text))
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

    def clause_start(self, index: int) -> int:
        """The index of the first word of the clause that holds this word."""
        while index > 0 and not self.tokens[index].after_break:
            if self.norm(index) in CONNECTORS:
                break
            if self.norm(index) == "et" and self.norm(index + 1) in SUBJECTS:
                break
            index -= 1
        return index

    def clause_end(self, index: int) -> int:
        """The index after the last word of the clause that holds the word before this index."""
        while index < len(self.tokens) and not self.tokens[index].after_break:
            if self.norm(index) in CONNECTORS:
                break
            index += 1
        return index

    def introduction(self, mention: Mention) -> int:
        """The index of the first word that introduces a place (« près de la ville de … »)."""
        index = mention.first
        while index > 0 and not self.tokens[index].after_break:
            word = self.norm(index - 1)
            if word not in INTRODUCING or (word == "a" and self._is_verb(index - 1)):
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
        others = self.tokens[: mention.first] + self.tokens[mention.last :]
        return all(token.norm in POLITE for token in others)


def _tokens(text: str) -> Iterator[Token]:
    end = 0
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        end = match.end()
        norm = _REPEATED_LETTER.sub(r"\1", fold(match.group()))
        norm = ABBREVIATIONS.get(norm, norm)
        if norm == "s" and text[end : end + 1] == "/":
            norm = "sur"
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


# --- Finding the names -------------------------------------------------------------------------


def _find_mentions(sentence: Sentence) -> list[Mention]:
    """The places named, in order, without overlap: the longest name wins, then the surest."""
    found = [
        mention
        for index in range(len(sentence.tokens))
        for mention in _mentions_at(sentence, index)
        if mention.kind != "name" or _evidence(sentence, mention) >= _required(sentence, mention)
    ]
    found += _typos(sentence, found)
    found.sort(key=lambda m: (m.first - m.last, m.distance, m.kind == "name", m.first))
    taken: set[int] = set()
    kept = []
    for mention in found:
        words = set(range(mention.first, mention.last))
        if not words & taken:
            taken |= words
            kept.append(mention)
    return sorted((m for m in kept if m.kind != "not_a_place"), key=lambda m: m.first)


def _mentions_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    yield from _names_at(sentence, index)
    yield from _numbers_at(sentence, index)


def _names_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    gazetteer = sentence.gazetteer
    word = sentence.norm(index)
    for first in {word, CONTRACTIONS.get(word, word)}:
        for count in range(gazetteer.longest_from(first), 0, -1):
            if index + count > len(sentence.tokens):
                continue
            rest = [token.norm for token in sentence.tokens[index + 1 : index + count]]
            name = " ".join([first, *rest])
            if name in gazetteer.not_places:
                yield Mention(index, index + count, "not_a_place", name=name)
            departement = gazetteer.departement_names.get(name)
            if departement and _names_a_departement(sentence, index, name):
                first_word = index - (sentence.norm(index - 1) in ARTICLES)
                yield Mention(first_word, index + count, "departement", departement=departement)
            if name in gazetteer.names:
                if name in QUARTERS:
                    yield from _quarters_after(sentence, index, name)
                yield Mention(index, index + count, "name", gazetteer.meanings(name), name=name)
    letters = word
    for count in range(1, 5):
        if count > 1:
            letters += sentence.norm(index + count - 1)
        if index + count > len(sentence.tokens) or letters.isdigit():
            break
        name = gazetteer.glued(letters) or (
            count == 1 and _glued_to_preposition(letters, gazetteer)
        )
        if name and name.count(" ") + 1 != count:
            yield Mention(
                index, index + count, "name", gazetteer.names[name], name=name, distance=1
            )


def _glued_to_preposition(letters: str, gazetteer: Gazetteer) -> str | None:
    """« abobigny » is « à Bobigny »."""
    rest = letters[1:]
    if letters[:1] != "a" or len(rest) < 5 or letters in gazetteer.words:
        return None
    if letters in gazetteer.names or letters in gazetteer.not_typos:
        return None
    name = gazetteer.glued(rest) or rest
    known = name in gazetteer.names and rest not in gazetteer.words
    return name if known and gazetteer.is_well_known(name) else None


def _names_a_departement(sentence: Sentence, index: int, name: str) -> bool:
    if " " in name and name.split()[0] not in ARTICLES:
        return True
    introduction = [sentence.norm(index - 1), sentence.norm(index - 2)]
    gazetteer = sentence.gazetteer
    homonym = name in gazetteer.names and gazetteer.is_well_known(name)
    return not homonym and bool({"en", "dans"} & set(introduction))


def _quarters_after(sentence: Sentence, index: int, town: str) -> Iterator[Mention]:
    """« Paris 18 », « Lyon 3ème », « Marseille dans le 13e arrondissement »."""
    position = index + 1
    while sentence.norm(position) in BEFORE_A_QUARTER and position < index + 4:
        position += 1
    number, is_ordinal = _ordinal(sentence.norm(position))
    if not number or number > QUARTERS[town][2]:
        return
    last = position + 1
    if sentence.norm(last) in QUARTER_WORDS:
        last += 1
    elif not is_ordinal and (
        sentence.after(last) in NOT_A_QUARTER or _is_plain_word(sentence, last)
    ):
        return
    yield _quarter(index, last, town, number)


def _is_plain_word(sentence: Sentence, index: int) -> bool:
    word = sentence.after(index)
    return word in sentence.gazetteer.words and word not in LINKS and word not in POLITE


def _quarter(first: int, last: int, town: str, number: int) -> Mention:
    _, prefix, _ = QUARTERS[town]
    code = f"{prefix}{number:0{5 - len(prefix)}d}"
    return Mention(first, last, "quarter", ((code, 1.0),), name=town)


def _ordinal(word: str) -> tuple[int | None, bool]:
    match = _ORDINAL.fullmatch(word)
    if match:
        return int(match.group(1)), True
    if word in ROMAN:
        return ROMAN[word], True
    return (
        (int(word), False) if word.isascii() and word.isdigit() and len(word) < 3 else (None, False)
    )


def _numbers_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    word = sentence.norm(index)
    if not word.isascii() or not (word[0].isdigit() or word in ROMAN or word == "neuf"):
        return
    yield from _postcode_at(sentence, index)
    yield from _lone_quarter_at(sentence, index)
    yield from _departement_number_at(sentence, index)


def _postcode_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    gazetteer = sentence.gazetteer
    code, last = sentence.norm(index), index + 1
    if len(code) == 2 and len(sentence.norm(last)) == 3 and not sentence.tokens[last].after_break:
        code, last = code + sentence.norm(last), last + 1
        if code[:2] not in gazetteer.covered:
            return
    if len(code) != 5 or not code.isdigit() or sentence.after(last) in NOT_A_POSTCODE:
        return
    if sentence.text[sentence.tokens[last - 1].end :].lstrip()[:1] == "€":
        return
    if sentence.norm(last) == "cedex":
        last += 1
    if code in gazetteer.postcodes:
        towns = tuple(
            (c, gazetteer.communes[c].population + 1.0) for c in gazetteer.postcodes[code]
        )
        yield Mention(index, last, "postcode", towns)
    elif _departement_of(code) in gazetteer.departements:
        yield Mention(index, last, "departement", departement=_departement_of(code))


def _departement_of(postcode: str) -> str:
    return postcode[:3] if postcode[:2] in {"97", "98"} else postcode[:2]


def _lone_quarter_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    """« dans le 18e », « 18e arrondissement »: of Paris unless Lyon or Marseille is named."""
    number, is_ordinal = _ordinal(sentence.norm(index))
    if not number:
        return
    town = next((t.norm for t in sentence.tokens if t.norm in QUARTERS), "paris")
    if number > QUARTERS[town][2]:
        return
    mention = _quarter(index, index + 1, town, number)
    introduced = sentence.before(index) == "le" and sentence.before(index - 1) in {
        *{"dans", "vers", "sur", "habite", "vis"},
    }
    if sentence.norm(index + 1) in QUARTER_WORDS:
        mention.last += 1
    elif not is_ordinal:
        if not introduced or town not in {t.norm for t in sentence.tokens}:
            return
    elif _is_plain_word(sentence, index + 1) or not (
        introduced or (number > 10 and sentence.is_whole(mention))
    ):
        return
    if sentence.norm(mention.last) in {"de", "a"} and sentence.norm(mention.last + 1) == town:
        mention.last += 2
    yield mention


def _departement_number_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    gazetteer = sentence.gazetteer
    code, last = sentence.norm(index).upper(), index + 1
    if (code, sentence.norm(last)) in {("9", "3"), ("NEUF", "trois")}:
        code, last = "93", last + 1
    if code not in gazetteer.departements or len(code) < 2:
        return
    mention = Mention(index, last, "departement", departement=code)
    before = sentence.before(index)
    covered = code in gazetteer.covered
    if before in {"departement", "dpt", "dept", "dep"}:
        yield mention
    elif sentence.after(last) in NOT_A_POSTCODE or _is_plain_word(sentence, last):
        return
    elif before in {"le", "du"} and (covered or sentence.before(index - 1) in {"dans", "sur"}):
        # Under 20, « dans le 15 » may be an arrondissement: better to ask.
        if covered or code > "20":
            yield mention
    elif (covered and sentence.is_whole(mention)) or _is_beside_its_town(
        sentence, index, last, code
    ):
        yield mention


def _is_beside_its_town(sentence: Sentence, first: int, last: int, departement: str) -> bool:
    """« Bondy 93 », « Clichy (92) », « 93 Bondy »."""
    gazetteer = sentence.gazetteer
    words = [token.norm for token in sentence.tokens]
    neighbours = [" ".join(words[max(0, first - n) : first]) for n in range(1, 6)]
    neighbours += [" ".join(words[last : last + n]) for n in range(1, 6)]
    return any(
        gazetteer.communes[code].departement == departement
        for name in neighbours
        for code, _ in gazetteer.names.get(name, ())
    )


def _typos(sentence: Sentence, exact: list[Mention]) -> Iterator[Mention]:
    """Names misspelled, among the words that no accepted name uses as they are."""
    gazetteer = sentence.gazetteer
    settled = {i: m for m in exact if m.distance == 0 for i in range(m.first, m.last)}
    windows = 0
    for index, token in enumerate(sentence.tokens):
        if token.norm in LINKS and token.norm not in ARTICLES:
            continue
        letters = ""
        for count in range(1, LONGEST_TYPO + 1):
            last = index + count
            if last > len(sentence.tokens) or (count > 1 and sentence.tokens[last - 1].after_break):
                break
            letters += sentence.norm(last - 1)
            if not _may_be_a_typo(sentence, index, last, letters, settled):
                continue
            windows += 1
            if windows > MAX_TYPO_WINDOWS:
                return
            near = gazetteer.nearest(letters)
            if near is None or (count > 1 and " " not in near[0]):
                continue
            name, distance = near
            mention = Mention(
                index, last, "name", gazetteer.names[name], name=name, distance=distance + 1
            )
            inside = {id(m): m for i, m in settled.items() if index <= i < last}.values()
            codes = gazetteer.choose(mention.candidates)
            same_length = name.count(" ") + 1 == count
            if not same_length and any(gazetteer.choose(m.candidates) == codes for m in inside):
                continue
            if _evidence(sentence, mention) >= _required(sentence, mention):
                yield mention


def _may_be_a_typo(
    sentence: Sentence, first: int, last: int, letters: str, settled: dict[int, Mention]
) -> bool:
    gazetteer = sentence.gazetteer
    if len(letters) < 4 or not letters.isalpha() or not letters.isascii():
        return False
    words = [sentence.norm(i) for i in range(first, last)]
    if " ".join(words) in gazetteer.names:
        return False
    if len(words) == 1:
        known = letters in gazetteer.words or letters in gazetteer.town_words
        return not known and first not in settled
    if len(letters) < 7 or words[-1] in LINKS:
        return False
    if words[0] in SAINT or words[-1] in gazetteer.endings:
        return True
    return any(
        word not in gazetteer.words and len(word) > 2 and word not in INTRODUCING for word in words
    )


# --- Believing a name --------------------------------------------------------------------------


def _required(sentence: Sentence, mention: Mention) -> int:
    """How much evidence a name needs: 0 for a town well known, up to 5 for « y »."""
    gazetteer = sentence.gazetteer
    covered = any(gazetteer.is_covered(code) for code, _ in mention.candidates)
    weight = _weight(mention)
    if mention.distance:
        need = _required_of_a_typo(mention, covered)
        word = sentence.norm(mention.first) if mention.last - mention.first == 1 else ""
        return need + 2 * (word in gazetteer.not_typos)
    words = _words_of(mention)
    plain = all(word in gazetteer.words for word in words)
    if plain and len(words) == 1:
        need = 1 if covered else 2 if weight >= LARGE_TOWN else 3
        return need + (gazetteer.words[words[0]] < 2_000 and not covered)
    if plain:
        return 0 if covered or weight >= LARGE_TOWN else 2
    if words[0] in gazetteer.town_words and len(words) == 1:
        return 0 if covered or weight >= 50_000 else 1 if weight >= LARGE_TOWN else 3
    if covered or weight >= LARGE_TOWN / 2 or len(words) > 2:
        return 0
    return 3 if len(mention.name) < 5 else 2


def _required_of_a_typo(mention: Mention, covered: bool) -> int:
    several = mention.last - mention.first > 1
    letters = len(mention.name.replace(" ", ""))
    errors = mention.distance - 1
    need = 0 if errors == 0 or several else 1
    need += errors > 1 and letters < 9
    return need + (errors > 0 and not covered)


def _evidence(sentence: Sentence, mention: Mention) -> int:
    """How much the sentence says that these words are a place."""
    first, last = mention.first, mention.last
    if _is_a_person(sentence, first) or _follows_a_determiner(sentence, mention):
        return -CERTAIN
    if mention.distance == 0 and _is_another_word(sentence, mention):
        return -CERTAIN
    score = _evidence_before(sentence, mention)
    if sentence.is_whole(mention):
        if not _is_a_word(sentence, mention):
            return CERTAIN
        if _words_of(mention)[0] not in sentence.gazetteer.service_words:
            score += CERTAIN if _weight(mention) >= VILLAGE else 1
    token = sentence.tokens[first]
    if token.raw[0].isupper() and not token.begins_sentence and not sentence.shouts:
        score += 2 if _weight(mention) >= VILLAGE else 1
    if _touches_a_number(sentence, first, last):
        score += 4
    following = sentence.after(last)
    if not following:
        score += 1
    if following in {"de", "du", "des", "d"} and _is_a_word(sentence, mention):
        score -= 3
    return score


def _is_a_person(sentence: Sentence, first: int) -> bool:
    before = sentence.before(first)
    if before == "m":
        return sentence.text[sentence.tokens[first - 1].end :][:1] not in {"'", "’"}
    near = {sentence.norm(i) for i in range(max(0, first - 3), first)}
    return before in TITLES or "appelle" in near


def _evidence_before(sentence: Sentence, mention: Mention) -> int:
    start = sentence.introduction(mention)
    introduction = [sentence.norm(i) for i in range(start, mention.first)]
    if sentence.norm(mention.first) in CONTRACTIONS and mention.name.split()[0] in ARTICLES:
        introduction.append(sentence.norm(mention.first))
    lead = {
        sentence.norm(i) for i in range(max(sentence.clause_start(mention.first), start - 3), start)
    }
    common_noun = mention.name.split()[0] in ARTICLES and _is_a_word(sentence, mention)
    score = 0
    if {"de", "du", "des", "d"} & set(introduction):
        office = (lead | set(introduction)) & (OFFICES | NEAR)
        score = 3 if office and not common_noun else 1
    if "dans" in introduction:
        score = max(score, 1)
    if {"a", "au", "aux", "sur", "vers"} & set(introduction):
        score = max(score, 1 if common_noun else 2)
        if lead & TALKING:
            score = 0
        score += bool(lead & BEING) and not common_noun
    if lead & LIVING:
        score = max(score, 2) + 1
    return score


def _follows_a_determiner(sentence: Sentence, mention: Mention) -> bool:
    """« Un pantin », « le gap »: a thing, not a town."""
    before = sentence.before(mention.first)
    if before in DETERMINERS:
        return True
    own_article = mention.name.split()[0] in ARTICLES
    article = before in ARTICLES or before in CONTRACTIONS
    return article and not own_article and _is_a_word(sentence, mention)


def _is_another_word(sentence: Sentence, mention: Mention) -> bool:
    """Whether accents make it another word than the town's name: « maçon » is not Mâcon."""
    if not _is_a_word(sentence, mention) or mention.name in sentence.gazetteer.aliases:
        return False
    raw = sentence.tokens[mention.last - 1].raw.lower()
    names = (sentence.gazetteer.communes[code].name.lower() for code, _ in mention.candidates)
    return not raw.isascii() and not any(raw in re.split(r"[\W_]+", name) for name in names)


def _words_of(mention: Mention) -> list[str]:
    return [word for word in mention.name.split() if word not in LINKS] or mention.name.split()


def _weight(mention: Mention) -> float:
    return max(weight for _, weight in mention.candidates)


def _is_a_word(sentence: Sentence, mention: Mention) -> bool:
    gazetteer = sentence.gazetteer
    words = _words_of(mention)
    return len(words) == 1 and (words[0] in gazetteer.words or words[0] in gazetteer.town_words)


def _touches_a_number(sentence: Sentence, first: int, last: int) -> bool:
    if sentence.norm(last) in sentence.gazetteer.covered:
        return True
    return any(
        m.kind in {"postcode", "departement"}
        for index in (first - 2, first - 1, last)
        if 0 <= index < len(sentence.tokens) and sentence.norm(index)[0].isdigit()
        for m in _numbers_at(sentence, index)
        if m.last in {first, last + 1, last + 2}
    )


# --- What each place is to the person ----------------------------------------------------------


def _role(sentence: Sentence, mentions: list[Mention], index: int) -> int:
    """Whether the person wants, lives in, leaves or refuses the place."""
    if index and _is_coordinated(sentence, mentions[index - 1], mentions[index]):
        return mentions[index - 1].role
    mention = mentions[index]
    start = sentence.clause_start(mention.first)
    if index:
        start = max(start, min(mentions[index - 1].last, mention.intro))
    lead = [sentence.norm(i) for i in range(start, mention.intro)]
    introduction = [sentence.norm(i) for i in range(mention.intro, mention.first)]
    introduction += [sentence.norm(mention.first)] * (sentence.norm(mention.first) in CONTRACTIONS)
    if _is_a_street(sentence, mention):
        return ELSEWHERE
    if _is_refused(sentence, mention, lead, introduction):
        return REFUSED
    if _is_left(sentence, mentions, index, lead, introduction):
        return PASSED
    words = set(lead)
    following = {sentence.norm(mention.last), sentence.norm(mention.last + 1)}
    if words & SWITCHING or {"en", "fait"} <= words or following & NOW:
        return CORRECTED
    near = bool(words & NEAR or set(introduction) & NEAR)
    if words & (LIVING | BEING) and not words & OTHERS:
        return HOME
    if words & WORKING and not near:
        return ELSEWHERE
    if words & OTHERS and not words & SEARCHING:
        return ELSEWHERE
    if near or words & SEARCHING or "vers" in introduction:
        return WANTED
    return NAMED


def _is_coordinated(sentence: Sentence, left: Mention, right: Mention) -> bool:
    """« Bondy ou Pantin », « Bondy, Pantin »: what is said of the first is said of the second."""
    gap = [sentence.norm(i) for i in range(left.last, right.intro)]
    if not gap:
        return left.role >= NAMED and sentence.tokens[right.intro].after_break
    return all(word in {"ou", "et", "ni", "soit", "bien", "voire"} for word in gap)


def _is_a_street(sentence: Sentence, mention: Mention) -> bool:
    index = mention.first
    while index > 0 and sentence.before(index) in {"de", "du", "des", "d", "la", "le", "l", "les"}:
        index -= 1
    before = sentence.before(index)
    if before in {"place", "porte"}:
        return index < mention.first
    return before in STREETS


def _is_refused(
    sentence: Sentence, mention: Mention, lead: list[str], introduction: list[str]
) -> bool:
    last = lead[-1] if lead else ""
    if "loin" in introduction or last == "loin":
        return "pas" not in lead[-4:]
    if last == "pas":
        return "pourquoi" not in lead[-2:]
    if last in REFUSING:
        return True
    if last == "plus" and {"a", "au", "aux", "sur", "dans"} & set(introduction):
        return "toujours" not in lead
    if last in {"vraiment", "forcement", "trop", "specialement"} and "pas" in lead[-2:]:
        return True
    if last in {"que", "qu"} and _compares(sentence, mention):
        return True
    if lead[-3:] == ["au", "lieu", "de"] or lead[-2:] == ["au", "lieu"]:
        return True
    end = sentence.clause_end(mention.last)
    following = [sentence.norm(i) for i in range(mention.last, min(end, mention.last + 5))]
    if "loin" in following and "pas" not in following:
        return True
    return following[:1] == ["non"] or "fini" in following


def _compares(sentence: Sentence, mention: Mention) -> bool:
    clause = range(sentence.clause_start(mention.first), mention.first)
    return any(sentence.norm(i) in COMPARING for i in clause)


def _is_left(
    sentence: Sentence,
    mentions: list[Mention],
    index: int,
    lead: list[str],
    introduction: list[str],
) -> bool:
    mention = mentions[index]
    leaves = introduction[:1] and introduction[0] in {"de", "du", "des", "d", "depuis"}
    if set(lead[-3:]) & LEAVING or (leaves and set(lead[-3:]) & ORIGIN):
        return True
    if set(lead) & PAST or lead[:1] == ["avant"] or lead[-1:] == ["avant"]:
        return True
    following = mentions[index + 1] if index + 1 < len(mentions) else None
    if leaves and following and following.intro == mention.last:
        arrival = {sentence.norm(i) for i in range(following.intro, following.first + 1)}
        return bool(arrival & {"a", "au", "aux", "jusqu", "vers"})
    return False


# --- Choosing ----------------------------------------------------------------------------------


def _joined(sentence: Sentence, mentions: list[Mention]) -> list[Mention]:
    """Join a postal code with the town beside it, which it makes sure of."""
    joined: list[Mention] = []
    for mention in mentions:
        previous = joined[-1] if joined else None
        if previous and _are_one(sentence, previous, mention):
            previous.last = mention.last
            previous.candidates = _shared(
                sentence.gazetteer, previous.candidates, mention.candidates
            )
            previous.kind = "name"
        else:
            joined.append(mention)
    return joined


def _are_one(sentence: Sentence, left: Mention, right: Mention) -> bool:
    gap = [sentence.norm(i) for i in range(left.last, right.first)]
    if "postcode" not in {left.kind, right.kind} or any(word not in INTRODUCING for word in gap):
        return False
    return bool(_shared(sentence.gazetteer, left.candidates, right.candidates))


def _shared(
    gazetteer: Gazetteer, left: tuple[Candidate, ...], right: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """The candidates of both, an arrondissement being more precise than its town."""
    mothers = {gazetteer.communes[code].mother or code for code, _ in left}
    mothers &= {gazetteer.communes[code].mother or code for code, _ in right}
    both = [
        (code, weight)
        for code, weight in (*left, *right)
        if (gazetteer.communes[code].mother or code) in mothers
    ]
    precise = [pair for pair in both if gazetteer.communes[pair[0]].mother]
    return tuple(precise or both)


def _resolve(mentions: list[Mention], gazetteer: Gazetteer) -> None:
    """Give each mention its communes, helped by the départements that the message names."""
    departements = {m.departement for m in mentions if m.departement}
    only = departements.pop() if len(departements) == 1 else None
    for mention in mentions:
        mention.codes = gazetteer.choose(mention.candidates, only)
    sure = {m.codes[0] for m in mentions if len(m.codes) == 1}
    for mention in mentions:
        if len(mention.codes) > 1:
            mention.codes = [c for c in mention.codes if c in sure] or mention.codes


def _choose(
    sentence: Sentence, mentions: list[Mention], spans: tuple[tuple[int, int], ...]
) -> PlaceReading:
    gazetteer = sentence.gazetteer
    wanted = [m for m in mentions if m.role > PASSED]
    if not wanted:
        wanted = [m for m in mentions if m.role == PASSED and not _is_gone(sentence, m)]
    towns = [m for m in wanted if m.codes]
    if not towns:
        return _departement_reading(sentence, wanted, spans)
    best = max(m.role for m in towns)
    towns = [m for m in towns if m.role == best]
    if best == CORRECTED and not _is_a_choice(sentence, towns):
        towns = towns[-1:]
    codes = list(dict.fromkeys(code for m in towns for code in m.codes))
    mothers = {gazetteer.communes[code].mother for code in codes}
    codes = [code for code in codes if code not in mothers]
    first, last = towns[0], towns[-1]
    start, end = sentence.tokens[first.first].start, sentence.tokens[last.last - 1].end
    if len(codes) > 1:
        possible = tuple(codes[:MAX_POSSIBLE])
        return PlaceReading(possible=possible, start=start, end=end, spans=spans)
    precise = next(m for m in reversed(towns) if codes[0] in m.codes)
    return PlaceReading(
        code_insee=codes[0],
        commune=gazetteer.communes[codes[0]].name,
        start=sentence.tokens[precise.first].start,
        end=sentence.tokens[precise.last - 1].end,
        confidence=round(0.95**precise.distance, 2),
        spans=spans,
    )


def _is_gone(sentence: Sentence, mention: Mention) -> bool:
    """Whether the person no longer lives there: « je viens de Bondy » alone may be a home."""
    start = sentence.clause_start(mention.first)
    return any(sentence.norm(i) in GONE for i in range(start, mention.intro))


def _is_a_choice(sentence: Sentence, towns: list[Mention]) -> bool:
    return any(
        sentence.norm(i) == "ou"
        for left, right in pairwise(towns)
        for i in range(left.last, right.first)
    )


def _departement_reading(
    sentence: Sentence, wanted: list[Mention], spans: tuple[tuple[int, int], ...]
) -> PlaceReading:
    named = [m for m in wanted if m.departement]
    if not named or len({m.departement for m in named}) > 1:
        return PlaceReading(spans=spans)
    best = named[0]
    return PlaceReading(
        departement=best.departement,
        start=sentence.tokens[best.first].start,
        end=sentence.tokens[best.last - 1].end,
        spans=spans,
    )


def _span(sentence: Sentence, mention: Mention) -> tuple[int, int]:
    """The characters of a place, its introduction, and the refusal that bears on it alone."""
    first = mention.intro
    if mention.role == REFUSED and sentence.before(first) in {"pas", "plus", "ni", "sauf"}:
        first -= 1
    return sentence.tokens[first].start, sentence.tokens[mention.last - 1].end


def _foreign_reading(text: str, gazetteer: Gazetteer) -> PlaceReading | None:
    """Read towns in another script; None when there is none."""
    if gazetteer.foreign_pattern is None or not _OTHER_SCRIPT.search(text):
        return None
    folded, origin = _folded_with_origin(text)
    found: list[tuple[str, int, int]] = []
    for match in gazetteer.foreign_pattern.finditer(folded):
        span = origin[match.start()], origin[match.end() - 1] + 1
        found += [(code, *span) for code in gazetteer.foreign[match.group()]]
    if not found:
        return None
    codes = tuple(dict.fromkeys(code for code, _, _ in found))
    spans = tuple(dict.fromkeys((start, end) for _, start, end in found))
    _, start, end = found[0]
    if len(codes) > 1:
        return PlaceReading(possible=codes[:MAX_POSSIBLE], start=start, end=end, spans=spans)
    name = gazetteer.communes[codes[0]].name
    return PlaceReading(codes[0], name, start=start, end=end, spans=spans)


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the index of the one it comes from."""
    folded: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        for letter in fold(char):
            folded.append(letter)
            origin.append(index)
    return "".join(folded), origin
