"""What leaves the follow-up: corrections in data·inclusion's terms, and counts of unmet needs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.directory.followup.models import Besoin, Signalement
from actions.directory.followup.reports import doubted
from actions.directory.models import Commune, Evenement, Offre, Service, Structure
from actions.directory.schemas import Record

QUEUED, DOUBTED = "a_verifier", "en_doute"
LEAST = 5  # a smaller count could point at someone in a small town
# The data·inclusion field that each reason puts in doubt; none for the whole record.
FIELDS = {"adresse": "adresse", "telephone": "telephone", "horaires": "horaires_accueil"}
CORRECTION_COLUMNS = (
    "id",
    "structure_id",
    "kind",
    "source",
    "nom",
    "commune",
    "code_insee",
    "motif",
    "champ",
    "valeur_actuelle",
    "date_maj",
    "lien_source",
    "signalements",
    "premier_signalement",
    "dernier_signalement",
    "etat",
)
UNMET_COLUMNS = (
    "code_insee",
    "commune",
    "departement",
    "besoin",
    "niveau",
    "nombre",
    "premier_mois",
    "dernier_mois",
)
KINDS = {Service: "service", Structure: "structure", Evenement: "evenement", Offre: "offre"}


def corrections(session: Session) -> list[dict[str, Any]]:
    """The reports that staff have not checked: a row by record and reason, most reported first.

    `etat` is `a_verifier` (one report on the place) or `en_doute` (two or more: it is trusted
    less). A record that is no longer in the directory has no name.
    """
    places = doubted(session)
    grouped = session.execute(
        select(
            Signalement.fiche_id,
            Signalement.lieu_id,
            Signalement.motif,
            func.count(),
            func.min(Signalement.jour),
            func.max(Signalement.jour),
        )
        .where(Signalement.traite_le.is_(None))
        .group_by(Signalement.fiche_id, Signalement.lieu_id, Signalement.motif)
        .order_by(func.count().desc(), Signalement.fiche_id, Signalement.motif)
    )
    return [
        _current(session, id_, reason)
        | {
            "signalements": count,
            "premier_signalement": first.isoformat(),
            "dernier_signalement": last.isoformat(),
            "etat": DOUBTED if place in places else QUEUED,
        }
        for id_, place, reason, count, first, last in grouped
    ]


def _current(session: Session, id_: str, reason: str) -> dict[str, Any]:
    """What the directory says today of a record, in the terms of data·inclusion."""
    row: dict[str, Any] = dict.fromkeys(CORRECTION_COLUMNS)
    row |= {"id": id_, "motif": reason, "champ": FIELDS.get(reason)}
    record: Any = next((found for model in KINDS if (found := session.get(model, id_))), None)
    if record is None:
        return row
    structure = record.structure if isinstance(record, Service) else None
    known = not getattr(record, "date_inconnue", False)
    day = getattr(record, "date_maj", None) if known else None
    return row | {
        "structure_id": structure.id if structure else None,
        "kind": KINDS[type(record)],
        "source": record.source,
        "nom": (structure or record).nom,
        "commune": record.commune or (structure and structure.commune),
        "code_insee": record.code_insee or (structure and structure.code_insee),
        "valeur_actuelle": _value(record, row["champ"]) or _value(structure, row["champ"]),
        "date_maj": day.isoformat() if day else None,
        "lien_source": getattr(record, "page_source", None) or getattr(record, "lien_source", None),
    }


def _value(record: Record | None, field: str | None) -> Any:
    return getattr(record, field, None) if field else None


def unmet(session: Session, least: int = LEAST) -> tuple[list[dict[str, Any]], int]:
    """Needs that nothing answers, by commune, over all months; and how many rows are suppressed.

    Args:
        least: smaller counts are left out; never under `LEAST`.
    """
    grouped = session.execute(
        select(
            Besoin.code_insee,
            Commune.nom,
            Commune.departement,
            Besoin.besoin,
            Besoin.niveau,
            func.sum(Besoin.nombre),
            func.min(Besoin.mois),
            func.max(Besoin.mois),
        )
        .outerjoin(Commune, Commune.code_insee == Besoin.code_insee)
        .group_by(Besoin.code_insee, Commune.nom, Commune.departement, Besoin.besoin, Besoin.niveau)
        .order_by(func.sum(Besoin.nombre).desc(), Besoin.code_insee, Besoin.besoin, Besoin.niveau)
    ).all()
    rows = [
        dict(
            zip(
                UNMET_COLUMNS,
                (*values, int(count), f"{first:%Y-%m}", f"{last:%Y-%m}"),
                strict=True,
            )
        )
        for *values, count, first, last in grouped
        if count >= max(least, LEAST)
    ]
    return rows, len(grouped) - len(rows)
