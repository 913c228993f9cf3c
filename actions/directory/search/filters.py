"""Conditions that searches share, in SQL."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from actions.directory.geography import degrees_around, local_codes, zone_codes
from actions.directory.models import Commune, Service, ServiceZone


def serving(commune: Commune) -> ColumnElement[bool]:
    """Services whose `zone_eligibilite` contains the commune."""
    codes = zone_codes(commune)
    return Service.id.in_(select(ServiceZone.service_id).where(ServiceZone.code.in_(codes)))


def around(commune: Commune, radius_km: float) -> ColumnElement[bool]:
    """Services that state no zone, in the commune or in a square around it."""
    near: ColumnElement[bool] = Service.lieu_code_insee.in_(local_codes(commune))
    if commune.latitude is not None and commune.longitude is not None:
        height, width = degrees_around(commune.latitude, radius_km)
        latitude, longitude = commune.latitude, commune.longitude
        square = and_(
            Service.lieu_latitude.between(latitude - height, latitude + height),
            Service.lieu_longitude.between(longitude - width, longitude + width),
        )
        near = or_(near, square)
    return and_(Service.zone_eligibilite.is_(None), near)


def in_departement(commune: Commune) -> ColumnElement[bool]:
    """Services that state no zone, in the département of the commune."""
    here = Service.lieu_departement == commune.departement
    return and_(Service.zone_eligibilite.is_(None), here)


def at_distance() -> ColumnElement[bool]:
    """Services that state no zone and are given by phone or on line."""
    return and_(Service.zone_eligibilite.is_(None), Service.a_distance.is_(True))
