"""The risk of a wasted trip: an estimate from what is known of a place, and what to advise.

The weights are a convention, written here to be read and changed; they were not measured. Each is
the chance that the trip is wasted for that reason alone; they combine as independent chances.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import prod
from typing import Any

from actions import texts
from actions.directory.models import Evenement, Offre, Service
from actions.directory.schemas import Record
from actions.directory.text import simplify
from actions.moments import FRESH_DAYS

WALK_IN, APPOINTMENT, REFERRED = "sans_rendez_vous", "rendez_vous", "orientation"
LOW, MEDIUM, HIGH = "faible", "moyen", "fort"
MEDIUM_FROM, HIGH_FROM = 0.25, 0.5

# Age of the fact in days, up to: its weight. Older than all: the last weight.
AGE_WEIGHTS = ((FRESH_DAYS, 0.05), (550, 0.15), (3 * 365, 0.3), (6 * 365, 0.45))
ANCIENT_WEIGHT, UNDATED_WEIGHT = 0.55, 0.4
WEIGHTS = {
    "horaires_inconnus": 0.25,
    "horaires_illisibles": 0.15,
    "sans_contact": 0.15,
    "sans_telephone": 0.05,
    "rendez_vous": 0.2,
    "orientation": 0.3,
    "accueil_inconnu": 0.05,
    "signale": 0.4,
}
KM_WEIGHT, MAX_DISTANCE_WEIGHT, FAR_KM = 0.005, 0.15, 10.0

NEEDS_APPOINTMENT = re.compile(r"(?<!sans )\b(?:rendez vous|rdv)\b")
NEEDS_REFERRAL = re.compile(r"\borient(?:ation|ee?s?) par\b|\bpasse par\b")


@dataclass(frozen=True)
class Risk:
    """The chance of a wasted trip, from 0 to 1, its level in words, and short French reasons."""

    estimate: float
    level: str
    reasons: tuple[str, ...]


def welcome(record: Record) -> str | None:
    """How one is received: `sans_rendez_vous`, `rendez_vous`, `orientation`; None when unknown.

    From `modes_mobilisation` and `mobilisable_par`, unless the words of the record say otherwise.
    """
    if not isinstance(record, Service):
        return None
    said = simplify(
        " . ".join(
            filter(
                None,
                (
                    record.description,
                    record.mobilisation_precisions,
                    record.conditions_acces,
                    record.horaires_accueil or record.structure.horaires_accueil,
                ),
            )
        )
    )
    if (record.mobilisable_par and "usagers" not in record.mobilisable_par) or (
        NEEDS_REFERRAL.search(said)
    ):
        return REFERRED
    if NEEDS_APPOINTMENT.search(said):
        return APPOINTMENT
    modes = record.modes_mobilisation or ()
    if "se-presenter" in modes:
        return WALK_IN
    return APPOINTMENT if modes else None


def assess(record: Mapping[str, Any], today: date) -> Risk:
    """The risk of going to a place of `custom.results` without asking first.

    Args:
        record: with `accueil` (see `welcome`), `horaires_lisibles`, and `signale` if people
            reported it.
        today: the day of the question.
    """
    weights = {
        **_age_weight(record, today),
        **{name: WEIGHTS[name] for name in _doubts(record)},
        **_distance_weight(record),
    }
    estimate = 1 - prod(1 - weight for weight in weights.values())
    level = HIGH if estimate >= HIGH_FROM else MEDIUM if estimate >= MEDIUM_FROM else LOW
    reasons = (texts.RISK_REASONS[name] for name in weights if name in texts.RISK_REASONS)
    return Risk(round(estimate, 2), level, tuple(reasons))


def go_ahead(record: Mapping[str, Any], source: Record, today: date) -> str | None:
    """« Vous pouvez y aller… », for a walk-in place, hours known, a sure fact under six months old.

    None in every other case: nothing else is worth a trip without asking first.
    """
    opening = record["ouverture"]
    sure = _is_surely_fresh(source, today) and not record.get("signale")
    if not sure or record["accueil"] != WALK_IN or not opening or opening["etat"] == "inconnu":
        return None
    if opening["etat"] == "ouvert":
        return texts.GO_NOW
    return texts.GO_LATER


def _is_surely_fresh(source: Record, today: date) -> bool:
    """Whether the fact is under six months old, even if its day is only known by month or year."""
    if isinstance(source, Evenement | Offre) or source.date_inconnue:
        return False
    day = source.date_maj
    if source.date_precision == "annee":
        day = day.replace(month=1, day=1)
    elif source.date_precision == "mois":
        day = day.replace(day=1)
    return 0 <= (today - day).days <= FRESH_DAYS


def _age_weight(record: Mapping[str, Any], today: date) -> dict[str, float]:
    if not record["date_maj"]:
        return {"date_inconnue": UNDATED_WEIGHT}
    days = (today - date.fromisoformat(record["date_maj"])).days
    weight = next((weight for limit, weight in AGE_WEIGHTS if days <= limit), ANCIENT_WEIGHT)
    return {"ancienne" if days > FRESH_DAYS else "recente": weight}


def _doubts(record: Mapping[str, Any]) -> list[str]:
    doubts = {
        "horaires_inconnus": not record["horaires"],
        "horaires_illisibles": record["horaires_lisibles"] is False,
        "sans_contact": not record["telephone"] and not record["courriel"],
        "sans_telephone": not record["telephone"] and bool(record["courriel"]),
        "rendez_vous": record["accueil"] == APPOINTMENT,
        "orientation": record["accueil"] == REFERRED,
        "accueil_inconnu": record["accueil"] is None,
        "signale": bool(record.get("signale")),
    }
    return [name for name, holds in doubts.items() if holds]


def _distance_weight(record: Mapping[str, Any]) -> dict[str, float]:
    km = record["distance_km"] or 0.0
    name = "loin" if km > FAR_KM else "pres"
    return {name: min(MAX_DISTANCE_WEIGHT, KM_WEIGHT * km)}
