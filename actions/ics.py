"""An event as an iCalendar file (RFC 5545), for the calendar of a phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from actions.directory.hours import PARIS

LINE_OCTETS = 75  # RFC 5545, section 3.1: longer lines are folded
PRODUCT = "-//Jalon//FR"


def calendar(event: Mapping[str, Any], now: datetime) -> str | None:
    """The text of an `.ics` file for this event; None when its day is not known.

    Args:
        event: a record of `custom.results`, `debut` and `fin` on the clocks of Paris; midnight
            means that the hour is unknown.
        now: when the file is written, with its time zone.
    """
    if not event["debut"]:
        return None
    start = datetime.fromisoformat(event["debut"])
    end = datetime.fromisoformat(event["fin"]) if event["fin"] else None
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "BEGIN:VEVENT",
        f"UID:{_escaped(event['id'])}@jalon",
        f"DTSTAMP:{_utc(now)}",
        *_times(start, end),
        *_text("SUMMARY", event["nom"]),
        *_text("LOCATION", event["adresse"]),
        *_text("DESCRIPTION", event["description"]),
        *([f"URL:{event['lien']}"] if event["lien"] else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _times(start: datetime, end: datetime | None) -> list[str]:
    """With hours where they are known; else whole days, the last one excluded."""
    if not _has_hour(start):
        after = (end or start).date() + timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    times = [f"DTSTART:{_utc(start.replace(tzinfo=PARIS))}"]
    if end and _has_hour(end):
        times.append(f"DTEND:{_utc(end.replace(tzinfo=PARIS))}")
    return times


def _has_hour(moment: datetime) -> bool:
    return (moment.hour, moment.minute) != (0, 0)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(name: str, value: str | None) -> list[str]:
    return [f"{name}:{_escaped(value)}"] if value else []


def _escaped(value: str) -> str:
    for character in ("\\", ";", ","):
        value = value.replace(character, f"\\{character}")
    return "\\n".join(value.splitlines())


def _folded(line: str) -> str:
    """Cut a line into pieces of 75 octets at most, never inside a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LINE_OCTETS:
            pieces.append(piece)
            piece, size = "", 1  # the space that begins a continuation
        piece += character
        size += octets
    return "\r\n ".join((*pieces, piece))
