"""The `.ics` file of an event, by the rules of RFC 5545."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from actions import ics
from actions.directory.hours import PARIS

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)


def event(**changes: Any) -> dict[str, Any]:
    known = {
        "id": "essai--forum",
        "nom": "Forum d'essai",
        "debut": "2026-12-03T09:00:00",
        "fin": "2026-12-03T12:30:00",
        "adresse": "Salle d'essai, 1 rue de l'Essai, Gap",
        "description": "Une rencontre inventée ; pour les essais.",
        "lien": "https://example.org/essai",
    }
    return {**known, **changes}


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_an_event_is_written_with_its_hours_in_universal_time() -> None:
    text = ics.calendar(event(), NOW)
    assert text
    assert unfolded(text) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Jalon//FR",
        "BEGIN:VEVENT",
        "UID:essai--forum@jalon",
        "DTSTAMP:20261123T090000Z",
        "DTSTART:20261203T080000Z",
        "DTEND:20261203T113000Z",
        "SUMMARY:Forum d'essai",
        "LOCATION:Salle d'essai\\, 1 rue de l'Essai\\, Gap",
        "DESCRIPTION:Une rencontre inventée \\; pour les essais.",
        "URL:https://example.org/essai",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_in_summer_the_hour_is_that_of_summer() -> None:
    text = ics.calendar(event(debut="2027-07-01T09:00:00", fin=None), NOW)
    assert text
    assert "DTSTART:20270701T070000Z" in text
    assert "DTEND" not in text


def test_an_unknown_hour_makes_whole_days() -> None:
    text = ics.calendar(event(debut="2026-12-03T00:00:00", fin="2026-12-04T00:00:00"), NOW)
    assert text
    assert "DTSTART;VALUE=DATE:20261203" in text
    assert "DTEND;VALUE=DATE:20261205" in text


def test_long_lines_are_folded_between_characters() -> None:
    long = "é" * 300
    text = ics.calendar(event(description=long, lien=None), NOW)
    assert text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert f"DESCRIPTION:{long}" in unfolded(text)
    assert ics.calendar(event(debut=None), NOW) is None
