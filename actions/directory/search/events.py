"""Events to come, and partners' offers that still hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from actions.directory.geography import departement_of
from actions.directory.models import Commune, Evenement, Offre
from actions.directory.schemas import DEFAULT_RADIUS_KM, Match
from actions.directory.search.situation import NEAR, Situation, plain_match, situate_record

KM_WORTH_A_DAY = 1.0  # an event ten kilometres nearer is worth ten more days of waiting


def search_events(
    session: Session,
    code_insee: str,
    today: date,
    limit: int,
    hidden: Callable[[Evenement], bool] = lambda event: False,
    later: Callable[[Evenement], bool] = lambda event: False,
) -> list[Match]:
    """Events to come within 30 km or in the département, the soonest and nearest first.

    An event without a full date or without a town is never there, nor one that is `hidden` (over
    since this morning); those said `later` (cancelled, full) come after the others.
    """
    commune = session.get(Commune, code_insee)
    if commune is None:
        return []
    midnight = datetime.combine(today, time.min)
    last = func.coalesce(Evenement.fin, Evenement.debut)
    events = session.scalars(
        select(Evenement).where(
            Evenement.debut.is_not(None), Evenement.code_insee.is_not(None), last >= midnight
        )
    )
    ranked = []
    for event in events:
        situation = _reachable(session, commune, event)
        if situation is None or event.debut is None or hidden(event):
            continue
        wait = max(0, (event.debut.date() - today).days)
        effort = wait + KM_WORTH_A_DAY * (situation.distance_km or 0.0)
        ranked.append((later(event), effort, event.id, event, situation))
    ranked.sort(key=lambda found: found[:3])
    return [plain_match(event, situation, commune) for *_, event, situation in ranked[:limit]]


def search_offers(
    session: Session, code_insee: str, today: date, kind: str | None, limit: int
) -> list[Match]:
    """Partners' offers that hold on this day for people of a commune, the nearest first.

    `kind` is a detail of the need `offre_partenaire` (`mobilite`…), or None for all.
    """
    commune = session.get(Commune, code_insee)
    if commune is None:
        return []
    valid = select(Offre).where(
        Offre.valable_au >= today, or_(Offre.valable_du.is_(None), Offre.valable_du <= today)
    )
    if kind:
        valid = valid.where(Offre.type == kind)
    ranked = []
    for offer in session.scalars(valid):
        situation = _reachable(session, commune, offer)
        if situation is not None:
            ranked.append((situation.distance_km or 0.0, offer.id, offer, situation))
    ranked.sort(key=lambda found: found[:2])
    return [plain_match(offer, situation, commune) for _, _, offer, situation in ranked[:limit]]


def _reachable(session: Session, commune: Commune, record: Evenement | Offre) -> Situation | None:
    """Where a record stands; None when it is too far or its zone leaves the commune out."""
    situation = situate_record(session, commune, record)
    if situation is None or situation.tier != NEAR:
        return situation
    own = departement_of(record.code_insee or "") == commune.departement
    return situation if own or (situation.distance_km or 0.0) <= DEFAULT_RADIUS_KM else None
