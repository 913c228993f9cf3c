"""What the web adds to records: the way, the calendar, the report."""

from typing import Any

from channels.web.records import enrich
from channels.web.sessions import Sessions
from tests.api_client import Browser
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import CANCELLED, CRECHE

SESSIONS = Sessions("for tests")
MAP = "https://carte.example/?vers={adresse}"
CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Forum à Gap\r\nEND:VCALENDAR\r\n"


def enriched(**fields: Any) -> dict[str, Any]:
    message = {"text": "", "buttons": [], "custom": {"results": [{**CRECHE, **fields}]}}
    richer = enrich(message, MAP, SESSIONS, "someone")  # type: ignore[arg-type]
    record: dict[str, Any] = richer["custom"]["results"][0]
    return record


def test_the_way_goes_through_the_map_of_the_operator() -> None:
    record = enriched(adresse="3 place & rue", commune="Bondy")
    assert record["trajet"] == "https://carte.example/?vers=3%20place%20%26%20rue%2C%20Bondy"
    assert "trajet" not in enriched(adresse=None)


def test_nobody_is_shown_the_way_to_a_cancelled_event() -> None:
    record = enriched(**CANCELLED)
    assert "trajet" not in record
    assert "trajet" in enriched(**CANCELLED | {"statut": "complet"})


def test_a_site_is_shown_once() -> None:
    assert enriched(lien="https://example.org")["site"] == "https://example.org"
    assert "site" not in enriched(lien=CRECHE["source"])
    assert "site" not in enriched(lien="https://a.example", rendez_vous="https://a.example")


async def test_a_calendar_that_we_did_not_sign_does_not_exist(browser: Browser) -> None:
    for name in ("AAAA", "x" * 60, "%00"):
        assert (await browser.http.get(f"/agenda/{name}.ics")).status == 404


async def test_an_event_shown_can_be_downloaded(browser: Browser, rasa: FakeRasa) -> None:
    record = {"id": "forum", "ics": CALENDAR}
    rasa.reply = lambda message: [{"text": "Voici."}, {"custom": {"results": [record]}}]
    [answer] = await browser.say("forum")
    response = await browser.http.get("/" + answer["custom"]["results"][0]["agenda"])
    assert response.content_type == "text/calendar"
    assert await response.text() == CALENDAR
