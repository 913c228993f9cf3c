"""Tables of what people tell us. No foreign key: an import may remove what was reported."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from actions.directory.models import Base

NOTHING, INDIRECT = "rien", "indirect"


class Signalement(Base):
    """One person said, on that day, that a record is wrong.

    `lieu_id` is the structure of a service, else the record itself: a closed place is closed for
    all its services. `motif` is a key of `texts.REPORT_REASONS`. `traite_le` is the day when staff
    checked.
    """

    __tablename__ = "signalements"

    id: Mapped[int] = mapped_column(primary_key=True)
    fiche_id: Mapped[str]
    lieu_id: Mapped[str] = mapped_column(index=True)
    motif: Mapped[str]
    jour: Mapped[date]
    traite_le: Mapped[date | None]


class Besoin(Base):
    """How many conversations of a month had a need that nothing answers in a commune.

    `niveau` is `rien` (no place at all), or `indirect` (only places that can inform).
    """

    __tablename__ = "besoins_sans_reponse"

    code_insee: Mapped[str] = mapped_column(primary_key=True)
    besoin: Mapped[str] = mapped_column(primary_key=True)
    niveau: Mapped[str] = mapped_column(primary_key=True)
    mois: Mapped[date] = mapped_column(primary_key=True)
    nombre: Mapped[int]
