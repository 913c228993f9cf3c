"""What each service is worth to a person, by parts that add up; or why it is left out.

The weights are in `docs/directory.md` too. Ties are broken by a digest of the record, the commune
and the week (ISO): one person sees one order, and nobody is the last everywhere and always.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from heapq import heappop, heappush

from actions.directory import hours
from actions.directory.geography import departement_of
from actions.directory.merit import age_cost, gaps_cost
from actions.directory.models import Commune
from actions.directory.needs import RESERVED_PUBLICS, Need
from actions.directory.schemas import DIRECT_FITNESS, SearchQuery
from actions.directory.search import trades
from actions.directory.search.candidates import Facts
from actions.directory.search.conditions import Verdict, verdicts
from actions.directory.search.situation import (
    IN_TOWN,
    LOCAL_ZONE,
    NEAR,
    REMOTE,
    Situation,
    Town,
    place_cost,
)
from actions.directory.text import simplify, stems

SECOND_THEME = 0.15  # share of the second theme's weight that is added to the first
WORD_BONUS, MAX_WORD_BONUS = 0.03, 0.09
TRADE_BONUS = 0.2  # about what seven kilometres cost
MAX_NEED_WORDS = 0.4
RESERVED_COST = 0.35
KNOWN_PUBLIC_BONUS = 0.1
PROFESSIONALS_ONLY_COST = 0.15
AGAIN_COST, MAX_AGAIN = 0.08, 2
LEAST_FITNESS = 0.25
DESK_KM = 10.0  # how far one may be sent to a desk that only helps to find the thing
UNKNOWN_CONDITION_COST = 0.15  # for each thing asked for that the record does not speak about
# What a département runs, such as its crèches, is for those who live there, whether a zone says so.
DEPARTEMENT_RUN, AWAY_COST = " departement", 0.5
CLOSED_TODAY_COST = 0.02  # less than a kilometre: one may well go tomorrow
# People are followed in one place of these networks, near their home: a second one is no choice.
ONE_DOOR_NETWORKS = frozenset({"france-travail", "mission-locale", "ccas-cias"})

# Why a service is left out.
OTHER_ZONE, TOO_FAR, NO_PLACE = "autre_zone", "trop_loin", "sans_lieu"
REFUSED_WORD, CONDITION, RESERVED, UNFIT = "mot_refuse", "condition", "reserve", "peu_adapte"


@dataclass(frozen=True)
class Refusal:
    """A service that is left out: `code` is one of the above, `phrase` says why in French."""

    row: Facts
    code: str
    phrase: str


@dataclass(frozen=True)
class Candidate:
    """A service under examination: its columns, where it stands, and its score by part."""

    row: Facts
    situation: Situation
    score: Mapping[str, float]
    verdicts: Sequence[Verdict] = ()
    chance: bytes = b""

    @cached_property
    def total(self) -> float:
        """The parts of the score, added up."""
        return round(sum(self.score.values()), 4)

    @property
    def is_direct(self) -> bool:
        """Whether it offers the thing itself, rather than help to find it."""
        return self.score["besoin"] >= DIRECT_FITNESS

    @cached_property
    def rank(self) -> tuple[float, float, bytes]:
        """Sorts best first: score, distance, then chance (see the module)."""
        return (-self.total, self.situation.distance_km or 0.0, self.chance)


def most_added(need: Need, query: SearchQuery) -> float:
    """The most that a service can be worth beyond its best theme, its place and its facts."""
    weights = sorted(need.thematiques.values(), reverse=True)
    second = SECOND_THEME * (weights[1] if len(weights) > 1 else 0.0)
    words = min(MAX_NEED_WORDS, sum(bonus for bonus in need.words.values() if bonus > 0))
    said = MAX_WORD_BONUS if query.words else 0.0
    said += TRADE_BONUS if query.words and query.theme in trades.THEMES else 0.0
    return second + words + said + (KNOWN_PUBLIC_BONUS if query.publics else 0.0)


class Judge:
    """What a search thinks of services, one by one."""

    def __init__(self, need: Need, commune: Commune, query: SearchQuery, max_km: float) -> None:
        """Services without zone out of a square of `max_km` are too far; `inf` takes them all."""
        self._need, self._query, self._max_km = need, query, max_km
        self._town = Town(commune)
        said = set(stems(query.words)) - set(stems(commune.nom))
        self._said = [f" {stem}" for stem in said]
        named = query.theme in trades.THEMES
        said_of = trades.families_in(simplify(query.words), query.detail)
        self._trades = list(said_of) if named else []
        self._needed = [(f" {word}", bonus) for word, bonus in need.words.items()]
        self._unwanted = [f" {stem}" for stem in query.unwanted]
        year, week, _ = query.today.isocalendar()
        self._draw = f" {commune.code_insee} {year} {week}"

    @property
    def seeks_a_trade(self) -> bool:
        """Whether a trade is named."""
        return bool(self._trades)

    def judge(self, row: Facts) -> Candidate | Refusal:
        """The service with its score, or why it is left out."""
        text = f" {row.nom_simple} {row.texte_simple}"
        refused = next((word for word in self._unwanted if word in text), None)
        if refused:
            return Refusal(row, REFUSED_WORD, f"parle de ce que la personne refuse («{refused} »)")
        situation = self._situate(row)
        if isinstance(situation, Refusal):
            return situation
        fitness, for_others = self._fitness(row, text)
        if not self._is_worth_showing(fitness, situation):
            if self._is_worth_showing(fitness + for_others, situation):
                names = ", ".join(row.publics or ())
                return Refusal(row, RESERVED, f"réservé à un autre public ({names})")
            return Refusal(row, UNFIT, "ne répond pas assez au besoin")
        said = tuple(self._verdicts(row))
        contrary = next((verdict for verdict in said if verdict.holds is False), None)
        if contrary:
            return Refusal(row, CONDITION, contrary.phrase)
        score = {
            "besoin": fitness,
            "lieu": -self._place_cost(row, text, situation),
            "date": -age_cost(row.date_maj, row.date_inconnue, self._query.today),
            "coordonnees": -gaps_cost(row.telephone, row.courriel, row.adresse, row.horaires),
        }
        unknown = sum(verdict.holds is None for verdict in said)
        if unknown:
            score["conditions"] = -UNKNOWN_CONDITION_COST * unknown
        chance = blake2b(f"{row.id}{self._draw}".encode(), digest_size=8).digest()
        return Candidate(row, situation, score, said, chance)

    def _place_cost(self, row: Facts, text: str, situation: Situation) -> float:
        cost = place_cost(situation.tier, situation.distance_km, self._need)
        if situation.tier != NEAR or not row.lieu_code_insee or DEPARTEMENT_RUN not in text:
            return cost
        is_away = departement_of(row.lieu_code_insee) != self._town.departement
        return cost + (AWAY_COST if is_away else 0.0)

    def _situate(self, row: Facts) -> Situation | Refusal:
        point = (row.lieu_latitude, row.lieu_longitude)
        situation = self._town.situate(
            row.zone_eligibilite, row.lieu_code_insee, point, row.lieu_approche
        )
        if situation is None:
            zone = ", ".join(row.zone_eligibilite or ())
            return Refusal(row, OTHER_ZONE, f"réservé aux habitants d'une autre zone ({zone})")
        if self._query.conditions.remote and row.a_distance and situation.tier != IN_TOWN:
            return replace(situation, tier=REMOTE, distance_km=None)
        if situation.tier == NEAR and not self._town.is_around(*point, self._max_km):
            km = round(situation.distance_km or 0.0)
            return Refusal(row, TOO_FAR, f"trop loin : {km} km, sans dire qui il accueille")
        if situation.tier == REMOTE and self._max_km < float("inf"):
            return Refusal(row, NO_PLACE, "ne dit ni où il est, ni qui il accueille")
        return situation

    def _verdicts(self, row: Facts) -> Iterator[Verdict]:
        if self._query.conditions:
            yield from verdicts(row, self._query.conditions, self._query.publics)

    def _fitness(self, row: Facts, text: str) -> tuple[float, float]:
        """How well a service answers the need for this person: about 1 for the very thing.

        Then what was taken off because it is reserved to others.
        """
        need = self._need
        weights = sorted(
            (need.thematiques.get(t, 0.0) for t in row.thematiques or ()), reverse=True
        )
        fitness = weights[0] + SECOND_THEME * (weights[1] if len(weights) > 1 else 0.0)
        told = sum(bonus for word, bonus in self._needed if word in text)
        fitness += min(MAX_NEED_WORDS, told)
        fitness += min(MAX_WORD_BONUS, WORD_BONUS * sum(word in text for word in self._said))
        if self._trades:
            fitness += self._trade_bonus(row, text)
        if need.networks and not need.networks & set(row.reseaux_porteurs or ()):
            fitness -= need.off_network
        if row.mobilisable_par == ["professionnels"]:
            fitness -= PROFESSIONALS_ONLY_COST
        bonus = self._public_bonus(set(row.publics or ()))
        return fitness + bonus, max(0.0, -bonus)

    def _trade_bonus(self, row: Facts, text: str) -> float:
        """More for who teaches or employs the trade named, less for who is named after another."""
        if any(start in text for family in self._trades for start in family):
            return TRADE_BONUS
        return -TRADE_BONUS if any(trades.families_in(row.nom_simple, self._query.detail)) else 0.0

    def _public_bonus(self, served: set[str]) -> float:
        """Less for what is reserved to others, more for what is meant for this person."""
        reserved = served & RESERVED_PUBLICS
        if reserved & self._query.publics:
            return KNOWN_PUBLIC_BONUS
        if reserved and served == reserved and not reserved & self._need.welcome:
            return -RESERVED_COST
        return 0.0

    def _is_worth_showing(self, fitness: float, situation: Situation) -> bool:
        if fitness >= DIRECT_FITNESS or situation.tier in {IN_TOWN, LOCAL_ZONE}:
            return fitness >= LEAST_FITNESS
        return fitness >= LEAST_FITNESS and (situation.distance_km or 0.0) <= DESK_KM


def in_order(candidates: Iterable[Candidate], query: SearchQuery) -> Iterator[Candidate]:
    """Candidates, best first, once what they are among the others counts too."""
    varied = _varied(sorted(candidates, key=lambda candidate: candidate.rank))
    if query.conditions.days or query.conditions.now:
        return iter(varied)
    return _open_first(varied, query)


def _varied(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Lower the places out of town that only offer again what a better one offers."""
    before: Counter[str] = Counter()
    varied = []
    for candidate in ranked:
        again = min(MAX_AGAIN, before[candidate.row.nom])
        before[candidate.row.nom] += 1
        if again and candidate.situation.tier != IN_TOWN:
            candidate = _with(candidate, "variete", -AGAIN_COST * again)
        varied.append(candidate)
    return sorted(varied, key=lambda candidate: candidate.rank)


