"""Services for a need around a commune: fitness first, then place, then freshness, then facts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Float, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from actions.directory.geography import KM_PER_DEGREE
from actions.directory.models import (
    Commune,
    Service,
    ServiceThematique,
    Structure,
)
from actions.directory.needs import RESERVED_PUBLICS, Need, find_need
from actions.directory.schemas import OLD_DAYS, Match, SearchQuery
from actions.directory.search.filters import (
    AROUND,
    AT_DISTANCE,
    IN_DEPARTEMENT,
    SERVING,
    parameters,
)
from actions.directory.search.loading import load_services
from actions.directory.search.situation import (
    IN_TOWN,
    LOCAL_ZONE,
    NEAR,
    REMOTE,
    Situation,
    place_reasons,
    public_reasons,
    situate,
)
from actions.directory.text import mentions, simplify, stems

MAX_CANDIDATES = 120  # ranked in Python, of those that serve the commune and of those near it
SECOND_THEME = 0.15  # share of the second theme's weight that is added to the first
WORD_BONUS, MAX_WORD_BONUS = 0.03, 0.09
RESERVED_COST = 0.35
KNOWN_PUBLIC_BONUS = 0.1
PROFESSIONALS_ONLY_COST = 0.15
AGAIN_COST, MAX_AGAIN = 0.08, 2
MAX_NEED_WORDS = 0.4
LEAST_FITNESS = 0.25
DIRECT_FITNESS = 0.6  # from here, a service offers the thing itself; under, it helps to find it
DESK_KM = 10.0  # how far one may be sent to a desk that only helps to find the thing
# People are followed in one place of these networks, near their home: a second one is no choice.
ONE_DOOR_NETWORKS = frozenset({"france-travail", "mission-locale", "ccas-cias"})
FAR = 1e9

LOCAL_KM, MAX_LOCAL = 0.01, 0.1
WIDE_BASE, WIDE_KM, MAX_WIDE = 0.2, 0.008, 0.4
NO_PLACE_COST = 0.35  # a whole département's desk, with no door to knock at
NEAR_BASE = 0.2
REMOTE_COST = 0.3

OLD_COST, VERY_OLD_COST, ANCIENT_COST, UNDATED_COST = 0.08, 0.12, 0.2, 0.05
UNREACHABLE_COST = 0.25
VERY_OLD_DAYS, ANCIENT_DAYS = 2 * OLD_DAYS, 3 * OLD_DAYS


@dataclass(frozen=True)
class Candidate:
    """A service under examination: its columns, where it stands, and its score by part."""

    row: Row[Any]
    situation: Situation
    score: Mapping[str, float]

    @property
    def rank(self) -> tuple[float, float, str]:
        """Sorts best first; the id makes equal merit always come in the same order."""
        distance = self.situation.distance_km
        return (-round(sum(self.score.values()), 4), distance or 0.0, self.row.id)


def search_services(session: Session, query: SearchQuery) -> list[Match]:
    """The services that best answer a need around a commune, best first, one by structure.

    A service whose `zone_eligibilite` leaves the commune out is never there. Where no place is
    within the radius, the nearest of the département come, then what works at a distance.
    """
    need = find_need(query.theme, query.detail)
    commune = session.get(Commune, query.code_insee)
    if need is None or commune is None:
        return []
    shown = _shown(session, query.exclude)
    best: list[Candidate] = []
    values = _parameters(need, commune, query.radius_km)
    for step in STEPS:
        rows = [row for statement in step for row in session.execute(statement, values)]
        found = _one_by_place(_rank(rows, need, commune, query), shown)
        best = list(islice(found, query.limit))
        if best:
            break
    return _load(session, best, need, commune)


def _shown(session: Session, ids: Collection[str]) -> set[object]:
    """What the records already shown make useless to show."""
    if not ids:
        return set()
    statement = (
        select(
            func.coalesce(Structure.doublon_de, Service.structure_id).label("structure_id"),
            Service.nom,
            Service.lieu_code_insee,
            func.coalesce(Service.adresse, Structure.adresse).label("adresse"),
            Structure.reseaux_porteurs,
        )
        .join(Service.structure)
        .where(Service.id.in_(ids))
    )
    return {key for row in session.execute(statement) for key in _places(row)}


def _places(row: Row[Any]) -> set[object]:
    """What must not appear twice: a structure, a service at one address, a network's only door."""
    places: set[object] = {row.structure_id}
    if row.adresse:
        places.add((row.nom, row.lieu_code_insee, simplify(row.adresse)))
    networks = ONE_DOOR_NETWORKS & set(row.reseaux_porteurs or ())
    return places | {(row.nom, network) for network in networks}


