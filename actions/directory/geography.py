"""Distances, and which zones a commune belongs to."""

from __future__ import annotations

import math

from actions.directory.models import Commune

EARTH_KM = 6371.0
KM_PER_DEGREE = 111.2
WHOLE_COUNTRY = ("france", "99100")  # both codes of data·inclusion's `zone_eligibilite`


def departement_of(code_insee: str) -> str:
    """The département of a commune: `93010` is in `93`, `97411` in `974`, `2A004` in `2A`."""
    return code_insee[:3] if code_insee.startswith(("97", "98")) else code_insee[:2]


def local_codes(commune: Commune) -> frozenset[str]:
    """The codes of the commune itself, the one it is part of, and its EPCI."""
    return frozenset(filter(None, (commune.code_insee, commune.commune_mere, commune.siren_epci)))


def own_codes(commune: Commune) -> frozenset[str]:
    """The codes of what is in the commune: its own, and that of the one it is part of."""
    return frozenset(filter(None, (commune.code_insee, commune.commune_mere)))


def zone_codes(commune: Commune) -> frozenset[str]:
    """Every code of a `zone_eligibilite` that contains this commune."""
    return local_codes(commune) | {commune.departement, *WHOLE_COUNTRY}


def distance_km(
    latitude: float | None,
    longitude: float | None,
    other_latitude: float | None,
    other_longitude: float | None,
) -> float | None:
    """Great-circle distance in kilometres (haversine), None when a point is unknown."""
    if latitude is None or longitude is None or other_latitude is None or other_longitude is None:
        return None
    north, other_north = math.radians(latitude), math.radians(other_latitude)
    chord = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north)
        * math.cos(other_north)
        * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(chord))


def degrees_around(latitude: float, radius_km: float) -> tuple[float, float]:
    """Half-height and half-width, in degrees, of the box around a circle at this latitude."""
    height = radius_km / KM_PER_DEGREE
    return height, height / max(0.01, math.cos(math.radians(latitude)))
