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
    case,
    cast,
    delete,
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
KEPT = ("service_id", "code_insee", "latitude", "longitude", "defaut", "date_maj", "empreinte")


def within(code: Any) -> Any:
    """The place of what states no zone in this département, or this commune without position.

    Of a text, or of a column.
    """
    return "=" + code


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

    def index(degrees: Any, origin: int) -> ColumnElement[int]:
        found = (degrees + origin) * CELLS_PER_DEGREE  # above zero, where both mean the same
        return cast(found if connection.dialect.name == "sqlite" else func.floor(found), Integer)

    row, column = index(Service.lieu_latitude, 90), index(Service.lieu_longitude, 180)
    nowhere = or_(Service.lieu_latitude.is_(None), Commune.latitude.is_(None))
    # One pass over the services, which are wide; then only what is needed of each.
    known = (
        select(
            Service.id.label("service_id"),
            Service.lieu_code_insee.label("code_insee"),
            Service.lieu_latitude.label("latitude"),
            Service.lieu_longitude.label("longitude"),
            thousandths(today).label("defaut"),
            Service.date_maj,
            Service.empreinte,
            (literal(CELL) + cast(row * 10_000 + column, String)).label("cell"),
            case((Service.zone_eligibilite.is_(None), within(Service.lieu_departement))).label(
                "departement"
            ),
            case((nowhere, within(Service.lieu_code_insee))).label("town"),
            case((Service.a_distance, literal(AT_DISTANCE))).label("afar"),
        )
        .join(Structure, Structure.id == Service.structure_id)
        .outerjoin(Commune, Commune.code_insee == Service.lieu_code_insee)
        .where(Service.doublon_de.is_(None))
        .cte("known")
    )
    same = [known.c[name] for name in KEPT]
    places = union_all(
        *(
            select(*same, known.c[name].label("lieu")).where(known.c[name].is_not(None))
            for name in ("cell", "departement", "town", "afar")
        ),
        select(*same, ServiceZone.code).where(ServiceZone.service_id == known.c.service_id),
    ).subquery()
    rank = func.row_number().over(
        partition_by=(ServiceThematique.thematique, places.c.lieu),
        # The digest is chance that lasts: of equal records, no source is always the last.
        order_by=(
            places.c.defaut,
            places.c.date_maj.desc(),
            places.c.empreinte,
            places.c.service_id,
        ),
    )
    ranked = (
        select(ServiceThematique.thematique, rank.label("rang"), *places.c)
        .join(places, places.c.service_id == ServiceThematique.service_id)
        .subquery()
    )
    connection.execute(delete(ServiceLieu))
    names = [column.name for column in ServiceLieu.__table__.columns]
    kept = select(*(ranked.c[name] for name in names)).where(ranked.c.rang <= MOST_RANKED)
    connection.execute(insert(ServiceLieu).from_select(names, kept))
