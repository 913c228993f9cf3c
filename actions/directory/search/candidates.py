"""Which services a search looks at: a few columns of those in reach, then more of the best.

Rows of `service_lieux` are read by zone and by rings of cells around the town, until there are
enough. Each service gets the best score that it may have, as far as these rows tell; services are
then read whole in that order, a batch at a time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import batched
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from actions.directory import merit, reach
from actions.directory.database import one_of
from actions.directory.geography import KM_PER_DEGREE, zone_codes
from actions.directory.models import Commune, Service, ServiceLieu, Structure
from actions.directory.needs import Need
from actions.directory.search.situation import NEAR, REMOTE, Town, place_cost

BATCH = 40  # services read whole, and ranked, at once
ENOUGH = 100  # services near the town from which no wider ring is read
RINGS_KM = (6.0, 15.0)  # then the radius
# Rows read of each theme and place: fewer where a need has several themes, but so many at least.
ROWS, LEAST_ROWS = 60, 30


class Facts(NamedTuple):
    """What ranking reads of a service, duplicates and its structure taken into account.

    The last ones are read only when the person sets conditions. A tuple: hundreds are read for an
    answer, each field several times.
    """

    id: str
    structure_id: str
    nom: str
    nom_simple: str
    texte_simple: str
    thematiques: list[str] | None
    publics: list[str] | None
    mobilisable_par: list[str] | None
    zone_eligibilite: list[str] | None
    lieu_code_insee: str | None
    lieu_latitude: float | None
    lieu_longitude: float | None
    lieu_approche: bool
    a_distance: bool
    date_maj: date
    date_inconnue: bool
    doublon_de: str | None
    reseaux_porteurs: list[str] | None
    telephone: str | None
    courriel: str | None
    adresse: str | None
    horaires: str | None
    frais: str | None = None
    frais_precisions: str | None = None
    modes_accueil: list[str] | None = None
    conditions_acces: str | None = None
    publics_precisions: str | None = None
    accessibilite_lieu: str | None = None


# Statements are built once: it takes as long as running one.
WHOLE = (
    select(
        Service.id,
        func.coalesce(Structure.doublon_de, Service.structure_id),
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
        Service.a_distance,
        Service.date_maj,
        Service.date_inconnue,
        Service.doublon_de,
        Structure.reseaux_porteurs,
        merit.PHONE,
        merit.EMAIL,
        merit.ADDRESS,
        merit.HOURS,
    )
    .join(Service.structure)
    .where(one_of(Service.id, "ids"))
)
WHOLE_WITH_CONDITIONS = WHOLE.add_columns(
    Service.frais,
    Service.frais_precisions,
    Service.modes_accueil,
    Service.conditions_acces,
    Service.publics_precisions,
    Structure.accessibilite_lieu,
)
IN_REACH = select(
    ServiceLieu.service_id,
    ServiceLieu.thematique,
    ServiceLieu.lieu,
    ServiceLieu.rang,
    ServiceLieu.code_insee,
    ServiceLieu.latitude,
    ServiceLieu.longitude,
    ServiceLieu.defaut,
).where(
    one_of(ServiceLieu.thematique, "themes"),
    one_of(ServiceLieu.lieu, "places"),
    ServiceLieu.rang > bindparam("above"),
    ServiceLieu.rang <= bindparam("rank"),
)


Scores = Sequence[tuple[str, float]]  # ids, each with the best score it may have


def in_reach(
    session: Session, need: Need, commune: Commune, radius_km: float, remote: bool
) -> Scores:
    """What serves the commune or is within the radius, the most promising first.

    The radius is half the side of a square: the last ring goes to its corners.
    """
    reading = _Reading(session, need, commune)
    zones = [*zone_codes(commune), *([reach.AT_DISTANCE] if remote else [])]
    latitude, longitude = commune.latitude, commune.longitude
    if latitude is None or longitude is None:
        reading.read([*zones, reach.within(commune.code_insee)])
        return reading.best_first()
    corner_km, inner = radius_km * math.sqrt(2), 0.0
    for km in (*(km for km in RINGS_KM if km < corner_km), corner_km):
        reading.read([*zones, *reach.cells_around(latitude, longitude, inner, km)])
        if len(reading.near) >= ENOUGH:
            return reading.best_first()
        zones, inner = [], km
    reading.read_further()
    return reading.best_first()


def in_departement(session: Session, need: Need, commune: Commune) -> Scores:
    """What states no zone, in the commune's département."""
    return _all_of(session, need, commune, reach.within(commune.departement))


def at_distance(session: Session, need: Need, commune: Commune) -> Scores:
    """What is given by phone or on line."""
    return _all_of(session, need, commune, reach.AT_DISTANCE)


def _all_of(session: Session, need: Need, commune: Commune, place: str) -> Scores:
    reading = _Reading(session, need, commune)
    reading.read([place], rank=reach.MOST_RANKED)
    return reading.best_first()


def read_whole(
    session: Session, ids: Iterable[str], with_conditions: bool
) -> Iterator[list[Facts]]:
    """What ranking reads of these services, a batch at a time."""
    statement = WHOLE_WITH_CONDITIONS if with_conditions else WHOLE
    for batch in batched(ids, BATCH):
        rows = session.connection().execute(statement, {"ids": batch})
        yield [Facts(*row) for row in rows.all()]


class _Reading:
    """What is read of `service_lieux` for one search.

    Attributes:
        near: ids of the services read by the cells of a ring.
    """

    def __init__(self, session: Session, need: Need, commune: Commune) -> None:
        self._connection = session.connection()
        self._need, self._town = need, Town(commune)
        self._themes = list(need.thematiques)
        self._rows = max(LEAST_ROWS, ROWS // len(self._themes))
        self._scores: dict[str, float] = {}
        self._cut: set[str] = set()  # places that have more rows than were read
        self.near: set[str] = set()

    def read(self, places: Sequence[str], above: int = 0, rank: int = 0) -> None:
        """Take in what these places hold, of ranks after `above`."""
        rank = rank or self._rows
        town, weights, scores = self._town, self._need.thematiques, self._scores
        south, west = town.latitude, town.longitude
        eastward = KM_PER_DEGREE * math.cos(math.radians(south or 0.0))
        values = {"themes": self._themes, "places": places, "above": above, "rank": rank}
        tiers = {place: town.tier_of([place]) for place in town.zone}
        rows = self._connection.execute(IN_REACH, values).all()
        for id_, theme, place, at, code, latitude, longitude, lacks in rows:
            km = None
            if latitude is not None and south is not None and west is not None:
                km = math.hypot((latitude - south) * KM_PER_DEGREE, (longitude - west) * eastward)
            tier = tiers.get(place) or (REMOTE if km is None else NEAR)
            cost = 0.0 if code in town.own else place_cost(tier, km, self._need)
            score = weights[theme] - cost - lacks / 1000
            if score > scores.get(id_, -math.inf):
                scores[id_] = score
            if place[0] == reach.CELL:
                self.near.add(id_)
            if at == rank:
                self._cut.add(place)

    def read_further(self) -> None:
        """Take in what else the places around hold, where there are few of them."""
        around = [place for place in self._cut if place.startswith(reach.CELL)]
        if around:
            self.read(around, self._rows, reach.MOST_RANKED)

    def best_first(self) -> Scores:
        """The ids read, from the best possible score down."""
        return sorted(self._scores.items(), key=lambda found: (-found[1], found[0]))
