"""What the present moment makes of a record: open or closed now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from actions import texts
from actions.directory import hours
from actions.directory.hours import Opening
from actions.directory.words import DAYS, date_in_words, hour_in_words, week_in_words

FRESH_DAYS = 183  # six months


def is_fresh(day: date | None, today: date) -> bool:
    """Whether a fact of this day (None when unknown) is under six months old."""
    return day is not None and (today - day).days <= FRESH_DAYS


def opening_fields(record: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The fields of `custom.results` that hours give at this moment (docs/architecture.md).

    Args:
        record: with `horaires` (OpenStreetMap's syntax), `horaires_texte`, `code_insee` and
            `date_maj`.
        now: the moment of the question, with its time zone.
    """
    expression, code = record["horaires"], record["code_insee"]
    if not expression:
        return {"horaires_lisibles": None, "ouverture": None}
    opening = hours.opening_at(expression, now, code)
    if opening is None:
        return {"horaires_lisibles": False, "horaires_texte": None, "ouverture": None}
    known = date.fromisoformat(record["date_maj"]) if record["date_maj"] else None
    return {
        "horaires_lisibles": True,
        "horaires_texte": record["horaires_texte"] or _week_text(expression, now, code),
        "ouverture": {
            "etat": opening.state,
            "jusqua": opening.until.isoformat() if opening.until else None,
            "prochaine": opening.next.isoformat() if opening.next else None,
            "ferie": opening.holiday,
            "commentaire": opening.comment or None,
            "texte": opening_in_words(opening, now, is_fresh(known, now.date())),
        },
    }


def opening_in_words(opening: Opening, now: datetime, fresh: bool) -> str:
    """« Ouvert maintenant, jusqu'à 17 h. », « Fermé maintenant. Ouvre demain à 9 h. »

    Hours that are not `fresh` are only repeated: « Selon ces horaires : … ».
    """
    comment = f" ({opening.comment})" if opening.comment else ""
    if opening.state == hours.UNKNOWN:
        said = texts.OPENING_UNSURE.format(comment=comment)
    elif opening.state == hours.CLOSED:
        said = _closed_in_words(opening, now)
    elif opening.until is None:
        said = texts.OPEN_ALWAYS.format(comment=comment)
    else:
        end = moment_in_words(opening.until, now).removeprefix("à ")
        template = texts.OPEN_UNTIL if fresh else texts.OPEN_UNTIL_BY_HOURS
        said = template.format(end=end, comment=comment)
    return said if fresh else texts.BY_THESE_HOURS.format(said=f"{said[0].lower()}{said[1:]}")


def _closed_in_words(opening: Opening, now: datetime) -> str:
    said = texts.CLOSED_NOW
    if opening.holiday and opening.holiday_stated:
        said = texts.CLOSED_FOR_HOLIDAY
    elif opening.holiday:
        said = texts.CLOSED_FOR_HOLIDAY_NO_DOUBT
    if opening.next is None:
        return said
    return f"{said} {texts.OPENS.format(when=moment_in_words(opening.next, now))}"


def moment_in_words(moment: datetime, now: datetime) -> str:
    """« à 17 h » today, « demain à 9 h », else « lundi 30 novembre 2026 à 9 h »."""
    at = f"à {hour_in_words(moment)}"
    days = (moment.date() - now.astimezone(moment.tzinfo).date()).days
    if days == 0 or (days == 1 and at == "à minuit"):
        return at
    if days == 1:
        return f"demain {at}"
    return f"{DAYS[moment.weekday()]} {date_in_words(moment.date())} {at}"


def _week_text(expression: str, now: datetime, code_insee: str | None) -> str:
    """« cette semaine, le lundi de 10 h à 12 h », for hours that change with the weeks."""
    week = hours.this_week(expression, now, code_insee)
    if week is None or not any(week):
        return texts.HOURS_NONE_THIS_WEEK
    return texts.HOURS_THIS_WEEK.format(week=week_in_words(week))
