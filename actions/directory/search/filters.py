"""Where those who accompany people are, in SQL; `parameters` gives the values for a commune."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from actions.directory.database import one_of
from actions.directory.geography import degrees_around, local_codes, zone_codes
from actions.directory.models import Commune, Service, ServiceLieu

NO_ZONE = Service.zone_eligibilite.is_(None)

# Services of some themes whose `zone_eligibilite` contains the commune.
SERVING: ColumnElement[bool] = Service.id.in_(
    select(ServiceLieu.service_id).where(
        one_of(ServiceLieu.thematique, "themes"),
        one_of(ServiceLieu.lieu, "zone_codes"),
    )
)
# Services that state no zone, in the commune or in a square around it.
AROUND: ColumnElement[bool] = and_(
    NO_ZONE,
    or_(
        one_of(Service.lieu_code_insee, "local_codes"),
        and_(
            Service.lieu_latitude.between(bindparam("south"), bindparam("north")),
            Service.lieu_longitude.between(bindparam("west"), bindparam("east")),
        ),
    ),
)
# Services that state no zone, in the département of the commune.
IN_DEPARTEMENT: ColumnElement[bool] = and_(
    NO_ZONE, Service.lieu_departement == bindparam("departement")
)


def parameters(commune: Commune, radius_km: float) -> dict[str, Any]:
    """What the conditions above look for, around this commune."""
    values: dict[str, Any] = {
        "zone_codes": sorted(zone_codes(commune)),
        "local_codes": sorted(local_codes(commune)),
        "departement": commune.departement,
    }
    latitude, longitude = commune.latitude, commune.longitude
    if latitude is None or longitude is None:
        return values | dict.fromkeys(("south", "north", "west", "east"))
    height, width = degrees_around(latitude, radius_km)
    return values | {
        "south": latitude - height,
        "north": latitude + height,
        "west": longitude - width,
        "east": longitude + width,
    }
