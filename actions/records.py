"""From matches of the directory to the records of `custom.results`, with advice before a trip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from actions import moments, presentation, risk, texts
from actions.conversation import Turn
from actions.directory import followup, search
from actions.directory.models import Commune
from actions.directory.search import Match

REACHED_BY = ("telephone", "courriel", "rendez_vous")
HELPERS = {"moins_26": "mission_locale", "handicap": "cap_emploi"}  # by fact of the person
HUMAN_ROLES = ("service_social", "ccas", "france_services", "france_travail")


def tell(
    matches: Iterable[Match],
    turn: Turn,
    session: Session,
    doubted: frozenset[str] | None = None,
) -> list[dict[str, Any]]:
    """Turn matches into records, each with its `avertissements`, without offers that are over.

    `doubted` are the places in doubt (`followup.doubted`), where the caller knows them already.
    """
    valid = [match for match in matches if not moments.is_over(match.record, turn.now)]
    records = [search.record_view(match, turn.today) for match in valid]
    if doubted is None:
        doubted = followup.doubted(session)
    for match, record in zip(valid, records, strict=True):
        record.update(moments.fields(match, record, turn.now))
        record["accueil"] = risk.welcome(match.record)
        record["signale"] = followup.place_of(match.record) in doubted
        if record.get("role"):  # what the body does for people, whatever service it lists
            record["pourquoi"] = _reason(record["role"], turn)
    unreachable = any(not r["telephone"] and not r["courriel"] for r in records)
    desk = nearest_desk(turn, session) if unreachable else None
    for match, record in zip(valid, records, strict=True):
        record["avertissements"] = presentation.warnings(record, turn.today, desk)
        record.update(_trip(record, match, turn))
    return records


def _trip(record: Mapping[str, Any], match: Match, turn: Turn) -> dict[str, Any]:
    """What to think of going there: an estimate for a place, and the one thing to do first."""
    if record["kind"] not in ("service", "structure"):
        return {"risque": None, "conseil": None, "peut_y_aller": False}
    assessed = risk.assess(record, turn.today)
    go = risk.go_ahead(record, match.record, turn.today)
    return {
        "risque": {
            "niveau": assessed.level,
            "estimation": assessed.estimate,
            "raisons": list(assessed.reasons),
        },
        "conseil": go or (record["avertissements"] or [None])[-1],
        "peut_y_aller": go is not None,
    }


def _reason(role: str, turn: Turn) -> str:
    if role == "ali" and turn.fact("rsa") != "oui":
        role = "ali_si_rsa"
    elif role == "mission_locale" and turn.fact("moins_26") != "oui":
        role = "mission_locale_si_jeune"
    elif role == "france_travail" and (turn.theme != "agence" or turn.fact("rsa") == "non"):
        role = "france_travail_autre"
    return texts.ROLE_REASONS[role]


def nearest_followers(found: list[Match]) -> list[Match]:
    """Without the whole département, where an agency follows people on RSA."""
    if not any(match.role == "ali" for match in found):
        return found
    return [match for match in found if match.role != "departement"]


def people(
    turn: Turn, session: Session, commune: Commune, roles: Sequence[str], limit: int
) -> list[dict[str, Any]]:
    """The first `limit` records of these roles around a commune, reachable ones first."""
    found = search.find_contacts(session, commune.code_insee, turn.today, roles)
    records = tell(nearest_followers(found), turn, session)
    # Of the RSA, an agency without a phone knows more than others who answer theirs.
    ways = (*REACHED_BY, "adresse") if turn.theme == "info_rsa" else REACHED_BY
    records.sort(key=lambda r: (r["signale"], not any(r.get(way) for way in ways)))
    return records[:limit]


def nearest_desk(turn: Turn, session: Session) -> dict[str, Any] | None:
    """The nearest social service, CCAS or France services with a phone, to check a fact."""
    if not turn.code_insee:
        return None
    found = search.nearest_with_phone(session, turn.code_insee, turn.today, HUMAN_ROLES)
    return search.record_view(found, turn.today) if found else None