def _candidates(where: ColumnElement[bool]) -> Select[Any]:
    """The columns that ranking reads, for the services of some themes, the nearest first."""
    themes = select(ServiceThematique.service_id).where(
        ServiceThematique.thematique.in_(bindparam("themes", expanding=True))
    )
    north = (Service.lieu_latitude - bindparam("latitude", type_=Float)) * KM_PER_DEGREE
    east = (Service.lieu_longitude - bindparam("longitude", type_=Float)) * bindparam(
        "km_eastward", type_=Float
    )
    return (
        select(
            Service.id,
            func.coalesce(Structure.doublon_de, Service.structure_id).label("structure_id"),
            Service.nom,
            Service.nom_simple,
            Service.texte_simple,
            Service.thematiques,
            Service.publics,
            Service.mobilisable_par,
            Service.zone_eligibilite,
            Service.lieu_code_insee,
            Service.lieu_latitude,
            Service.lieu_longitude,
            Service.lieu_approche,
            Service.date_maj,
            Service.date_inconnue,
            func.coalesce(Service.telephone, Structure.telephone).label("telephone"),
            func.coalesce(Service.courriel, Structure.courriel).label("courriel"),
            func.coalesce(Service.adresse, Structure.adresse).label("adresse"),
            func.coalesce(Service.horaires_accueil, Structure.horaires_accueil).label("horaires"),
            Structure.reseaux_porteurs,
        )
        .join(Service.structure)
        .where(Service.id.in_(themes), Service.doublon_de.is_(None), where)
        .order_by(func.coalesce(north * north + east * east, FAR), Service.id)
        .limit(MAX_CANDIDATES)
    )


# Where to look; each step is taken only when those before found nothing to show.
STEPS: Sequence[Sequence[Select[Any]]] = (
    (_candidates(SERVING), _candidates(AROUND)),
    (_candidates(IN_DEPARTEMENT),),
    (_candidates(AT_DISTANCE),),
)


def _parameters(need: Need, commune: Commune, radius_km: float) -> dict[str, Any]:
    latitude = commune.latitude or 0.0
    return parameters(commune, min(radius_km, need.radius_km)) | {
        "themes": list(need.thematiques),
        "latitude": latitude,
        "longitude": commune.longitude or 0.0,
        "km_eastward": KM_PER_DEGREE * math.cos(math.radians(latitude)),
    }


def _rank(
    rows: Iterable[Row[Any]], need: Need, commune: Commune, query: SearchQuery
) -> list[Candidate]:
    said = set(stems(query.words)) - set(stems(commune.nom))
    ranked = []
    for row in rows:
        point = (row.lieu_latitude, row.lieu_longitude)
        situation = situate(
            commune, row.zone_eligibilite, row.lieu_code_insee, point, row.lieu_approche
        )
        fitness = _fitness(row, need, query.publics, said)
        if any(mentions(f"{row.nom_simple} {row.texte_simple}", stem) for stem in query.unwanted):
            continue
        if situation is None or not _is_worth_showing(fitness, situation):
            continue
        score = {
            "besoin": fitness,
            "lieu": -_place_cost(situation, need),
            "date": -_age_cost(row.date_maj, row.date_inconnue, query.today),
            "coordonnees": -_gaps_cost(row),
        }
        ranked.append(Candidate(row, situation, score))
    return _varied(sorted(ranked, key=lambda candidate: candidate.rank))


