"""An event of the directory as a calendar file (RFC 5545), for any phone's calendar."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
UTC = ZoneInfo("UTC")
KEPT = ("id", "nom", "debut", "fin", "lieu", "adresse", "commune")
LINE = 73  # bytes; a line of a calendar file holds 75 with its folding


def calendar(event: Mapping[str, Any], now: datetime) -> str:
    """The file's text.

    Args:
        event: the fields of `KEPT`; `debut` and `fin` are ISO dates, in Paris time.
        now: when the file is made, with its time zone.

    Raises:
        ValueError: the start is not a date.
    """
    place = event.get("adresse") or ", ".join(
        str(event[name]) for name in ("lieu", "commune") if event.get(name)
    )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Jalon//FR",
        "BEGIN:VEVENT",
        f"UID:{hashlib.sha256(str(event.get('id')).encode()).hexdigest()[:32]}@jalon",
        f"DTSTAMP:{_utc(now)}",
        *_moments(str(event["debut"]), event.get("fin")),
        f"SUMMARY:{_escape(str(event.get('nom') or ''))}",
        f"LOCATION:{_escape(str(place))}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_fold(line)}\r\n" for line in lines)


def _moments(start: str, end: object) -> list[str]:
    """A whole day where the directory gives no hour."""
    begins = datetime.fromisoformat(start)
    ends = datetime.fromisoformat(end) if isinstance(end, str) else None
    if (begins.hour, begins.minute) == (0, 0):
        after = (ends or begins).date() + timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{_day(begins)}", f"DTEND;VALUE=DATE:{_day(after)}"]
    lines = [f"DTSTART:{_utc(begins)}"]
    return [*lines, f"DTEND:{_utc(ends)}"] if ends else lines


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _utc(moment: datetime) -> str:
    local = moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
    return f"{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escape(text: str) -> str:
    for char in "\\;,":
        text = text.replace(char, f"\\{char}")
    return " ".join(text.split())


def _fold(line: str) -> str:
    """Cut a long line between characters, never inside one."""
    parts, part = [], ""
    for char in line:
        if len((part + char).encode()) > LINE:
            parts.append(part)
            part = ""
        part += char
    return "\r\n ".join([*parts, part])
