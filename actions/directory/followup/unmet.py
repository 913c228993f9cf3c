"""Needs that nothing answers, counted by commune, need and month."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from actions.directory.followup.models import Besoin


def count(session: Session, code_insee: str, need: str, level: str, day: date) -> None:
    """Add one conversation; the caller answers for counting it once, and for the transaction.

    Args:
        need: `garde_enfants`…
        level: `NOTHING` (no place at all) or `INDIRECT` (only places that can inform).
        day: of the question; only its month is kept.
    """
    key = {
        "code_insee": code_insee,
        "besoin": need,
        "niveau": level,
        "mois": day.replace(day=1),
    }
    more = update(Besoin).filter_by(**key).values(nombre=Besoin.nombre + 1)
    if not session.execute(more.returning(Besoin.nombre)).first():
        session.add(Besoin(**key, nombre=1))
