"""Twilio's webhook: signature, answer in the response."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from tests.channels.sms.phone import PUBLIC_URL, TOKEN, FakeTwilio
from tests.fake_rasa import FakeRasa

Http = TestClient[Any, Any]


async def test_an_sms_gets_its_answer_in_the_response(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    [text] = await twilio.say(http, "une crèche à Bondy & <vite>")
    assert text.endswith("Vous avez dit : une crèche à Bondy & <vite>")
    assert rasa.messages == ["une crèche à Bondy & <vite>"]


async def test_the_number_never_reaches_rasa(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    await twilio.say(http, "bonjour")
    await twilio.say(http, "bonjour", number="+33699999999")
    first, second = (body["sender"] for body in rasa.received)
    assert first != second
    assert "612345678" not in str(rasa.received)


@pytest.mark.parametrize("wrong", ["token", "body", "missing", "address"])
async def test_a_wrong_signature_is_refused(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa, wrong: str
) -> None:
    form = twilio.form("bonjour")
    headers = twilio.signature("/sms/twilio", form, "another" if wrong == "token" else TOKEN)
    if wrong == "address":
        headers = twilio.signature("/sms/other", form)
    if wrong == "missing":
        headers = {}
    if wrong == "body":
        form["Body"] = "au revoir"
    response = await http.post("/sms/twilio", data=form, headers=headers)
    assert response.status == 403
    assert not rasa.received
    assert PUBLIC_URL not in await response.text()
