"""What the web adds to records: the way, open now, the calendar; and reports of mistakes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from channels.web.agenda import calendar
from channels.web.records import enrich
from channels.web.sessions import Sessions
from tests.api_client import Browser
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import CRECHE

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)  # a Thursday, 11 h in Paris
SESSIONS = Sessions("for tests")
MAP = "https://carte.example/?vers={adresse}"
EVENT = {"id": "forum", "nom": "Forum ; job, dating", "debut": "2026-12-03T09:00:00", "fin": None}


def enriched(now: datetime = NOW, **fields: Any) -> dict[str, Any]:
    message = {"text": "", "buttons": [], "custom": {"results": [{**CRECHE, **fields}]}}
    richer = enrich(message, MAP, SESSIONS, now)  # type: ignore[arg-type]
    record: dict[str, Any] = richer["custom"]["results"][0]
    return record


def test_the_way_goes_through_the_map_of_the_operator() -> None:
    record = enriched(adresse="3 place & rue", commune="Bondy")
    assert record["trajet"] == "https://carte.example/?vers=3%20place%20%26%20rue%2C%20Bondy"
    assert "trajet" not in enriched(adresse=None)


@pytest.mark.parametrize(
    ("hours", "moment", "opened"),
    [
        ("Mo-Fr 08:00-18:30", NOW, True),
        ("Mo-Fr 08:00-10:30", NOW, False),
        ("Mo-Fr 08:00-11:30", datetime(2026, 7, 2, 9, 0, tzinfo=UTC), True),
        ("Mo-Fr 08:00-18:30", datetime(2026, 12, 25, 10, 0, tzinfo=UTC), None),
        ("sur rendez-vous (appeler", NOW, None),
        (None, NOW, None),
        (["Mo"], NOW, None),
    ],
)
def test_open_now_is_told_only_when_it_is_known(hours: Any, moment: datetime, opened: Any) -> None:
    assert enriched(moment, horaires=hours).get("ouvert") is opened


def test_old_hours_are_not_trusted() -> None:
    assert "ouvert" not in enriched(ancienne=True)


def test_an_event_is_a_calendar_file_in_universal_time() -> None:
    lines = calendar(EVENT, NOW).split("\r\n")
    assert "DTSTART:20261203T080000Z" in lines
    assert "SUMMARY:Forum \\; job\\, dating" in lines
    assert not any(line.startswith("DTEND") for line in lines)


def test_an_event_without_hour_takes_the_day() -> None:
    lines = calendar({**EVENT, "debut": "2026-12-03T00:00:00"}, NOW).split("\r\n")
    assert "DTSTART;VALUE=DATE:20261203" in lines
    assert "DTEND;VALUE=DATE:20261204" in lines


def test_no_line_of_a_calendar_is_too_long_nor_injected() -> None:
    text = calendar({**EVENT, "nom": "é" * 200 + "\r\nATTENDEE:mailto:a@b.c"}, NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\r\nATTENDEE" not in text


async def test_a_calendar_that_we_did_not_sign_does_not_exist(browser: Browser) -> None:
    for name in ("AAAA", "x" * 60, "%00"):
        assert (await browser.http.get(f"/agenda/{name}.ics")).status == 404


async def test_an_event_shown_can_be_downloaded(browser: Browser, rasa: FakeRasa) -> None:
    record = {**EVENT, "kind": "evenement"}
    rasa.reply = lambda message: [{"text": "Voici."}, {"custom": {"results": [record]}}]
    [answer] = await browser.say("forum")
    response = await browser.http.get("/" + answer["custom"]["results"][0]["agenda"])
    assert response.content_type == "text/calendar"
    assert "BEGIN:VEVENT" in await response.text()


@pytest.mark.parametrize(
    ("record", "reason"),
    [("a\nb", "ferme"), ("a" * 121, "ferme"), ("a", "because"), (3, "ferme"), ("a", None)],
)
async def test_a_report_that_is_none_is_refused(browser: Browser, record: Any, reason: Any) -> None:
    body = {"token": browser.token, "record": record, "reason": reason}
    assert (await browser.http.post("/api/report", json=body)).status == 400


async def test_a_report_needs_a_conversation(browser: Browser) -> None:
    body = {"token": "forged", "record": "a", "reason": "ferme"}
    assert (await browser.http.post("/api/report", json=body)).status == 401
