"""OVHcloud: a fake of its API as a real HTTP server, that checks signatures as the real one."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import ovh
import pytest
import time_machine
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.sms import webhooks
from channels.sms.ovh import sign
from tests.channels.sms.conftest import StartSms
from tests.channels.sms.phone import PHONE, until
from tests.fake_rasa import FakeRasa

SERVICE = "sms-ab12345-1"
KEY, APPLICATION_SECRET, CONSUMER = "application-key", "application-secret", "consumer-key"
AHEAD = 1000  # seconds: OVHcloud's clock on ours


class FakeOvh:
    """The part of OVHcloud's API that we use."""

    def __init__(self) -> None:
        self.url = ""
        self.incoming: dict[int, dict[str, Any]] = {}
        self.jobs: list[dict[str, Any]] = []
        self.failures: list[int] = []  # statuses answered first to a sending
        self.invalid = False
        self.ids = itertools.count(40)

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._check])
        base = f"/1.0/sms/{SERVICE}"
        app.router.add_get("/1.0/auth/time", self._time)
        app.router.add_get(f"{base}/incoming", self._list)
        app.router.add_get(f"{base}/incoming/{{id}}", self._read)
        app.router.add_delete(f"{base}/incoming/{{id}}", self._delete)
        app.router.add_post(f"{base}/jobs", self._send)
        app.router.add_get(f"{base}/outgoing", self._sent)
        app.router.add_get(f"{base}/outgoing/{{id}}", self._receipt)
        return app

    @web.middleware
    async def _check(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path != "/1.0/auth/time":
            timestamp = request.headers["X-Ovh-Timestamp"]
            body, url = await request.text(), str(request.url)
            wanted = sign(APPLICATION_SECRET, CONSUMER, request.method, url, body, timestamp)
            late = abs(int(timestamp) - time.time() - AHEAD)
            if request.headers["X-Ovh-Signature"] != wanted or late > 30:
                return web.json_response({"message": "Invalid signature"}, status=403)
        response: web.StreamResponse = await handler(request)
        return response

    async def _time(self, _: web.Request) -> web.Response:
        return web.json_response(int(time.time()) + AHEAD)

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response(list(self.incoming))

    async def _read(self, request: web.Request) -> web.Response:
        return web.json_response(self.incoming[int(request.match_info["id"])])

    async def _delete(self, request: web.Request) -> web.Response:
        del self.incoming[int(request.match_info["id"])]
        return web.json_response(None)

    async def _send(self, request: web.Request) -> web.Response:
        if self.failures:
            return web.json_response({"message": "no"}, status=self.failures.pop(0))
        self.jobs.append(await request.json())
        receivers = self.jobs[-1]["receivers"]
        return web.json_response(
            {
                "ids": [] if self.invalid else [len(self.jobs)],
                "invalidReceivers": receivers if self.invalid else [],
                "validReceivers": receivers,
                "totalCreditsRemoved": 1,
            }
        )

    async def _sent(self, request: web.Request) -> web.Response:
        tags = enumerate((job["tag"] for job in self.jobs), start=1)
        return web.json_response([one for one, tag in tags if tag == request.query["tag"]])

    async def _receipt(self, request: web.Request) -> web.Response:
        return web.json_response({"id": int(request.match_info["id"]), "deliveryReceipt": 1})


@pytest.fixture
async def fake() -> AsyncIterator[FakeOvh]:
    fake = FakeOvh()
    server = TestServer(fake.app())
    await server.start_server()
    fake.url = str(server.make_url("/1.0"))
    yield fake
    await server.close()


@pytest.fixture
async def started(fake: FakeOvh, start_sms: StartSms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "ASK_EVERY", 0.05)
    await start_sms(
        ovh_api_url=fake.url,
        ovh_sms_service=SERVICE,
        ovh_application_key=KEY,
        ovh_application_secret=APPLICATION_SECRET,
        ovh_consumer_key=CONSUMER,
    )


def receive(fake: FakeOvh, text: str, sender: str = PHONE) -> None:
    one = next(fake.ids)
    fake.incoming[one] = {"id": one, "sender": sender, "message": text, "tag": "", "credits": 0}


@pytest.mark.usefixtures("started")
async def test_an_sms_is_fetched_answered_and_deleted_there(fake: FakeOvh, rasa: FakeRasa) -> None:
    receive(fake, "une crèche")
    await until(lambda: len(fake.jobs) == 1)
    [job] = fake.jobs
    assert job["receivers"] == [PHONE]
    assert job["message"].endswith("Vous avez dit : une crèche")
    assert job["senderForResponse"] is True
    assert job["noStopClause"] is True
    assert job["coding"] == "7bit"
    assert not fake.incoming
    assert rasa.messages == ["une crèche"]


@pytest.mark.usefixtures("started")
async def test_another_script_is_sent_in_unicode(fake: FakeOvh, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: [{"text": "اتصل بالرقم 115"}]
    receive(fake, "مساعدة")
    await until(lambda: len(fake.jobs) == 1)
    assert fake.jobs[0]["coding"] == "8bit"


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("failure", [429, 500])
async def test_a_failing_api_is_tried_again_and_sends_once(fake: FakeOvh, failure: int) -> None:
    fake.failures = [failure, failure]
    receive(fake, "bonjour")
    await until(lambda: len(fake.jobs) == 1 and not fake.incoming)


@pytest.mark.usefixtures("started")
async def test_a_number_that_is_refused_is_not_tried_again(fake: FakeOvh) -> None:
    fake.invalid = True
    receive(fake, "bonjour")
    await until(lambda: len(fake.jobs) == 1 and not fake.incoming)
    fake.invalid = False
    receive(fake, "encore")
    await until(lambda: len(fake.jobs) == 2)
    assert fake.jobs[1]["message"].endswith("Vous avez dit : encore")


@pytest.mark.usefixtures("started")
async def test_the_sms_of_an_advertiser_is_deleted_and_not_answered(
    fake: FakeOvh, rasa: FakeRasa
) -> None:
    receive(fake, "PROMO", sender="BOUTIQUE")
    receive(fake, "bonjour")
    await until(lambda: len(fake.jobs) == 1 and not fake.incoming)
    assert rasa.messages == ["bonjour"]


async def test_missing_settings_are_named_and_the_provider_does_not_start(
    start_sms: StartSms, caplog: pytest.LogCaptureFixture
) -> None:
    await start_sms(ovh_sms_service=SERVICE, ovh_application_key=KEY)
    missing = "OVH_APPLICATION_SECRET, OVH_CONSUMER_KEY missing"
    assert f"SMS provider ovh is not started: {missing}" in caplog.text


def test_the_signature_is_the_one_of_their_library(monkeypatch: pytest.MonkeyPatch) -> None:
    client = ovh.Client("ovh-eu", KEY, APPLICATION_SECRET, CONSUMER)
    monkeypatch.setattr(ovh.Client, "time_delta", 0)
    seen: dict[str, Any] = {}

    def request(method: str, url: str, headers: dict[str, str], data: str, **_: Any) -> Any:
        seen.update(headers, url=url, body=data)
        raise RuntimeError

    monkeypatch.setattr(client._session, "request", request)
    with time_machine.travel("2026-11-26T10:00:00Z", tick=False), pytest.raises(Exception):  # noqa: B017, PT011
        client.post(f"/sms/{SERVICE}/jobs", message="été", receivers=[PHONE])
    body = seen["body"] if isinstance(seen["body"], str) else json.dumps(seen["body"])
    ours = sign(APPLICATION_SECRET, CONSUMER, "POST", seen["url"], body, seen["X-Ovh-Timestamp"])
    assert ours == seen["X-Ovh-Signature"]
