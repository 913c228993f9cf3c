"""Nothing lost, nothing twice, in order for each person."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, web

from channels.sms import webhooks, worker
from channels.sms.provider import Outgoing
from channels.sms.transactions import Transactions
from channels.sms.twilio import Twilio
from tests.channels.sms.conftest import Http, StartSms
from tests.channels.sms.phone import PHONE, FakeTwilio, Gateway, twiml_texts, until
from tests.fake_rasa import FakeRasa


@pytest.fixture
def brief(rasa: FakeRasa) -> None:
    """Rasa repeats what it receives, and nothing else."""
    rasa.reply = lambda message: [{"text": message}]


def last_line(text: str) -> str:
    return text.splitlines()[-1]


async def test_several_sms_within_a_moment_are_answered_together(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    responses = await asyncio.gather(
        *(twilio.say(http, text) for text in ("je cherche", "une crèche", "à Bondy"))
    )
    assert len(rasa.received) == 1
    assert sorted(rasa.messages[0].splitlines()) == ["je cherche", "une crèche", "à Bondy"]
    assert sorted(map(len, responses)) == [0, 0, 1]
    assert not twilio.sent


@pytest.mark.usefixtures("brief")
async def test_an_answer_that_is_late_goes_by_the_api(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "TWIML_WAIT", 0.2)
    rasa.hold.clear()
    assert await twilio.say(http, "une crèche") == []
    rasa.hold.set()
    await until(lambda: len(twilio.sent) == 1)
    [sent] = twilio.sent
    assert sent["To"] == PHONE
    assert sent["From"] == "+33757000000"
    assert last_line(sent["Body"]) == "une crèche"
    assert sent["StatusCallback"].startswith("https://jalon.example.org/sms/twilio/status?m=")


@pytest.mark.usefixtures("brief")
async def test_what_is_written_meanwhile_is_answered_after_and_by_the_api(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    rasa.hold.clear()
    first = asyncio.create_task(twilio.say(http, "un"))
    await rasa.arrived.wait()
    assert await twilio.say(http, "deux mots") == []
    rasa.hold.set()
    [answer] = await first
    assert last_line(answer) == "un"
    await until(lambda: bool(twilio.sent))
    assert [last_line(sent["Body"]) for sent in twilio.sent] == ["deux mots"]


async def test_who_writes_as_soon_as_answered_has_nothing_pending_even_on_a_slow_disk(
    http: Http, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = Transactions._commit

    def slow(self: Transactions, jobs: list[Any]) -> list[Any]:
        time.sleep(0.1)
        return commit(self, jobs)

    monkeypatch.setattr(Transactions, "_commit", slow)
    for turn in range(6):
        form = twilio.form(f"tour {turn}")
        headers = twilio.signature("/sms/twilio", form)
        # A connection each time, as Twilio: the end of the first does not hold the next.
        async with ClientSession() as session:
            url = http.make_url("/sms/twilio")
            async with session.post(url, data=form, headers=headers) as response:
                assert len(twiml_texts(await response.text())) == 1
    assert not twilio.sent


async def test_a_repeated_sms_after_a_written_response_gets_an_empty_one(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    form = twilio.form("bonjour")
    assert twiml_texts(await twilio.post(http, form))
    assert twiml_texts(await twilio.post(http, form)) == []
    assert len(rasa.received) == 1


async def test_a_repetition_at_the_same_time_is_answered_once(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    form = twilio.form("bonjour")
    bodies = await asyncio.gather(*(twilio.post(http, form) for _ in range(4)))
    assert sum(len(twiml_texts(body)) for body in bodies) == 1
    assert len(rasa.received) == 1


async def test_a_repetition_gets_the_stored_answer_when_the_first_response_was_never_written(
    start_sms: StartSms, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    http = await start_sms()
    twilio.failures = [web.Response(status=429) for _ in range(50)]
    form = twilio.form("bonjour")
    rasa.hold.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await twilio.post(http, form)
    rasa.hold.set()
    await until(lambda: len(twilio.failures) < 50)
    [answer] = twiml_texts(await repeated(http, twilio, form))
    assert "bonjour" in answer
    assert len(rasa.received) == 1
    twilio.failures.clear()
    assert not twilio.sent


async def repeated(http: Http, twilio: FakeTwilio, form: dict[str, str]) -> str:
    """Repeat until the API is not being tried at this very moment."""
    async with asyncio.timeout(10):
        while True:
            body = await twilio.post(http, form)
            if twiml_texts(body):
                return body


@pytest.mark.parametrize("failure", [429, 500, 503])
async def test_a_provider_that_fails_is_tried_again_and_sends_once(
    http: Http,
    twilio: FakeTwilio,
    rasa: FakeRasa,
    monkeypatch: pytest.MonkeyPatch,
    failure: int,
) -> None:
    monkeypatch.setattr(webhooks, "TWIML_WAIT", 0.0)
    twilio.failures = [web.Response(status=failure) for _ in range(3)]
    await twilio.say(http, "bonjour")
    await until(lambda: len(twilio.sent) == 1)
    assert len(rasa.received) == 1


async def test_a_provider_that_took_an_sms_and_did_not_say_so_does_not_get_it_twice(
    start_sms: StartSms, twilio: FakeTwilio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "TWIML_WAIT", 0.0)
    monkeypatch.setattr("channels.sms.provider.TIMEOUT", ClientTimeout(total=0.3))
    twilio.hangs = True
    http = await start_sms()
    await twilio.say(http, "bonjour")
    await until(lambda: states(tmp_path) == ["sent"])
    assert len(twilio.sent) == 1


async def test_a_provider_that_stays_down_is_given_up_at_last(
    http: Http, twilio: FakeTwilio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "TWIML_WAIT", 0.0)
    monkeypatch.setattr(worker, "MAX_ATTEMPTS", 3)
    twilio.failures = [web.Response(status=429) for _ in range(10)]
    await twilio.say(http, "bonjour")
    await until(lambda: states(tmp_path) == ["failed"])
    assert len(twilio.refused) == 3
    assert held(tmp_path) == 0


async def test_an_answer_that_no_documentation_describes_is_tried_again_and_not_quoted(
    http: Http,
    twilio: FakeTwilio,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    send = Twilio.send

    async def fail_first(self: Twilio, outgoing: Outgoing) -> str:
        monkeypatch.setattr(Twilio, "send", send)
        raise KeyError(outgoing.number)

    monkeypatch.setattr(Twilio, "send", fail_first)
    monkeypatch.setattr(webhooks, "TWIML_WAIT", 0.0)
    await twilio.say(http, "bonjour")
    await until(lambda: len(twilio.sent) == 1)
    assert "twilio: KeyError" in caplog.text
    assert PHONE not in caplog.text


async def test_a_provider_that_refuses_for_good_is_not_tried_again(
    http: Http, twilio: FakeTwilio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "TWIML_WAIT", 0.0)
    twilio.failures = [web.Response(status=400)]
    await twilio.say(http, "bonjour")
    await until(lambda: states(tmp_path) == ["failed"])
    assert not twilio.sent


def states(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "sms.sqlite") as base:
        return [state for (state,) in base.execute("SELECT state FROM sms_out ORDER BY id")]


def held(folder: Path) -> int:
    """How many SMS, received or to send, have their number and text."""
    with sqlite3.connect(folder / "sms.sqlite") as base:
        return sum(
            base.execute(f"SELECT count(*) FROM {table} WHERE sealed IS NOT NULL").fetchone()[0]
            for table in ("sms_in", "sms_out")
        )


@pytest.mark.parametrize("it_arrived", [True, False])
async def test_a_sending_that_a_crash_cut_short_is_repeated_only_if_the_provider_lacks_it(
    start_sms: StartSms,
    twilio: FakeTwilio,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    it_arrived: bool,
) -> None:
    monkeypatch.setattr(webhooks, "TWIML_WAIT", 0.0)
    twilio.failures = [web.Response(status=503) for _ in range(400)]
    http = await start_sms()
    await twilio.say(http, "bonjour")
    await until(lambda: bool(twilio.refused))
    await http.close()
    with sqlite3.connect(tmp_path / "sms.sqlite") as base:  # as a crash during the sending does
        base.execute("UPDATE sms_out SET state = 'sending', started_at = created_at")
    twilio.failures.clear()
    if it_arrived:
        twilio.sent.append(twilio.refused[0])
    await start_sms()
    await until(lambda: states(tmp_path) == ["sent"])
    assert twilio.sent == [twilio.refused[0]]
    assert held(tmp_path) == 0


async def test_delivery_receipts_are_recorded(
    http: Http, twilio: FakeTwilio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "TWIML_WAIT", 0.0)
    await twilio.say(http, "bonjour")
    await until(lambda: states(tmp_path) == ["sent"])
    path = twilio.sent[0]["StatusCallback"].removeprefix("https://jalon.example.org")
    for status in ("sent", "delivered"):
        form = {"MessageSid": "SM-sent-1", "MessageStatus": status}
        response = await http.post(path, data=form, headers=twilio.signature(path, form))
        assert response.status == 204
    assert states(tmp_path) == ["delivered"]
    forged = await http.post(path, data=form, headers=twilio.signature(path, form, "no"))
    assert forged.status == 403


@pytest.mark.usefixtures("brief")
async def test_2000_sms_from_200_people_repeated_and_shuffled_are_each_answered_once_in_order(
    http: Http, rasa: FakeRasa
) -> None:
    gateway = Gateway(http)
    dice = random.Random(6)
    numbers = [f"+336{index:08d}" for index in range(200)]
    wanted = [(number, f"mot {turn}") for turn in range(10) for number in numbers]
    calls = [*wanted, *dice.sample(wanted, 400)]  # a fifth comes twice
    for start in range(0, len(calls), 40):
        batch = calls[start : start + 40]
        dice.shuffle(batch)
        await asyncio.gather(
            *(gateway.receive(text, number, f"{number} {text}") for number, text in batch)
        )
    got: dict[str, list[str]] = {}
    async with asyncio.timeout(240):
        while sum(map(len, got.values())) < len(wanted):
            messages = await gateway.collect()
            await gateway.collect([message["id"] for message in messages])
            for message in messages:
                lines = [x for x in message["text"].splitlines() if x.startswith("mot ")]
                got.setdefault(message["to"], []).extend(lines)
    assert got == {number: [f"mot {turn}" for turn in range(10)] for number in numbers}
    heard = [line for message in rasa.messages for line in message.splitlines()]
    assert len(heard) == len(wanted)


async def test_sms_that_were_not_answered_before_a_stop_are_after_the_restart(
    start_sms: StartSms, rasa: FakeRasa
) -> None:
    rasa.hold.clear()
    http = await start_sms()
    assert await Gateway(http).receive("une crèche") == "accepted"
    await rasa.arrived.wait()
    await http.close()
    rasa.hold.set()
    http = await start_sms()
    [answer] = await Gateway(http).answers()
    assert answer.endswith("Vous avez dit : une crèche")
    assert await Gateway(http).collect() == []


async def test_when_rasa_is_down_people_get_a_phone_number(
    start_sms: StartSms, twilio: FakeTwilio
) -> None:
    http = await start_sms(rasa_url="http://127.0.0.1:1")
    [answer] = await twilio.say(http, "une crèche")
    assert "01 43 93 93 93" in answer


@pytest.mark.parametrize(
    "text",
    ["", "  ", "\x00", "😀", "😀" * 400, "مرحبا", "a" * 10_000, "é" * 10_000, "/restart", "\ud800"],
)
async def test_any_text_is_answered_and_cannot_give_orders_to_rasa(
    http: Http, rasa: FakeRasa, text: str
) -> None:
    gateway = Gateway(http)
    assert await gateway.receive(text) == "accepted"
    [answer] = await gateway.answers()
    assert answer
    assert all(not heard.startswith("/") and len(heard) <= 1600 for heard in rasa.messages)
