"""The webhook for any gateway: signature, replay, acknowledgement."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.channels.sms.conftest import Http
from tests.channels.sms.phone import PHONE, Gateway
from tests.fake_rasa import FakeRasa


async def test_an_sms_is_acknowledged_at_once_and_its_answer_collected(
    http: Http, rasa: FakeRasa
) -> None:
    gateway = Gateway(http)
    rasa.hold.clear()
    start = time.monotonic()
    assert await gateway.receive("une crèche") == "accepted"
    assert time.monotonic() - start < 0.3
    rasa.hold.set()
    [answer] = await gateway.answers()
    assert answer.endswith("Vous avez dit : une crèche")


async def test_what_is_collected_is_given_again_until_it_is_said_to_be_sent(http: Http) -> None:
    gateway = Gateway(http)
    await gateway.receive("bonjour")
    messages: list[dict[str, str]] = []
    while not messages:
        messages = await gateway.collect()
    assert messages[0]["to"] == PHONE
    assert await gateway.collect() == messages
    assert await gateway.collect([messages[0]["id"]]) == []


async def test_the_same_id_is_one_sms(http: Http, rasa: FakeRasa) -> None:
    gateway = Gateway(http)
    assert await gateway.receive("bonjour", message_id="x") == "accepted"
    assert await gateway.receive("bonjour", message_id="x") == "duplicate"
    await gateway.answers()
    assert len(rasa.received) == 1


@pytest.mark.parametrize("late", [-301, 301, -10_000])
async def test_an_old_or_future_timestamp_is_refused(http: Http, rasa: FakeRasa, late: int) -> None:
    body = {"id": "1", "from": PHONE, "text": "bonjour"}
    response = await Gateway(http).post("/sms/generic", body, time.time() + late)
    assert response.status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Jalon-Timestamp": "", "X-Jalon-Signature": ""},
        {"X-Jalon-Timestamp": "²", "X-Jalon-Signature": "é"},
        {"X-Jalon-Timestamp": "9" * 400, "X-Jalon-Signature": "0" * 64},
    ],
)
async def test_a_wrong_signature_is_refused(http: Http, headers: dict[str, str]) -> None:
    response = await http.post("/sms/generic", data=b"{}", headers=headers)
    assert response.status == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{" * 5000,
        {"id": "1", "from": PHONE},
        {"id": "", "from": PHONE, "text": "a"},
        {"id": 1, "from": PHONE, "text": "a"},
        {"id": "1", "from": "Banque", "text": "a"},
        {"id": "x" * 200, "from": PHONE, "text": "a"},
        {"id": "1", "from": PHONE, "text": ["a"]},
    ],
)
async def test_a_signed_call_of_another_form_is_refused(http: Http, body: Any) -> None:
    assert (await Gateway(http).post("/sms/generic", body)).status == 400


async def test_french_ways_of_writing_a_number_are_one_person(http: Http, rasa: FakeRasa) -> None:
    gateway = Gateway(http)
    for number in ("+33612345678", "06 12 34 56 78", "0033612345678"):
        await gateway.receive("bonjour", number)
        await gateway.answers()
    assert len({body["sender"] for body in rasa.received}) == 1


async def test_a_body_that_is_too_large_is_refused(http: Http) -> None:
    assert (await Gateway(http).post("/sms/generic", b"a" * 300_000)).status == 413


async def test_nothing_is_served_for_a_provider_without_its_secret(start_sms: Any) -> None:
    http = await start_sms(sms_generic_secret="", twilio_auth_token="")
    for path in ("/sms/generic", "/sms/twilio"):
        assert (await http.post(path)).status == 404


async def test_twilio_without_a_public_address_is_said_and_not_served(
    start_sms: Any, caplog: pytest.LogCaptureFixture
) -> None:
    http = await start_sms(public_url="")
    assert (await http.post("/sms/twilio")).status == 404
    assert "SMS provider twilio is not started: PUBLIC_URL is missing" in caplog.text
