"""What the web adds to records: the way, the site, the calendar file, the report."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from channels.rasa import Message
from channels.web.sessions import InvalidChoice, Sessions

NOT_TO_GO = frozenset({"annule", "reporte", "termine"})  # states of events
AGENDA = "agenda"  # signs the calendar files, as a sender id signs choices


def enrich(message: Message, map_url: str, sessions: Sessions, sender: str) -> Message:
    """The same message; each record of its results has what the web can do with it."""
    results = message["custom"].get("results")
    if not isinstance(results, list):
        return message
    richer = [
        {**record, **_extras(record, map_url, sessions, sender)} if isinstance(record, dict) else {}
        for record in results
    ]
    return {**message, "custom": {**message["custom"], "results": richer}}


def _extras(
    record: Mapping[str, Any], map_url: str, sessions: Sessions, sender: str
) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if isinstance(record_id := record.get("id"), str):
        extras["signaler"] = sessions.sign_report(sender, record_id)
    if (place := _place(record)) and record.get("statut") not in NOT_TO_GO:
        extras["trajet"] = map_url.replace("{adresse}", quote(place, safe=""))
    if record.get("lien") not in (record.get("rendez_vous"), record.get("source")):
        extras["site"] = record["lien"]
    if isinstance(calendar := record.get("ics"), str):
        packed = zlib.compress(calendar.encode())
        extras["agenda"] = f"agenda/{sessions.sign_history(AGENDA, packed)}.ics"
    return extras


def read_calendar(name: str, sessions: Sessions) -> str:
    """The calendar file that `enrich` named.

    Raises:
        InvalidChoice: we did not name it.
    """
    try:
        return zlib.decompress(sessions.read_history(AGENDA, name)).decode()
    except zlib.error as error:
        raise InvalidChoice from error


def _place(record: Mapping[str, Any]) -> str:
    address, town = record.get("adresse"), record.get("commune")
    if not isinstance(address, str) or not address:
        return ""
    named = not isinstance(town, str) or town.lower() in address.lower()
    return address if named else f"{address}, {town}"
