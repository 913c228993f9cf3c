"""From the web to a phone and back: « Recevoir par SMS », and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from channels import resume, texts
from channels.sms.segments import count, plain
from channels.web import crossing
from tests.api_client import Browser
from tests.channels.sms.conftest import StartBoth
from tests.channels.sms.phone import ACCOUNT, LINE, PHONE, FakeTwilio, until
from tests.channels.sms.test_queue import held
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import CRECHE, HALTE

DAY, NIGHT = "2026-11-26T10:00:00+01:00", "2026-11-26T21:00:00+01:00"
CODE = re.compile(r"\b[2-9A-Z]{3}-[2-9A-Z]{2}\b")
ABOUT = {
    "intent": "garde_enfants_creche",
    "confidence": 1.0,
    "theme": "garde_enfants",
    "commune": "Bondy",
    "code_insee": "93010",
}


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with time_machine.travel(DAY, tick=True):
        yield


@pytest.fixture(autouse=True)
def places(rasa: FakeRasa) -> None:
    custom = {"intro": "Voici :", "results": [CRECHE, HALTE], "suite": "", "explication": ABOUT}
    rasa.reply = lambda message: [{"text": f"Voici : {message}"}, {"custom": custom}]


@pytest.fixture
async def browser(start_both: StartBoth) -> Browser:
    return await start_both(twilio_account_sid=ACCOUNT, twilio_number=LINE)


async def press(browser: Browser, answer: dict[str, Any], title: str) -> str:
    [payload] = [b["payload"] for b in answer["buttons"] if b["title"] == title]
    response = await browser.post(payload=payload)
    assert response.status == 200
    told: str = (await response.json())["messages"][0]["text"]
    return told


async def ask_by_sms(browser: Browser, number: str) -> str:
    [answer] = await browser.say("crèche à Bondy")
    assert await press(browser, answer, texts.SEND_BY_SMS) == texts.ASK_NUMBER
    [told] = await browser.say(number)
    return str(told["text"])


async def test_what_is_on_the_page_goes_to_a_phone_once_with_a_code(
    browser: Browser, twilio: FakeTwilio, rasa: FakeRasa, tmp_path: Path
) -> None:
    assert await ask_by_sms(browser, "06 12 34 56 78") == texts.PHONE_ON_ITS_WAY
    await until(lambda: len(twilio.sent) == 1)
    [sent] = twilio.sent
    assert (sent["To"], sent["From"]) == (PHONE, LINE)
    assert "01 55 50 00 01" in sent["Body"]
    assert "Demandé sur le site" in sent["Body"]
    assert "STOP" in sent["Body"]
    assert CODE.search(sent["Body"])
    assert count(sent["Body"]) <= 2
    assert rasa.messages == ["crèche à Bondy"]
    await until(lambda: held(tmp_path) == 0)


async def test_a_browser_that_repeats_itself_sends_one_sms_and_no_number_to_the_bot(
    browser: Browser, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    [answer] = await browser.say("crèche à Bondy")
    await press(browser, answer, texts.SEND_BY_SMS)
    for _ in range(3):
        await browser.say("0612345678", id="the same")
    await until(lambda: len(twilio.sent) == 1)
    assert rasa.messages == ["crèche à Bondy"]


@pytest.mark.parametrize("number", ["01 43 93 93 93", "+4915112345678", "+33612", "08 99 12 34 56"])
async def test_only_french_mobiles_get_an_sms(
    browser: Browser, twilio: FakeTwilio, number: str
) -> None:
    assert await ask_by_sms(browser, number) == texts.NUMBER_NOT_MOBILE


@pytest.mark.parametrize("words", ["{}", "c'est le {} merci"])
async def test_a_number_typed_wrong_then_right_never_reaches_the_bot(
    browser: Browser, twilio: FakeTwilio, rasa: FakeRasa, words: str
) -> None:
    assert await ask_by_sms(browser, "06 12 34 56 7") == texts.NUMBER_NOT_MOBILE
    [told] = await browser.say(words.format("06/12/34/56/78"))
    assert told["text"] == texts.PHONE_ON_ITS_WAY
    await until(lambda: [sent["To"] for sent in twilio.sent] == [PHONE])
    assert rasa.messages == ["crèche à Bondy"]


async def test_nothing_is_sent_at_night(browser: Browser, rasa: FakeRasa) -> None:
    with time_machine.travel(NIGHT, tick=True):
        await browser.open()
        [answer] = await browser.say("crèche à Bondy")
        assert await press(browser, answer, texts.SEND_BY_SMS) == texts.PHONE_AT_NIGHT


async def test_a_number_that_asked_for_silence_gets_nothing_and_nobody_can_tell(
    browser: Browser, twilio: FakeTwilio
) -> None:
    await twilio.say(browser.http, "STOP")
    assert await ask_by_sms(browser, PHONE) == texts.PHONE_ON_ITS_WAY
    await twilio.say(browser.http, "START")
    assert twilio.sent == []


async def test_a_number_gets_two_sms_a_day_and_a_session_sends_three(
    start_both: StartBoth, twilio: FakeTwilio
) -> None:
    browser = await start_both(twilio_account_sid=ACCOUNT, twilio_number=LINE)
    said = [await ask_by_sms(browser, PHONE) for _ in range(4)]
    assert said == [texts.PHONE_ON_ITS_WAY] * 3 + [texts.PHONE_TOO_MANY]
    await until(lambda: len(twilio.sent) == 2)


async def test_an_address_sends_few_sms_whatever_the_sessions_and_the_numbers(
    start_both: StartBoth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossing, "FROM_AN_ADDRESS", 2)
    browser = await start_both(twilio_account_sid=ACCOUNT, twilio_number=LINE)
    said = []
    for last in "123":
        await browser.open()
        said.append(await ask_by_sms(browser, f"061234567{last}"))
    assert said == [texts.PHONE_ON_ITS_WAY] * 2 + [texts.PHONE_TOO_MANY]


async def test_another_message_than_a_number_goes_to_the_bot(
    browser: Browser, rasa: FakeRasa
) -> None:
    await ask_by_sms(browser, "non merci")
    await browser.say("93140")
    assert rasa.messages == ["crèche à Bondy", "non merci", "93140"]


async def test_a_code_from_the_web_is_taken_up_by_sms(
    browser: Browser, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    await browser.say("crèche à Bondy")
    [told] = await browser.say("Code")
    code = CODE.search(told["text"])
    assert code
    [answer] = await twilio.say(browser.http, code[0].lower().replace("-", " "))
    assert rasa.messages[1:] == [
        '/donner_commune{"code_insee": "93010", "commune": "Bondy"}',
        "/garde_enfants_creche",
    ]
    assert "1. Accueil en crèche" in answer


async def test_a_code_from_a_phone_is_taken_up_on_the_web(
    browser: Browser, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    await twilio.say(browser.http, "crèche à Bondy")
    [told] = await twilio.say(browser.http, "CODE")
    code = CODE.search(told)
    assert code
    [answer] = await browser.say(code[0])
    assert answer["custom"]["results"][0]["commune"] == "Bondy"
    assert rasa.messages[-1] == "/garde_enfants_creche"


async def test_a_code_is_good_for_seven_days(browser: Browser, rasa: FakeRasa) -> None:
    await browser.say("crèche à Bondy")
    [told] = await browser.say("code")
    code = CODE.search(told["text"])
    assert code
    for days, good in ((6.9, True), (7.1, False)):
        with time_machine.travel(DAY, tick=True) as clock:
            clock.shift(days * 86400)
            await browser.open()
            [answer] = await browser.say(code[0])
        assert bool(answer["custom"]) is good


async def test_there_is_nothing_to_take_up_before_a_need(
    browser: Browser, twilio: FakeTwilio
) -> None:
    [told] = await browser.say("code")
    assert told["text"] == texts.CODE_NOTHING
    assert await twilio.say(browser.http, "code") == [plain(texts.CODE_NOTHING)]


async def test_guessing_is_limited_in_a_conversation_and_from_an_address(
    browser: Browser, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    said = [(await browser.say(f"7K3-P{digit}"))[0]["text"] for digit in "234567"]
    assert said == [texts.CODE_UNKNOWN] * 5 + [texts.CODE_TOO_MANY]
    await browser.open()
    [told] = await browser.say("7K3-P9")
    assert told["text"] == texts.CODE_TOO_MANY
    by_sms = [(await twilio.say(browser.http, f"7K3-P{digit}"))[0] for digit in "234567"]
    assert by_sms[-1] == plain(texts.CODE_TOO_MANY)
    assert not rasa.messages


@pytest.mark.parametrize("text", ["93140", "93235", "garde", "bonjour", "7K3-P", "SERRE", ""])
def test_a_word_or_a_postal_code_is_not_a_code(text: str) -> None:
    assert resume.read(text) is None


@pytest.mark.parametrize(
    "text",
    ["7K3-P4", "7k3p4", "7K3 P4.", "code 7K3-P4", "Code : 7K3-P4", "mon code 7k3-p4", "7K3–P4"],
)
def test_a_code_is_read_as_people_copy_it(text: str) -> None:
    assert resume.read(text) == "7K3P4"


async def test_without_a_line_to_write_first_nothing_is_offered(start_both: StartBoth) -> None:
    browser = await start_both(sms_generic_secret="")
    [answer] = await browser.say("crèche à Bondy")
    assert texts.SEND_BY_SMS not in [button["title"] for button in answer["buttons"]]
