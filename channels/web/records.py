"""What the web adds to the records of the directory: open now, the way, the calendar."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, validate

from channels.rasa import Message
from channels.web.agenda import KEPT
from channels.web.sessions import Sessions

PARIS = ZoneInfo("Europe/Paris")
AGENDA = "agenda"  # signs the events of the calendar, as a sender id signs choices


def enrich(message: Message, map_url: str, sessions: Sessions, now: datetime) -> Message:
    """The same message; each record of its results has what the web can do with it."""
    results = message["custom"].get("results")
    if not isinstance(results, list):
        return message
    richer = [
        {**record, **_extras(record, map_url, sessions, now)} if isinstance(record, dict) else {}
        for record in results
    ]
    return {**message, "custom": {**message["custom"], "results": richer}}


def _extras(
    record: Mapping[str, Any], map_url: str, sessions: Sessions, now: datetime
) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if place := _place(record):
        extras["trajet"] = map_url.replace("{adresse}", quote(place, safe=""))
    if (opened := _open_now(record, now)) is not None:
        extras["ouvert"] = opened
    if record.get("kind") == "evenement" and record.get("debut"):
        event = json.dumps({name: record.get(name) for name in KEPT}, ensure_ascii=False)
        extras["agenda"] = f"agenda/{sessions.sign_choice(AGENDA, event)}.ics"
    return extras


def _place(record: Mapping[str, Any]) -> str:
    address, town = record.get("adresse"), record.get("commune")
    if not isinstance(address, str) or not address:
        return ""
    named = not isinstance(town, str) or town.lower() in address.lower()
    return address if named else f"{address}, {town}"


def _open_now(record: Mapping[str, Any], now: datetime) -> bool | None:
    """None when hours are unknown, too old to be trusted, or when today is a public holiday."""
    hours = record.get("horaires")
    if record.get("ancienne") or not isinstance(hours, str) or not validate(hours):
        return None
    local = now.astimezone(PARIS).replace(tzinfo=None)
    if OpeningHours("PH", country="FR").is_open(local):
        return None
    return OpeningHours(hours).is_open(local)
