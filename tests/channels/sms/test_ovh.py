"""OVHcloud: a fake of its API as a real HTTP server, that checks signatures as the real one."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import ovh
import pytest
import time_machine
from aiohttp import web

from channels.sms.ovh import Ovh, sign
from channels.sms.provider import Outgoing
from tests.channels.sms.conftest import StartSms
from tests.channels.sms.phone import PHONE, serving, until
from tests.channels.sms.test_queue import states
from tests.fake_rasa import FakeRasa

SERVICE = "sms-ab12345-1"
KEY, APPLICATION_SECRET, CONSUMER = "application-key", "application-secret", "consumer-key"
NUMBER = "+33757000001"
AHEAD = 1000  # seconds: OVHcloud's clock on ours


class FakeOvh:
    """The part of OVHcloud's API that we use."""

    def __init__(self) -> None:
        self.url = ""
        self.incoming: dict[int, dict[str, Any]] = {}
        self.jobs: list[dict[str, Any]] = []
        self.failures: list[int] = []  # statuses answered first to a sending
        self.invalid = False
        self.queue: dict[int, dict[str, str]] = {}  # taken, and not among the SMS sent yet
        self.keeps = False  # the key has no right to delete
        self.asked: set[str] = set()  # paths
        self.ids = itertools.count(40)

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._check])
        app.router.add_get("/1.0/auth/time", self._time)
        for base in (f"/1.0/sms/{SERVICE}", f"/1.0/sms/{SERVICE}/virtualNumbers/{NUMBER}"):
            app.router.add_get(f"{base}/incoming", self._list)
            app.router.add_get(f"{base}/incoming/{{id}}", self._read)
            app.router.add_delete(f"{base}/incoming/{{id}}", self._delete)
            app.router.add_post(f"{base}/jobs", self._send)
            app.router.add_get(f"{base}/jobs", self._queued)
            app.router.add_get(f"{base}/jobs/{{id}}", self._job)
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
            self.asked.add(request.path)
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
        if self.keeps:
            return web.json_response({"message": "This call has not been granted"}, status=403)
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

    async def _queued(self, _: web.Request) -> web.Response:
        return web.json_response(list(self.queue))

    async def _job(self, request: web.Request) -> web.Response:
        return web.json_response(self.queue[int(request.match_info["id"])])

    async def _sent(self, request: web.Request) -> web.Response:
        tags = enumerate((job["tag"] for job in self.jobs), start=1)
        return web.json_response([one for one, tag in tags if tag == request.query["tag"]])

    async def _receipt(self, request: web.Request) -> web.Response:
        return web.json_response({"id": int(request.match_info["id"]), "deliveryReceipt": 1})


@pytest.fixture
async def fake() -> AsyncIterator[FakeOvh]:
    async with serving(FakeOvh(), "/1.0") as fake:
        yield fake


@pytest.fixture
def account(fake: FakeOvh) -> dict[str, str]:
    """The settings of an operator."""
    return {
        "ovh_api_url": fake.url,
        "ovh_sms_service": SERVICE,
        "ovh_application_key": KEY,
        "ovh_application_secret": APPLICATION_SECRET,
        "ovh_consumer_key": CONSUMER,
    }


@pytest.fixture
async def started(account: dict[str, str], start_sms: StartSms) -> None:
    await start_sms(**account)


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


async def test_a_virtual_number_receives_answers_and_is_told_of_deliveries(
    fake: FakeOvh, account: dict[str, str], start_sms: StartSms, tmp_path: Path
) -> None:
    await start_sms(**account, ovh_sms_number=NUMBER)
    receive(fake, "une crèche")
    await until(lambda: states(tmp_path) == ["delivered"] and not fake.incoming)
    [job] = fake.jobs
    assert job["receivers"] == [PHONE]
    assert not {"sender", "senderForResponse", "noStopClause"} & job.keys()
    assert all(f"/virtualNumbers/{NUMBER}/" in path for path in fake.asked)


@pytest.mark.usefixtures("started")
async def test_a_receipt_is_asked_for_and_recorded(fake: FakeOvh, tmp_path: Path) -> None:
    receive(fake, "bonjour")
    await until(lambda: states(tmp_path) == ["delivered"])


@pytest.mark.usefixtures("started")
async def test_a_key_that_may_not_delete_hides_no_sms(fake: FakeOvh, rasa: FakeRasa) -> None:
    fake.keeps = True
    receive(fake, "bonjour")
    receive(fake, "une crèche", sender="+33699999999")
    await until(lambda: len(fake.jobs) == 2)
    assert sorted(rasa.messages) == ["bonjour", "une crèche"]


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("status", [401, 402, 403])
async def test_wrong_keys_and_no_credit_lose_nothing(
    fake: FakeOvh, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    fake.failures = [status, status]
    receive(fake, "bonjour")
    await until(lambda: len(fake.jobs) == 1)
    assert f"127.0.0.1 answers {status}: wrong keys, or no credit" in caplog.text


@pytest.mark.usefixtures("started")
async def test_an_answer_that_is_not_what_was_awaited_does_not_end_the_asking(
    fake: FakeOvh,
) -> None:
    fake.incoming[1] = {"unheard": "of"}
    await until(lambda: not fake.incoming)  # nobody to answer
    fake.incoming[2] = None  # type: ignore[assignment]
    await until(lambda: f"/1.0/sms/{SERVICE}/incoming/2" in fake.asked)
    del fake.incoming[2]
    receive(fake, "bonjour")
    await until(lambda: len(fake.jobs) == 1)


async def test_what_waits_in_their_queue_is_not_sent_again(
    fake: FakeOvh, account: dict[str, str]
) -> None:
    url, *keys = account.values()
    async with Ovh(url, *keys, "") as provider:
        outgoing = Outgoing(1, PHONE, "bonjour", {}, time.time(), time.time())
        assert await provider.was_sent(outgoing) is None
        fake.queue = {
            7: {"receiver": "+33600000000", "message": "bonjour"},
            8: {"receiver": PHONE, "message": "bonjour"},
        }
        assert await provider.was_sent(outgoing) == "8"


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
