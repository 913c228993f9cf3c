"""What the present moment makes of a record: open now, how old, tomorrow, over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from actions import ics, texts
from actions.directory import hours
from actions.directory.hours import PARIS, Opening
from actions.directory.models import Evenement, Offre
from actions.directory.schemas import Match, Record
from actions.directory.text import simplify
from actions.directory.words import (
    DAYS,
    age_in_words,
    date_in_words,
    hour_in_words,
    week_in_words,
)

FRESH_DAYS = 183  # six months
CANCELLED, POSTPONED, FULL, OVER = "annule", "reporte", "complet", "termine"
# What an organiser writes in the name, the note or the way to register, where no field says it.
STATE_WORDS = {
    CANCELLED: re.compile(r"\bannulee?s?\b"),
    POSTPONED: re.compile(r"\breportee?s?\b"),
    FULL: re.compile(r"(?<!dossier )(?<!temps )(?<!cv )\bcomplet\b"),
}
SOON = {0: "aujourd'hui", 1: "demain", 2: "après-demain"}


def fields(match: Match, record: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What the moment of the question adds to, or changes in, a record of `custom.results`."""
    source = match.record
    if isinstance(source, Evenement):
        return opening_fields(record, now) | event_fields(source, record, now)
    if isinstance(source, Offre):
        return (
            opening_fields(record, now)
            | age_fields(source, record, now)
            | offer_fields(source, now)
        )
    return opening_fields(record, now) | age_fields(source, record, now)


def is_over(record: Record, now: datetime) -> bool:
    """Whether an offer does not hold on this day (any more, or yet)."""
    if not isinstance(record, Offre):
        return False
    today = now.date()
    return record.valable_au < today or (record.valable_du or today) > today


def age_fields(source: Record, record: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """How old the fact is, in words; None when its date is unknown."""
    if not record["date_maj"]:
        return {"age_texte": None}
    day = date.fromisoformat(record["date_maj"])
    precision = getattr(source, "date_precision", "jour")
    return {"age_texte": age_in_words(day, precision, now.date())}


def offer_fields(offer: Offre, now: datetime) -> dict[str, Any]:
    """Until when an offer holds, in words."""
    if offer.valable_au == now.date():
        return {"valable_texte": texts.OFFER_LAST_DAY}
    return {"valable_texte": texts.OFFER_UNTIL.format(day=date_in_words(offer.valable_au))}


def event_fields(event: Evenement, record: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Whether an event is cancelled, full or over; how soon it is; its `.ics` file."""
    here = now.astimezone(PARIS).replace(tzinfo=None)
    state = event_state(event, here)
    useful = state not in (CANCELLED, POSTPONED, OVER)
    return {
        "statut": state,
        "quand_relatif": _soon(event.debut, event.fin, here) if useful and event.debut else None,
        "ics": ics.calendar(record, now) if useful else None,
    }


def event_state(event: Evenement, now: datetime) -> str | None:
    """`annule`, `reporte`, `complet`, `termine`, or None when nothing says so.

    Args:
        now: on the clocks of Paris, as the dates of events.
    """
    if event.debut and end_of(event.debut, event.fin) <= now:
        return OVER
    stated = getattr(event, "statut", None)
    if stated:
        return str(stated)
    said = simplify(" . ".join(filter(None, (event.nom, event.note, event.inscription))))
    return next((state for state, words in STATE_WORDS.items() if words.search(said)), None)


def end_of(start: datetime, end: datetime | None) -> datetime:
    """When an event is over: at its end, else at the end of its last day known."""
    last = end or start
    if end and last.time() != time():
        return last
    return datetime.combine(last.date(), time.max)


def _soon(start: datetime, end: datetime | None, now: datetime) -> str | None:
    """« demain à 9 h », « en ce moment, jusqu'à 12 h 30 »; None after the day after tomorrow."""
    timed = start.time() != time()
    days = (start.date() - now.date()).days
    if days < 0 or (timed and start <= now):
        ends_today = end is not None and end.date() == now.date() and end.time() != time()
        if end and ends_today:
            return texts.EVENT_NOW_UNTIL.format(hour=hour_in_words(end))
        return texts.EVENT_NOW
    day = SOON.get(days)
    return f"{day} à {hour_in_words(start)}" if day and timed else day


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
        written = record["horaires_texte"] or texts.HOURS_AS_WRITTEN.format(hours=expression)
        return {"horaires_lisibles": False, "horaires_texte": written, "ouverture": None}
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
