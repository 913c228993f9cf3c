"""Whole records, once a search has chosen which."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from actions.directory.database import one_of
from actions.directory.models import Service

# Built once: building and hashing a statement takes as long as running this one.
SERVICES = select(Service).options(joinedload(Service.structure)).where(one_of(Service.id, "ids"))


def load_services(session: Session, ids: Iterable[str]) -> dict[str, Service]:
    """The services of these ids, with their structures, by id."""
    return {service.id: service for service in session.scalars(SERVICES, {"ids": list(ids)})}
