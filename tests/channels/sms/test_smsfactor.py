"""SMSFactor: a fake of its API as a real HTTP server, with the answers of its documentation."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from channels.sms.night import PARIS
from channels.sms.provider import Outgoing
from channels.sms.smsfactor import SmsFactor
from tests.channels.sms.conftest import StartSms
from tests.channels.sms.phone import PHONE, serving, until
from tests.channels.sms.test_queue import states
from tests.fake_rasa import FakeRasa

API_TOKEN = "a token of the API"


def written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


class FakeSmsFactor:
    """The part of SMSFactor's API that we use."""

    def __init__(self) -> None:
        self.url = ""
        self.replies: list[dict[str, Any]] = []  # as listed: newest first
        self.sent: list[dict[str, Any]] = []
        self.answers: list[Any] = []  # answered first to a sending, which is not done
        self.filtered = False  # the number is on their list of STOP
        self.asked: list[str] = []

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._check])
        app.router.add_post("/send", self._send)
        app.router.add_get("/messages", self._messages)
        app.router.add_get("/messages/mo", self._replies)
        return app

    @web.middleware
    async def _check(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.headers["Authorization"] != f"Bearer {API_TOKEN}":
            return web.json_response({"status": -1, "message": "Authentication error"})
        response: web.StreamResponse = await handler(request)
        return response

    async def _send(self, request: web.Request) -> web.Response:
        if self.answers:
            answer = self.answers.pop(0)
            status = answer if isinstance(answer, int) and answer > 0 else 200
            return web.json_response({"status": answer, "message": "…"}, status=status)
        sms = (await request.json())["sms"]
        [recipient] = sms["recipients"]["gsm"]
        if not self.filtered:
            self.sent.append({**sms["message"], **recipient, "status": "DELIVERED"})
        told = {"ticket": "14672468", "cost": 1, "credits": 642, "total": 1}
        return web.json_response(
            {"status": 1, "message": "OK", **told, "sent": 0 if self.filtered else 1}
        )

    async def _messages(self, request: web.Request) -> web.Response:
        assert request.query["type"] == "messages-out"
        wanted = request.query.get("destination")
        found = [
            {
                "client_message_id": one["gsmsmsid"],
                "destination": one["value"],
                "message": one["text"],
                "status": one["status"],
            }
            for one in self.sent
            if wanted in (None, one["value"])
        ]
        return web.json_response({"status": 1, "message": "OK", "messages": found})

    async def _replies(self, request: web.Request) -> web.Response:
        assert request.query["sort"] == "-date"
        start, end = request.query["date_start"], request.query["date_end"]
        found = [one for one in self.replies if start <= one["date"] <= end]
        return web.json_response({"status": 1, "message": "OK", "replies": found})

    def receive(self, text: str, number: int | str = 33612345678) -> None:
        """Somebody answers."""
        one = {"message_id": str(len(self.replies)), "campaign_id": "1", "destination": number}
        date = written(datetime.now(PARIS))
        self.replies.insert(0, {**one, "message": text, "info1": "", "date": date})


@pytest.fixture
async def fake() -> AsyncIterator[FakeSmsFactor]:
    async with serving(FakeSmsFactor(), "") as fake:
        yield fake


@pytest.fixture
async def started(fake: FakeSmsFactor, start_sms: StartSms) -> None:
    await start_sms(smsfactor_api_url=fake.url, smsfactor_token=API_TOKEN)


@pytest.mark.usefixtures("started")
async def test_an_sms_is_fetched_answered_once_and_told_to_be_delivered(
    fake: FakeSmsFactor, rasa: FakeRasa, tmp_path: Path
) -> None:
    fake.receive("une crèche")
    await until(lambda: states(tmp_path) == ["delivered"])
    asked = len(fake.asked)
    await until(lambda: len(fake.asked) > asked + 4)
    [sent] = fake.sent
    assert (sent["value"], sent["pushtype"], sent["unicode"]) == ("33612345678", "alert", 0)
    assert sent["text"].endswith("Vous avez dit : une crèche")
    assert "sender" not in sent
    assert rasa.messages == ["une crèche"]


async def test_what_was_answered_before_a_restart_is_not_answered_again(
    fake: FakeSmsFactor, start_sms: StartSms, rasa: FakeRasa, tmp_path: Path
) -> None:
    account = {"smsfactor_api_url": fake.url, "smsfactor_token": API_TOKEN}
    http = await start_sms(**account)
    fake.receive("une crèche")
    fake.receive("EFFACER", number="33699999999")
    await until(lambda: states(tmp_path) == ["delivered"] * 2)
    await http.close()
    asked = len(fake.asked)
    await start_sms(**account)
    await until(lambda: len(fake.asked) > asked + 4)
    assert len(fake.sent) == 2
    assert rasa.messages == ["une crèche", "/effacer"]


@pytest.mark.usefixtures("started")
async def test_another_script_is_sent_in_unicode(fake: FakeSmsFactor, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: [{"text": "اتصل بالرقم 115"}]
    fake.receive("مساعدة")
    await until(lambda: len(fake.sent) == 1)
    assert fake.sent[0]["unicode"] == 1


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("failure", [-1, -3, -99, 429, 500, 401])
async def test_an_api_that_fails_is_tried_again_and_sends_once(
    fake: FakeSmsFactor, failure: int
) -> None:
    fake.answers = [failure, failure]
    fake.receive("bonjour")
    await until(lambda: len(fake.sent) == 1)


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(("answer", "state"), [(-8, "sent"), (-7, "failed")])
async def test_what_is_in_moderation_or_refused_is_not_sent_again(
    fake: FakeSmsFactor, tmp_path: Path, answer: int, state: str
) -> None:
    fake.answers = [answer]
    fake.receive("bonjour")
    await until(lambda: states(tmp_path) == [state])
    assert not fake.sent


@pytest.mark.usefixtures("started")
async def test_a_number_that_their_own_list_filters_is_not_tried_again(
    fake: FakeSmsFactor, tmp_path: Path
) -> None:
    fake.filtered = True
    fake.receive("bonjour")
    await until(lambda: states(tmp_path) == ["failed"])


@pytest.mark.usefixtures("started")
async def test_the_sms_of_an_advertiser_is_not_answered(
    fake: FakeSmsFactor, rasa: FakeRasa
) -> None:
    fake.receive("PROMO", number="BOUTIQUE")
    fake.receive("bonjour")
    await until(lambda: len(fake.sent) == 1)
    assert rasa.messages == ["bonjour"]


async def test_an_interrupted_sending_is_known_by_its_name(fake: FakeSmsFactor) -> None:
    outgoing = Outgoing(3, PHONE, "bonjour", {}, time.time(), time.time())
    async with SmsFactor(fake.url, API_TOKEN) as provider:
        assert await provider.was_sent(outgoing) is None
        assert await provider.send(outgoing) == outgoing.name
        assert await provider.was_sent(outgoing) == outgoing.name
        [receipt] = await provider.delivered([outgoing.name, "jalon-4-1"])
    assert (receipt.reference, receipt.delivered) == (outgoing.name, True)
