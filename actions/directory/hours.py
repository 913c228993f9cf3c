"""Opening hours in OpenStreetMap's syntax: open now until when, next opening, public holidays.

Syntax: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
Public holidays: those of metropolitan France, with two more in Alsace and Moselle (Code du
travail, articles L3133-1 and L3134-13).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State, validate

from actions.directory.geography import departement_of
from actions.directory.text import mentions, simplify
from actions.directory.words import Week, week_of

OPEN, CLOSED, UNKNOWN = "ouvert", "ferme", "inconnu"

PARIS = ZoneInfo("Europe/Paris")
OVERSEAS = {
    "971": ZoneInfo("America/Guadeloupe"),
    "972": ZoneInfo("America/Martinique"),
    "973": ZoneInfo("America/Cayenne"),
    "974": ZoneInfo("Indian/Reunion"),
    "976": ZoneInfo("Indian/Mayotte"),
}
# A bounded look: searching for the next change without end costs a second on « 2020 Mo-Fr … ».
LOOK_AHEAD = timedelta(days=21)
ALSACE_MOSELLE = ("57", "67", "68")
LOCAL_HOLIDAYS = ("easter -2 days", "Dec 26")

SAYS_HOURS = re.compile(r"\d{1,2}:\d\d|24/7|sunrise|sunset|dawn|dusk")
# School holidays differ by zone and year, and the library knows none of them.
SCHOOL_HOLIDAYS = re.compile(r"\bSH\b")
SAYS_HOLIDAYS = re.compile(r"\bPH\b|24/7")

# Words that keep hours for a public of data·inclusion: « Mo 09:00-12:00 "jeunes" ».
PUBLIC_WORDS = {
    "jeune": "jeunes",
    "etudiant": "etudiants",
    "senior": "seniors",
    "femme": "femmes",
    "famille": "familles",
    "rsa": "beneficiaires-des-minimas-sociaux",
}

Interval = tuple[datetime, datetime, State, str]


@dataclass(frozen=True)
class Opening:
    """What the hours of a place say of a moment. Times are those of the place.

    Attributes:
        state: `ouvert`, `ferme` or `inconnu` (the hours themselves say so).
        until: when it closes, if open; None when that is more than three weeks away.
        next: when it opens, if closed; None when that is more than three weeks away.
        holiday: the place is closed today because of a public holiday.
        holiday_stated: the hours say so; else it is what is usual in France.
        comment: what the hours add in words (« sur rendez-vous »), or nothing.
    """

    state: str
    until: datetime | None = None
    next: datetime | None = None
    holiday: bool = False
    holiday_stated: bool = False
    comment: str = ""


def is_readable(expression: str) -> bool:
    """Whether these hours can be computed: valid, with hours, and without school holidays."""
    return bool(
        SAYS_HOURS.search(expression)
        and not SCHOOL_HOLIDAYS.search(expression)
        and validate(expression)
    )


def local_time(now: datetime, code_insee: str | None) -> datetime:
    """The same moment on the clocks of this commune; of Paris when it is unknown."""
    return now.astimezone(OVERSEAS.get(departement_of(code_insee or ""), PARIS))


def opening_at(expression: str, now: datetime, code_insee: str | None = None) -> Opening | None:
    """Whether a place is open, until when, or when it opens; None where that cannot be read.

    Hours that say nothing of public holidays are taken as closed on them.

    Args:
        expression: `horaires_accueil`, in OpenStreetMap's syntax.
        now: the moment, with its time zone.
        code_insee: where the place is, for its time zone and its holidays.
    """
    if not is_readable(expression):
        return None
    here = local_time(now, code_insee)
    intervals = _intervals(_on_holidays_too(expression, code_insee), here, here + LOOK_AHEAD)
    _, end, state, comment = next(intervals)
    if state == State.OPEN:
        return Opening(OPEN, until=_end_of_opening(end, intervals, here), comment=comment)
    if state == State.UNKNOWN:
        return Opening(UNKNOWN, until=end, comment=comment)
    after = next((start for start, _, state, _ in intervals if state == State.OPEN), None)
    holiday = is_holiday(here.date(), code_insee) and (after is None or after.date() > here.date())
    stated = bool(SAYS_HOLIDAYS.search(expression))
    if holiday and not stated:  # a place that never opens on that day is not closed by the feast
        holiday = _opens_on(expression, here)
    return Opening(CLOSED, next=after, holiday=holiday, holiday_stated=stated and holiday)


def is_holiday(day: date, code_insee: str | None = None) -> bool:
    """Whether this day is a public holiday in this commune of France."""
    noon = datetime.combine(day, time(12))
    return _parsed("; ".join(_holidays(code_insee))).is_open(noon)


@lru_cache(maxsize=10_000)
def opens_on(
    expression: str, day: date, code_insee: str | None, publics: frozenset[str] = frozenset()
) -> bool | None:
    """Whether a place opens on this day for a person; None where that cannot be read.

    Args:
        publics: those the person is known to belong to; hours that their comment keeps for others
            (« jeunes ») do not count.
    """
    if not is_readable(expression):
        return None
    start = datetime.combine(day, time())
    found = _intervals(_on_holidays_too(expression, code_insee), start, start + timedelta(days=1))
    return any(state == State.OPEN and _is_for(comment, publics) for _, _, state, comment in found)


def _is_for(comment: str, publics: frozenset[str]) -> bool:
    """Whether hours with this comment are for a person of these publics."""
    said = simplify(comment)
    kept_for = {public for word, public in PUBLIC_WORDS.items() if mentions(said, word)}
    return not kept_for or not kept_for.isdisjoint(publics)


def this_week(expression: str, now: datetime, code_insee: str | None = None) -> Week | None:
    """When a place opens on each day from Monday of this week; None where that cannot be read."""
    if not is_readable(expression):
        return None
    today = local_time(now, code_insee).date()
    start = datetime.combine(today - timedelta(days=today.weekday()), time())
    found = _intervals(_on_holidays_too(expression, code_insee), start, start + timedelta(days=7))
    return week_of((opens, closes) for opens, closes, state, _ in found if state == State.OPEN)


def _end_of_opening(end: datetime, following: Iterator[Interval], now: datetime) -> datetime | None:
    """When it really closes: two spans that touch are one (their comments differ)."""
    for _, closes, state, _ in following:
        if state != State.OPEN:
            break
        end = closes
    return None if end >= now + LOOK_AHEAD else end


def _opens_on(expression: str, now: datetime) -> bool:
    """Whether these hours alone, holidays aside, open on the day of this moment."""
    morning = datetime.combine(now.date(), time())
    found = _intervals(expression, morning, morning + timedelta(days=1))
    return any(state == State.OPEN for _, _, state, _ in found)


def _holidays(code_insee: str | None) -> tuple[str, ...]:
    local = departement_of(code_insee or "") in ALSACE_MOSELLE
    return ("PH", *(LOCAL_HOLIDAYS if local else ()))


def _on_holidays_too(expression: str, code_insee: str | None) -> str:
    """The same hours, closed on public holidays unless they say what happens then."""
    if SAYS_HOLIDAYS.search(expression):
        return expression
    closed = (f"{holiday} off" for holiday in _holidays(code_insee))
    return "; ".join((expression.rstrip(" ;"), *closed))


def _intervals(expression: str, start: datetime, end: datetime) -> Iterator[Interval]:
    # Without time zone: hours are those of the clock on the wall, wherever the place is.
    zone = start.tzinfo
    found = _parsed(expression).intervals(start.replace(tzinfo=None), end.replace(tzinfo=None))
    for opens, closes, state, comment in found:
        yield opens.replace(tzinfo=zone), closes.replace(tzinfo=zone), state, comment


@lru_cache(maxsize=10_000)
def _parsed(expression: str) -> OpeningHours:
    return OpeningHours(expression, country="FR", auto_timezone=False)
