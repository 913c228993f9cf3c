"""Services for a need around a commune: fitness first, then place, then freshness, then facts."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.directory.geography import degrees_around, distance_km
from actions.directory.models import Commune
from actions.directory.needs import Need, find_need
from actions.directory.schemas import Conditions, Match, SearchQuery
from actions.directory.search import candidates
from actions.directory.search.conditions import Verdict, verdicts
from actions.directory.search.loading import load_services
from actions.directory.search.ranking import (
    Candidate,
    Judge,
    Refusal,
    in_order,
    most_added,
    one_by_place,
    places_of,
)
from actions.directory.search.situation import place_reasons, public_reasons

NEAREST_KM = 30.0
# Services read whole, where enough of them can be shown. Only the text of a place says which
# trades it teaches or employs: more are read then.
MOST_READ, MOST_READ_FOR_A_TRADE = 80, 160


@dataclass
class Area:
    """One of the three areas where a search looks.

    Attributes:
        judge: what it thinks of a service there.
        reachable: ids of what it may read, the most promising first, with their best scores.
        candidates: of those it has read, what can be shown.
        left_out: of those it has read, what cannot, and why.
    """

    judge: Judge
    reachable: candidates.Scores
    candidates: list[Candidate] = field(default_factory=list)
    left_out: list[Refusal] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many services were read whole."""
        return len(self.candidates) + len(self.left_out)


def search_services(session: Session, query: SearchQuery) -> list[Match]:
    """The services that best answer a need around a commune, best first, one by structure.

    A service whose `zone_eligibilite` leaves the commune out is never there. Where no place is
    within the radius, the nearest of the département come, then what works at a distance.
    """
    need = find_need(query.theme, query.detail)
    commune = commune_of(session, query)
    if need is None or commune is None:
        return []
    shown = shown_before(session, query.exclude)
    best: list[Candidate] = []
    for area in areas(session, need, commune, query):
        best = look_into(area, session, need, query, shown)
        if best:
            break
    return _load(session, best, need, commune)


def commune_of(session: Session, query: SearchQuery) -> Commune | None:
    """The commune wanted, as if its middle were where the person is, if that is known."""
    commune = session.get(Commune, query.code_insee)
    if commune is None or query.position is None:
        return commune
    known = {column.name: getattr(commune, column.name) for column in Commune.__table__.columns}
    latitude, longitude = query.position
    here = {"latitude": latitude, "longitude": longitude, "coordonnees_estimees": False}
    return Commune(**known | here)  # of no session: nothing is written


def commune_at(session: Session, latitude: float, longitude: float) -> Commune | None:
    """The commune whose middle is the nearest to a point, if one is within 30 km."""
    height, width = degrees_around(latitude, NEAREST_KM)
    around = select(Commune).where(
        Commune.latitude.between(latitude - height, latitude + height),
        Commune.longitude.between(longitude - width, longitude + width),
    )
    return min(
        session.scalars(around),
        key=lambda c: distance_km(latitude, longitude, c.latitude, c.longitude) or 0.0,
        default=None,
    )


def areas(session: Session, need: Need, commune: Commune, query: SearchQuery) -> Iterator[Area]:
    """Where to look: what serves the commune or is near, then its département, then far away."""
    radius_km = min(query.radius_km, need.radius_km)
    remote = query.conditions.remote
    near = candidates.in_reach(session, need, commune, radius_km, remote)
    yield Area(Judge(need, commune, query, radius_km), near)
    anywhere = Judge(need, commune, query, math.inf)
    yield Area(anywhere, candidates.in_departement(session, need, commune))
    yield Area(anywhere, candidates.at_distance(session, need, commune))


def look_into(
    area: Area, session: Session, need: Need, query: SearchQuery, shown: Mapping[object, str]
) -> list[Candidate]:
    """The best services of an area, one by place.

    They are read by batches, until those left can no longer be better than those found, or until
    enough were read.
    """
    most = most_added(need, query)
    most_read = MOST_READ_FOR_A_TRADE if area.judge.seeks_a_trade else MOST_READ
    best: list[Candidate] = []
    ids = [id_ for id_, _ in area.reachable]
    for rows in candidates.read_whole(session, ids, bool(query.conditions)):
        for row in rows:
            judged = area.judge.judge(row)
            if isinstance(judged, Candidate):
                area.candidates.append(judged)
            else:
                area.left_out.append(judged)
        ordered = one_by_place(in_order(area.candidates, query), shown)
        best = list(islice((found for found, instead in ordered if not instead), query.limit))
        if len(best) < query.limit:
            continue
        left = area.reachable[area.read : area.read + 1]
        if area.read >= most_read or not left or best[-1].total >= left[0][1] + most:
            break
    return best


def shown_before(session: Session, ids: Collection[str]) -> dict[object, str]:
    """The places of the records already shown, which make others useless to show."""
    rows = [row for rows in candidates.read_whole(session, ids, False) for row in rows]
    return {place: row.id for row in rows for place in places_of(row)}


def _load(session: Session, best: Sequence[Candidate], need: Need, commune: Commune) -> list[Match]:
    services = load_services(session, [candidate.row.id for candidate in best])
    matches = []
    for candidate in best:
        service = services[candidate.row.id]
        public = public_reasons(service.publics, service.frais)
        reasons = dict.fromkeys([*reasons_of(candidate, need, commune), *public])
        matches.append(
            Match(
                record=service,
                distance_km=candidate.situation.distance_km,
                couvre=candidate.situation.serves,
                approche=candidate.situation.approximate,
                raisons=tuple(reasons),
                a_verifier=tuple(v.phrase for v in candidate.verdicts if v.holds is None),
                score=candidate.score,
            )
        )
    return matches


def reasons_of(candidate: Candidate, need: Need, commune: Commune) -> list[str]:
    """Where a place is, what it does, and what it says of what the person asks for."""
    return [
        *place_reasons(candidate.situation, commune),
        need.label if candidate.is_direct else "peut vous renseigner",
        *(verdict.phrase for verdict in candidate.verdicts),
    ]


def verdicts_of(
    session: Session, ids: Collection[str], conditions: Conditions, publics: Collection[str]
) -> dict[str, list[Verdict]]:
    """By id, what these services say of the conditions."""
    if not conditions:
        return {}
    rows = [row for rows in candidates.read_whole(session, ids, True) for row in rows]
    return {row.id: list(verdicts(row, conditions, publics)) for row in rows}
