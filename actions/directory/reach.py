"""Under which places the services of a theme are found, so that a search reads only the nearest.

A place (`service_lieux.lieu`) is a code of `zone_eligibilite`; a cell of a grid; the département of
a service without zone (`=93`); `AT_DISTANCE`; or `=` and the code of a commune whose position is
unknown. A service without duplicates is under its cell and under each code of its zone.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)

from actions.directory.geography import KM_PER_DEGREE, degrees_around
from actions.directory.merit import thousandths
from actions.directory.models import (
    Commune,
    Service,
    ServiceLieu,
    ServiceThematique,
    ServiceZone,
    Structure,
)

CELLS_PER_DEGREE = 20  # a cell is 5.6 km high, and 3.7 km wide in the middle of France
MOST_RANKED = 200  # services kept under one theme and place: searches read fewer
CELL = "@"  # then a row of cells from the South pole, and a column from 180° West
AT_DISTANCE = "="


def within(code: str) -> str:
    """The place of what states no zone in this département, or this commune without position."""
    return f"={code}"


def cells_around(latitude: float, longitude: float, inner_km: float, km: float) -> list[str]:
    """The cells that a ring around this point touches, between two distances in kilometres."""
    height, width = degrees_around(latitude, km)
    eastward = KM_PER_DEGREE * math.cos(math.radians(latitude))
    columns = _strips(longitude, 180, width, eastward)
    return [
        _cell(row, column)
        for row, nearest, farthest in _strips(latitude, 90, height, KM_PER_DEGREE)
        for column, near, far in columns
        if math.hypot(nearest, near) <= km and math.hypot(farthest, far) > inner_km
    ]


def _strips(
    degrees: float, origin: int, around: float, km_per_degree: float
) -> list[tuple[int, float, float]]:
    """Rows (or columns) of cells: their number, how far their nearest and farthest sides are."""
    strips = []
    for index in range(_index(degrees - around, origin), _index(degrees + around, origin) + 1):
        before = (index / CELLS_PER_DEGREE - origin - degrees) * km_per_degree
        after = before + km_per_degree / CELLS_PER_DEGREE
        nearest = max(before, -after, 0.0)
        strips.append((index, nearest, max(-before, after)))
    return strips


def _index(degrees: float, origin: int) -> int:
    return math.floor((degrees + origin) * CELLS_PER_DEGREE)


def _cell(row: int, column: int) -> str:
    return f"{CELL}{row * 10_000 + column}"


def fill(connection: Connection, today: date) -> None:
    """Make all the rows again, from the services as they are; in the caller's transaction."""
    services, communes = Service.__table__, Commune.__table__

    def index(degrees: Any, origin: int) -> ColumnElement[int]:
        found = (degrees + origin) * CELLS_PER_DEGREE  # above zero, where both mean the same
        return cast(found if connection.dialect.name == "sqlite" else func.floor(found), Integer)

    row, column = index(Service.lieu_latitude, 90), index(Service.lieu_longitude, 180)
    cell = literal(CELL) + cast(row * 10_000 + column, String)
    without_zone = ~exists().where(ServiceZone.service_id == Service.id)
    places = union_all(
        select(ServiceZone.service_id.label("id"), ServiceZone.code.label("lieu")),
        select(Service.id, cell).where(Service.lieu_latitude.is_not(None)),
        select(Service.id, literal("=") + Service.lieu_departement).where(without_zone),
        select(Service.id, literal(AT_DISTANCE)).where(Service.a_distance),
        select(Service.id, literal("=") + Service.lieu_code_insee)
        .select_from(services.outerjoin(communes, Service.lieu_code_insee == Commune.code_insee))
        .where(or_(Service.lieu_latitude.is_(None), Commune.latitude.is_(None))),
    ).subquery()
    lacks = thousandths(today)
    rank = func.row_number().over(
        partition_by=(ServiceThematique.thematique, places.c.lieu),
        # The digest is chance that lasts: of equal records, no source is always the last.
        order_by=(lacks, Service.date_maj.desc(), Service.empreinte, Service.id),
    )
    ranked = (
        select(
            ServiceThematique.thematique,
            places.c.lieu,
            rank.label("rang"),
            Service.id.label("service_id"),
            Service.lieu_code_insee.label("code_insee"),
            Service.lieu_latitude.label("latitude"),
            Service.lieu_longitude.label("longitude"),
            lacks.label("defaut"),
        )
        .select_from(services)
        .join(Structure, Structure.id == Service.structure_id)
        .join(places, places.c.id == Service.id)
        .join(ServiceThematique, ServiceThematique.service_id == Service.id)
        .where(Service.doublon_de.is_(None), places.c.lieu.is_not(None))
        .subquery()
    )
    connection.execute(delete(ServiceLieu))
    kept = select(ranked).where(ranked.c.rang <= MOST_RANKED)
    in_order = kept.order_by(ranked.c.thematique, ranked.c.lieu, ranked.c.rang)
    connection.execute(insert(ServiceLieu).from_select(list(ranked.c.keys()), in_order))