def _varied(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Lower the places out of town that only offer again what a better one offers."""
    before: Counter[str] = Counter()
    varied = []
    for candidate in ranked:
        again = min(MAX_AGAIN, before[candidate.row.nom])
        before[candidate.row.nom] += 1
        if again and candidate.situation.tier != IN_TOWN:
            score = {**candidate.score, "variete": -AGAIN_COST * again}
            candidate = replace(candidate, score=score)
        varied.append(candidate)
    return sorted(varied, key=lambda candidate: candidate.rank)


def _is_worth_showing(fitness: float, situation: Situation) -> bool:
    if fitness >= DIRECT_FITNESS or situation.tier in {IN_TOWN, LOCAL_ZONE}:
        return fitness >= LEAST_FITNESS
    return fitness >= LEAST_FITNESS and (situation.distance_km or 0.0) <= DESK_KM


def _fitness(row: Row[Any], need: Need, publics: Collection[str], said: Collection[str]) -> float:
    """How well a service answers the need for this person: about 1 for the very thing."""
    weights = sorted((need.thematiques.get(t, 0.0) for t in row.thematiques), reverse=True)
    fitness = weights[0] + SECOND_THEME * (weights[1] if len(weights) > 1 else 0.0)
    text = f"{row.nom_simple} {row.texte_simple}"
    told = sum(bonus for word, bonus in need.words.items() if mentions(text, word))
    fitness += min(MAX_NEED_WORDS, told)
    fitness += min(MAX_WORD_BONUS, WORD_BONUS * sum(mentions(text, stem) for stem in said))
    if need.networks and not need.networks & set(row.reseaux_porteurs or ()):
        fitness -= need.off_network
    if row.mobilisable_par == ["professionnels"]:
        fitness -= PROFESSIONALS_ONLY_COST
    return fitness + _public_bonus(set(row.publics or ()), need, publics)


def _public_bonus(served: set[str], need: Need, known: Collection[str]) -> float:
    """Less for what is reserved to others, more for what is meant for this person."""
    reserved = served & RESERVED_PUBLICS
    if reserved & set(known):
        return KNOWN_PUBLIC_BONUS
    if reserved and served == reserved and not reserved & need.welcome:
        return -RESERVED_COST
    return 0.0


def _place_cost(situation: Situation, need: Need) -> float:
    distance = situation.distance_km or 0.0
    if situation.tier == IN_TOWN:
        return 0.0
    if situation.tier == LOCAL_ZONE:
        return min(MAX_LOCAL, LOCAL_KM * distance)
    if situation.tier == NEAR:
        return NEAR_BASE + need.km_cost * distance
    if situation.tier == REMOTE:
        return REMOTE_COST
    if situation.distance_km is None:
        return NO_PLACE_COST
    return min(MAX_WIDE, WIDE_BASE + WIDE_KM * distance)


def _age_cost(day: date, unknown: bool, today: date) -> float:
    if unknown:
        return UNDATED_COST
    age = (today - day).days
    if age > ANCIENT_DAYS:
        return ANCIENT_COST
    if age > VERY_OLD_DAYS:
        return VERY_OLD_COST
    return OLD_COST if age > OLD_DAYS else 0.0


def _gaps_cost(row: Row[Any]) -> float:
    """What misses to go there: nothing at all is worse than the sum of its parts."""
    if not (row.telephone or row.courriel or row.adresse):
        return UNREACHABLE_COST
    gaps = (
        (0.03, not row.telephone),
        (0.05, not (row.telephone or row.courriel)),
        (0.02, not row.adresse),
        (0.005, not row.horaires),
    )
    return sum(cost for cost, missing in gaps if missing)


def _one_by_place(
    candidates: Iterable[Candidate], shown: Collection[object]
) -> Iterator[Candidate]:
    """The best service of each structure, and one of each kind of desk that only informs."""
    seen = set(shown)
    for candidate in candidates:
        keys = _places(candidate.row)
        if candidate.score["besoin"] < DIRECT_FITNESS:
            keys.add(candidate.row.nom)
        if not keys & seen:
            yield candidate
        seen |= keys


def _load(session: Session, best: Sequence[Candidate], need: Need, commune: Commune) -> list[Match]:
    services = load_services(session, [candidate.row.id for candidate in best])
    matches = []
    for candidate in best:
        service = services[candidate.row.id]
        direct = candidate.score["besoin"] >= DIRECT_FITNESS
        purpose = need.label if direct else "peut vous renseigner"
        reasons = [
            *place_reasons(candidate.situation, commune),
            purpose,
            *public_reasons(service.publics, service.frais),
        ]
        matches.append(
            Match(
                record=service,
                distance_km=candidate.situation.distance_km,
                couvre=candidate.situation.serves,
                approche=candidate.situation.approximate,
                raisons=tuple(reasons),
                score=candidate.score,
            )
        )
    return matches
