"""What the age of a record and the facts it lacks take off its score, in Python and in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal

from actions.directory.models import Service, Structure
from actions.directory.schemas import OLD_DAYS

# Over so many days, a record loses so much; the oldest first.
AGES: Sequence[tuple[int, float]] = ((3 * OLD_DAYS, 0.2), (2 * OLD_DAYS, 0.12), (OLD_DAYS, 0.08))
UNDATED_COST = 0.05
NO_PHONE, NO_CONTACT, NO_ADDRESS, NO_HOURS = 0.03, 0.05, 0.02, 0.005
UNREACHABLE_COST = 0.25  # nothing at all is worse than the sum of its parts

# A fact of the service, else of its structure.
PHONE = func.coalesce(Service.telephone, Structure.telephone)
EMAIL = func.coalesce(Service.courriel, Structure.courriel)
ADDRESS = func.coalesce(Service.adresse, Structure.adresse)
HOURS = func.coalesce(Service.horaires_accueil, Structure.horaires_accueil)


def age_cost(day: date, unknown: bool, today: date) -> float:
    """What the age of a record takes off."""
    if unknown:
        return UNDATED_COST
    age = (today - day).days
    return next((cost for days, cost in AGES if age > days), 0.0)


def gaps_cost(
    phone: str | None, email: str | None, address: str | None, hours: str | None
) -> float:
    """What misses to go there."""
    if not (phone or email or address):
        return UNREACHABLE_COST
    gaps = (
        (NO_PHONE, not phone),
        (NO_CONTACT, not (phone or email)),
        (NO_ADDRESS, not address),
        (NO_HOURS, not hours),
    )
    return sum(cost for cost, missing in gaps if missing)


def thousandths(today: date) -> ColumnElement[int]:
    """Both costs of a service joined to its structure, in SQL and in thousandths."""
    ages = [(Service.date_maj < today - timedelta(days), _whole(cost)) for days, cost in AGES]
    age = case((Service.date_inconnue, _whole(UNDATED_COST)), *ages, else_=literal(0))
    no_contact = and_(PHONE.is_(None), EMAIL.is_(None))
    unreachable = and_(no_contact, ADDRESS.is_(None))
    gaps: Any = literal(0)
    for cost, missing in (
        (NO_PHONE, PHONE.is_(None)),
        (NO_CONTACT, no_contact),
        (NO_ADDRESS, ADDRESS.is_(None)),
        (NO_HOURS, HOURS.is_(None)),
    ):
        gaps = gaps + case((missing, _whole(cost)), else_=literal(0))
    return age + case((unreachable, _whole(UNREACHABLE_COST)), else_=gaps)


def _whole(cost: float) -> ColumnElement[int]:
    return literal(round(1000 * cost))
