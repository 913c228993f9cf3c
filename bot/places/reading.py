"""Which place a message asks about.

A name counts as a place when the sentence gives enough evidence for it: none is needed for
« Aubervilliers », much for a far village called like a word (« cours », « lire », « mer »).
Among the places named, the one wanted wins over the home, and the home over the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bot.places import vocabulary as vocab
from bot.places.gazetteer import MAX_POSSIBLE, Candidate, Gazetteer
from bot.places.names import find_mentions
from bot.places.other_scripts import find_other_scripts
from bot.places.roles import CORRECTED, PASSED, REFUSED, role_of, says_born
from bot.places.sentence import Mention, Sentence

MAX_CHARACTERS = 5_000


@dataclass(frozen=True)
class PlaceReading:
    """What a message says of places.

    code_insee, commune: the town wanted. possible: INSEE codes when several may be meant, best
    first. departement: when only a département is named. former: the commune named, when it is
    now a part of the town wanted. start, end: the characters that name
    it. spans: the characters of every place named, with the words that introduce it.
    """

    code_insee: str | None = None
    commune: str | None = None
    possible: tuple[str, ...] = ()
    departement: str | None = None
    former: str | None = None
    start: int = 0
    end: int = 0
    confidence: float = 1.0
    spans: tuple[tuple[int, int], ...] = ()


def read_places(text: str, gazetteer: Gazetteer) -> PlaceReading:
    """Read the places of a message (its first 5,000 characters)."""
    text = text[:MAX_CHARACTERS]
    others = list(find_other_scripts(text, gazetteer))
    if others:
        return _reading_of_other_scripts(others, gazetteer)
    sentence = Sentence(text, gazetteer)
    mentions = _joined(sentence, find_mentions(sentence))
    for mention in mentions:
        mention.intro = sentence.introduction(mention)
    for index, mention in enumerate(mentions):
        mention.role = role_of(sentence, mentions, index)
    _resolve(mentions, gazetteer)
    spans = tuple(_span(sentence, mention) for mention in mentions)
    return _choose(sentence, mentions, spans)


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
    if "postcode" not in {left.kind, right.kind} or any(
        word not in vocab.INTRODUCING for word in gap
    ):
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
        if only and mention.kind == "name":
            mention.candidates += gazetteer.beginning_with(mention.name, only)
        mention.codes = gazetteer.choose(mention.candidates, only)
    sure = {m.codes[0]: m.role for m in mentions if len(m.codes) == 1}
    refused = {code for code, role in sure.items() if role == REFUSED}
    for mention in mentions:
        if len(mention.codes) > 1:
            left = [code for code in mention.codes if code not in refused]
            mention.codes = [code for code in left if code in sure] or left or mention.codes


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
        former=gazetteer.former_name(precise.name, codes[0]),
        start=sentence.tokens[precise.first].start,
        end=sentence.tokens[precise.last - 1].end,
        confidence=round(0.95**precise.distance, 2),
        spans=spans,
    )


def _is_gone(sentence: Sentence, mention: Mention) -> bool:
    """Whether the person no longer lives there: « je viens de Bondy » alone may be a home."""
    start = sentence.clause_start(mention.first)
    lead = [sentence.norm(i) for i in range(start, mention.intro)]
    was_there = "avant" in lead and not vocab.PAST.isdisjoint(lead)  # « avant j'étais à Lyon »
    return was_there or not vocab.GONE.isdisjoint(lead) or says_born(lead)


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


def _reading_of_other_scripts(
    found: list[tuple[str, int, int]], gazetteer: Gazetteer
) -> PlaceReading:
    codes = list(dict.fromkeys(code for code, _, _ in found))
    spans = tuple(dict.fromkeys((start, end) for _, start, end in found))
    start, end = spans[0]
    if len(codes) > 1:
        possible = tuple(codes[:MAX_POSSIBLE])
        return PlaceReading(possible=possible, start=start, end=end, spans=spans)
    name = gazetteer.communes[codes[0]].name
    return PlaceReading(codes[0], name, start=start, end=end, spans=spans)
