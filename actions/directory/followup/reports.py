"""Reports on records: writing one, which places are in doubt, and what staff confirm."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from actions.directory.followup.models import Signalement
from actions.directory.models import Service
from actions.directory.schemas import Record

DOUBT_FROM = 2  # independent reports from which a place is trusted less

# Built once: every answer asks for it.
DOUBTED = (
    select(Signalement.lieu_id)
    .where(Signalement.traite_le.is_(None))
    .group_by(Signalement.lieu_id)
    .having(func.count() >= DOUBT_FROM)
)


def place_of(record: Record) -> str:
    """The id that reports on this record count for: its structure's, else its own."""
    return record.structure_id if isinstance(record, Service) else record.id


def report(session: Session, record_id: str, place_id: str, reason: str, day: date) -> None:
    """Queue a report; the caller answers for its independence, and for the transaction."""
    session.add(Signalement(fiche_id=record_id, lieu_id=place_id, motif=reason, jour=day))


def doubted(session: Session) -> frozenset[str]:
    """The places (see `place_of`) that two independent reports or more say wrong."""
    return frozenset(session.scalars(DOUBTED))


def confirm(session: Session, id_: str, day: date) -> int:
    """Staff checked this record or place: its reports are closed; return how many there were."""
    of_id = or_(Signalement.fiche_id == id_, Signalement.lieu_id == id_)
    pending = list(
        session.scalars(select(Signalement.id).where(of_id, Signalement.traite_le.is_(None)))
    )
    session.execute(update(Signalement).where(Signalement.id.in_(pending)).values(traite_le=day))
    return len(pending)
