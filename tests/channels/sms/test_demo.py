"""The phone of the demonstration page, by its API."""

from __future__ import annotations

from typing import Any

from channels import texts
from channels.sms.segments import plain
from tests.api_client import Browser
from tests.fake_rasa import FakeRasa


async def phone(browser: Browser, text: Any, message_id: str = "1", **fields: Any) -> Any:
    body = {"token": browser.token, "id": message_id, "text": text, **fields}
    return await browser.http.post("/api/phone", json=body)


async def told(browser: Browser, text: str, message_id: str) -> str:
    response = await phone(browser, text, message_id)
    assert response.status == 200
    return "".join(part["text"] for part in (await response.json())["segments"])


async def test_it_answers_as_a_phone_does_without_any_provider(
    browser: Browser, rasa: FakeRasa
) -> None:
    response = await phone(browser, "crèche")
    [segment] = (await response.json())["segments"]
    assert segment["text"].startswith(plain(texts.SMS_NOTICE))
    assert (segment["encoding"], segment["size"]) == ("GSM-7", len(segment["text"]))
    assert rasa.received[0]["input_channel"] == "sms"


async def test_it_remembers_what_was_shown_and_obeys_stop(browser: Browser, rasa: FakeRasa) -> None:
    await told(browser, "menu", "1")
    await told(browser, "2", "2")
    assert rasa.messages == ["/francais"]
    assert await told(browser, "STOP", "3") == plain(texts.SMS_STOPPED)
    assert await told(browser, "bonjour", "4") == ""


async def test_a_repetition_is_answered_once(browser: Browser, rasa: FakeRasa) -> None:
    assert await told(browser, "crèche", "1")
    assert await told(browser, "crèche", "1") == ""
    assert len(rasa.received) == 1


async def test_other_calls_are_refused(browser: Browser) -> None:
    assert (await phone(browser, 3)).status == 400
    assert (await phone(browser, "a" * 1001)).status == 400
    assert (await phone(browser, "a", token="no")).status == 401