def _open_first(ranked: Iterable[Candidate], query: SearchQuery) -> Iterator[Candidate]:
    """Lower what is known to be closed today; hours are read of those that come out only."""
    closed: list[tuple[tuple[float, float, bytes], Candidate]] = []
    for candidate in ranked:
        while closed and closed[0][0] < candidate.rank:
            yield heappop(closed)[1]
        row = candidate.row
        opens = row.horaires and hours.opens_on(
            row.horaires, query.today, row.lieu_code_insee, query.publics
        )
        if opens is False:
            lowered = _with(candidate, "ouverture", -CLOSED_TODAY_COST)
            heappush(closed, (lowered.rank, lowered))
        else:
            yield candidate
    while closed:
        yield heappop(closed)[1]


def _with(candidate: Candidate, part: str, value: float) -> Candidate:
    score = {**candidate.score, part: value}
    return Candidate(
        candidate.row, candidate.situation, score, candidate.verdicts, candidate.chance
    )


def places_of(row: Facts) -> set[object]:
    """What must not appear twice: a structure, a service at one address, a network's only door."""
    places: set[object] = {row.structure_id}
    if row.adresse:
        places.add((row.nom, row.lieu_code_insee, simplify(row.adresse)))
    networks = ONE_DOOR_NETWORKS & set(row.reseaux_porteurs or ())
    return places | {(row.nom, network) for network in networks}


def one_by_place(
    candidates: Iterable[Candidate], shown: Mapping[object, str]
) -> Iterator[tuple[Candidate, str | None]]:
    """Each candidate, with the id of the better one that already stands for its place, or None.

    A structure has one place, and so has each kind of desk that only informs. `shown` gives the
    places of records shown before, with their ids.
    """
    seen = dict(shown)
    for candidate in candidates:
        keys = places_of(candidate.row)
        if not candidate.is_direct:
            keys.add(candidate.row.nom)
        instead = next((seen[key] for key in keys if key in seen), None)
        yield candidate, instead
        for key in keys:
            seen.setdefault(key, candidate.row.id)
