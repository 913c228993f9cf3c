"""Facts of the directory in plain French: dates, phone numbers, opening hours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from opening_hours import OpeningHours, State, validate

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
A_MONDAY = date(2024, 1, 8)  # of a week without public holiday in France
# Days, hours and « off » only: anything else (months, holidays, comments) says more than a week.
WEEKLY_HOURS = re.compile(r"^(?:Mo|Tu|We|Th|Fr|Sa|Su|off|PH off|24/7|[\d:,;\s+-])+$")
CLOSED_IN_SCHOOL_HOLIDAYS = re.compile(r"\s*;\s*SH (?:off|closed)\s*;?\s*$")

Span = tuple[datetime, datetime]
Week = list[list[Span]]  # from Monday to Sunday


def date_in_words(day: date, precision: str = "jour") -> str:
    """« 1er août 2024 », « août 2024 » or « 2024 », by what is known of the date."""
    if precision == "annee":
        return str(day.year)
    month = f"{MONTHS[day.month - 1]} {day.year}"
    if precision == "mois":
        return month
    return f"{'1er' if day.day == 1 else day.day} {month}"


def of_date(day: date, precision: str = "jour") -> str:
    """The date with its preposition: « du 1er août 2024 », « d'août 2024 », « de 2024 »."""
    words = date_in_words(day, precision)
    if precision == "jour":
        return f"du {words}"
    return f"d'{words}" if words[0] in "ao" else f"de {words}"


def age_in_words(day: date, precision: str, today: date) -> str | None:
    """« aujourd'hui », « il y a 3 semaines », « il y a 2 ans »; None for a date to come.

    A date known by its month or year is not told in smaller units.
    """
    days = (today - day).days
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    if precision == "annee":
        return _ago(today.year - day.year, "an", "ans", "cette année")
    if precision == "mois":
        months = (today.year - day.year) * 12 + today.month - day.month
    if months >= 24:
        return f"il y a {months // 12} ans"
    if precision == "mois":
        return _ago(months, "mois", "mois", "ce mois-ci")
    if days >= 61:
        return f"il y a {months} mois"
    if days >= 14:
        return f"il y a {days // 7} semaines"
    return "hier" if days == 1 else _ago(days, "jour", "jours", "aujourd'hui")


def _ago(count: int, one: str, many: str, now: str) -> str | None:
    if count < 0:
        return None
    return f"il y a {count} {one if count == 1 else many}" if count else now


def phone_in_words(number: str) -> str:
    """« 01 48 95 00 00 » for a French number in E.164 form; other numbers unchanged."""
    if not re.fullmatch(r"\+33\d{9}", number):
        return number
    digits = f"0{number[3:]}"
    return " ".join(digits[start : start + 2] for start in range(0, 10, 2))


def moment_in_words(start: datetime, end: datetime | None) -> str:
    """« mardi 21 mars 2023 de 9 h 30 à 16 h 30 »; midnight means that the hour is unknown."""
    day = f"{DAYS[start.weekday()]} {date_in_words(start.date())}"
    if end and end.date() != start.date():
        return f"du {day} au {DAYS[end.weekday()]} {date_in_words(end.date())}"
    if not _has_hour(start):
        return day
    if end and _has_hour(end):
        return f"{day} {_span((start, end))}"
    return f"{day} à {hour_in_words(start)}"


def hours_in_words(expression: str) -> str | None:
    """Opening hours (OpenStreetMap syntax) as a plain French week; None where that loses facts."""
    if expression.strip() == "24/7":
        return "ouvert jour et nuit, tous les jours"
    all_year = CLOSED_IN_SCHOOL_HOLIDAYS.sub("", expression)
    week = typical_week(all_year)
    if not week or not any(week):
        return None
    # Nobody here knows the dates of school holidays: the exception is told, not computed.
    except_then = "" if all_year == expression else ", sauf pendant les vacances scolaires"
    return week_in_words(week) + except_then


def week_in_words(week: Week) -> str:
    """« le lundi et le mardi de 9 h à 12 h ; le samedi de 10 h à 13 h »."""
    groups: list[tuple[str, list[int]]] = []
    for day, spans in enumerate(week):
        hours = " et ".join(_span(span) for span in spans)
        if not hours:
            continue
        if groups and groups[-1][0] == hours and groups[-1][1][-1] == day - 1:
            groups[-1][1].append(day)
        else:
            groups.append((hours, [day]))
    return " ; ".join(f"{_days(days)} {hours}" for hours, days in groups)


def typical_week(expression: str) -> Week | None:
    """Hours that are the same every week, in a week without holiday; None for any others."""
    if not WEEKLY_HOURS.match(expression) or not validate(expression):
        return None
    start = datetime.combine(A_MONDAY, datetime.min.time())
    intervals = OpeningHours(expression).intervals(start, start + timedelta(days=7))
    return week_of((opens, closes) for opens, closes, state, _ in intervals if state == State.OPEN)


def week_of(spans: Iterable[Span]) -> Week:
    """Spans by the day on which they begin; one that lasts over a day is cut at midnight."""
    week: Week = [[] for _ in DAYS]
    for opens, closes in spans:
        while closes - opens > timedelta(days=1):
            midnight = datetime.combine(opens.date() + timedelta(days=1), time(), opens.tzinfo)
            week[opens.weekday()].append((opens, midnight))
            opens = midnight
        week[opens.weekday()].append((opens, closes))
    return week


def _days(days: list[int]) -> str:
    if len(days) == 1:
        return f"le {DAYS[days[0]]}"
    if len(days) == 2:
        return f"le {DAYS[days[0]]} et le {DAYS[days[1]]}"
    return f"du {DAYS[days[0]]} au {DAYS[days[-1]]}"


def _span(span: Span) -> str:
    return f"de {hour_in_words(span[0])} à {hour_in_words(span[1])}"


def hour_in_words(moment: datetime) -> str:
    """« 9 h », « 13 h 30 », « minuit »."""
    if not _has_hour(moment):
        return "minuit"
    return f"{moment.hour} h {moment.minute:02d}" if moment.minute else f"{moment.hour} h"


def _has_hour(moment: datetime) -> bool:
    return (moment.hour, moment.minute) != (0, 0)
