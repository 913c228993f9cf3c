"""The webhook for any gateway: signature, replay, acknowledgement."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from tests.channels.sms.conftest import Http
from tests.channels.sms.phone import LINE, PHONE, Gateway
from tests.fake_rasa import FakeRasa


async def test_an_sms_is_acknowledged_at_once_and_its_answer_collected(
    http: Http, rasa: FakeRasa
) -> None:
    gateway = Gateway(http)
    rasa.hold.clear()
    assert await gateway.receive("une crèche") == "accepted"  # how fast: make bench-sms
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


@pytest.mark.parametrize("path", ["/sms/generic", "/sms/generic/status", "/sms/twilio"])
async def test_bytes_that_are_no_text_in_a_signature_are_refused(http: Http, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", http.port)
    for name in ("X-Jalon-Signature", "X-Twilio-Signature", "X-Jalon-Timestamp"):
        stamp = "" if name == "X-Jalon-Timestamp" else f"X-Jalon-Timestamp: {time.time():.0f}\r\n"
        start = f"POST {path} HTTP/1.1\r\nHost: jalon\r\n{stamp}{name}: "
        writer.write(start.encode() + b"\xff\xfe\r\nContent-Length: 2\r\n\r\n{}")
        assert (await reader.readline()).startswith(b"HTTP/1.1 403")
        await reader.readuntil(b"}}")
    writer.close()


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
        {"id": "x\x00", "from": PHONE, "text": "a"},
        {"id": "\ud800", "from": PHONE, "text": "a"},
        {"id": "1", "from": "+٣٣٦١٢٣٤٥٦٧٨", "text": "a"},
        {"id": "1", "from": PHONE, "text": ["a"]},
    ],
)
async def test_a_signed_call_of_another_form_is_refused(http: Http, body: Any) -> None:
    assert (await Gateway(http).post("/sms/generic", body)).status == 400


async def test_french_ways_of_writing_a_number_are_one_person(http: Http, rasa: FakeRasa) -> None:
    gateway = Gateway(http)
    for number in (
        "+33612345678",
        "06 12 34 56 78",
        "0033612345678",
        "33612345678",
        "+33 (0)6-12-34-56-78",
        "06/12/34/56/78",
    ):
        await gateway.receive("bonjour", number)
        await gateway.answers()
    assert len({body["sender"] for body in rasa.received}) == 1


async def test_a_body_that_is_too_large_is_refused(http: Http) -> None:
    assert (await Gateway(http).post("/sms/generic", b"a" * 300_000)).status == 413


async def test_nothing_is_served_for_a_provider_without_its_secret(start_sms: Any) -> None:
    http = await start_sms(sms_generic_secret="", twilio_auth_token="")
    for path in ("/sms/generic", "/sms/twilio"):
        assert (await http.post(path)).status == 404


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"twilio_auth_token": "", "twilio_number": LINE},
            "SMS provider twilio is not started: TWILIO_AUTH_TOKEN missing",
        ),
        (
            {"sms_generic_secret": "", "sms_generic_url": "http://127.0.0.1:1"},
            "SMS provider generic is not started: SMS_GENERIC_SECRET missing",
        ),
        (
            {"twilio_number": LINE},
            "twilio cannot write first: TWILIO_ACCOUNT_SID and TWILIO_NUMBER go together",
        ),
    ],
)
async def test_what_is_half_configured_is_said(
    start_sms: Any, caplog: pytest.LogCaptureFixture, changes: dict[str, str], line: str
) -> None:
    await start_sms(**changes)
    assert line in caplog.text


async def test_twilio_without_a_public_address_is_said_and_not_served(
    start_sms: Any, caplog: pytest.LogCaptureFixture
) -> None:
    http = await start_sms(public_url="")
    assert (await http.post("/sms/twilio")).status == 404
    assert "SMS provider twilio is not started: PUBLIC_URL missing" in caplog.text
