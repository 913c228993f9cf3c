"""What stands on the other side of the webhooks: a fake Twilio with its own library's signature."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar
from xml.etree import ElementTree

from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestClient, TestServer
from twilio.request_validator import RequestValidator

from channels.sms.generic import sign

TOKEN = "a Twilio token for these tests"
ACCOUNT = "AC" + "0" * 32
LINE = "+33757000000"
PHONE = "+33612345678"
SECRET = "a secret shared with a gateway"
PUBLIC_URL = "https://jalon.example.org"


class Fake(Protocol):
    """The other side, as a real HTTP server."""

    url: str

    def app(self) -> web.Application: ...


F = TypeVar("F", bound=Fake)


@asynccontextmanager
async def serving(fake: F, path: str = "") -> AsyncIterator[F]:
    """Serve this fake; its `url` is where, with this path."""
    server = TestServer(fake.app())
    await server.start_server()
    fake.url = str(server.make_url(path))
    yield fake
    await server.close()


def twiml_texts(body: str) -> list[str]:
    """The SMS in a TwiML answer."""
    root = ElementTree.fromstring(body)
    assert root.tag == "Response"
    return ["".join(message.itertext()) for message in root.iter("Message")]


class FakeTwilio:
    """Twilio's side: signed webhooks out, and its messages API as a real HTTP server."""

    def __init__(self) -> None:
        self.url = ""
        self.sent: list[dict[str, str]] = []
        self.refused: list[dict[str, str]] = []  # asked for while failing
        self.failures: list[web.Response] = []  # answered first, one a call
        self.hangs = False  # takes the SMS and does not answer
        self.lists_after = 0.0  # seconds between taking an SMS and listing it
        self.taken_at: dict[int, float] = {}  # by number in `sent`
        self._ids = itertools.count()

    def app(self) -> web.Application:
        app = web.Application()
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        app.router.add_post(path, self._send)
        app.router.add_get(path, self._list)
        return app

    async def _send(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != encode_basic_auth(ACCOUNT, TOKEN):
            return web.json_response({"code": 20003}, status=401)
        form = {name: str(value) for name, value in (await request.post()).items()}
        if self.failures:
            self.refused.append(form)
            return self.failures.pop(0)
        self._take(form)
        if self.hangs:
            await asyncio.sleep(60)
        return web.json_response({"sid": f"SM-sent-{len(self.sent)}"}, status=201)

    def _take(self, message: dict[str, str]) -> None:
        self.sent.append(message)
        self.taken_at[len(self.sent)] = time.monotonic()

    async def _list(self, request: web.Request) -> web.Response:
        latest = time.monotonic() - self.lists_after
        found = [
            {
                "sid": f"SM-sent-{number}",
                "body": message["Body"],
                "date_created": "Thu, 01 Jan 2099 00:00:00 +0000",
            }
            for number, message in enumerate(self.sent, start=1)
            if message["To"] == request.query["To"] and self.taken_at.get(number, 0.0) <= latest
        ]
        return web.json_response({"messages": found})

    def answered_in_response(self, number: str, text: str) -> None:
        """A TwiML answer: for Twilio, a message as those of its API."""
        self._take({"To": number, "Body": text})

    def form(self, text: str, number: str = PHONE, sid: str | None = None) -> dict[str, str]:
        """The fields of an SMS received."""
        return {
            "MessageSid": sid or f"SM-received-{next(self._ids)}",
            "AccountSid": ACCOUNT,
            "From": number,
            "To": LINE,
            "Body": text,
            "NumMedia": "0",
        }

    def signature(self, path: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
        """The header that Twilio's library computes."""
        signed = RequestValidator(token).compute_signature(PUBLIC_URL + path, form)
        return {"X-Twilio-Signature": signed}

    async def post(self, http: TestClient[Any, Any], form: dict[str, str]) -> str:
        """Call our webhook as Twilio does; the TwiML."""
        headers = self.signature("/sms/twilio", form)
        response = await http.post("/sms/twilio", data=form, headers=headers)
        assert response.status == 200, await response.text()
        assert response.content_type == "text/xml"
        return await response.text()

    async def say(self, http: TestClient[Any, Any], text: str, **fields: Any) -> list[str]:
        """Send an SMS; what comes back in the response."""
        return twiml_texts(await self.post(http, self.form(text, **fields)))


async def until(holds: Callable[[], bool], limit: float = 10.0) -> None:
    """Wait for a condition; fail after `limit` seconds."""
    deadline = time.monotonic() + limit
    while not holds():
        assert time.monotonic() < deadline, "never happened"
        await asyncio.sleep(0.01)


class Gateway:
    """A gateway behind our generic webhook, which collects the SMS to send."""

    def __init__(self, http: TestClient[Any, Any]) -> None:
        self._http = http
        self._ids = itertools.count()

    async def post(self, path: str, body: Any, timestamp: float | None = None) -> Any:
        """One signed call; the response."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int(time.time() if timestamp is None else timestamp))
        headers = {"X-Jalon-Timestamp": stamp, "X-Jalon-Signature": sign(SECRET, stamp, raw)}
        return await self._http.post(path, data=raw, headers=headers)

    async def receive(self, text: str, number: str = PHONE, message_id: str | None = None) -> str:
        """Give one SMS to Jalon; what is acknowledged."""
        body = {"id": message_id or f"g{next(self._ids)}", "from": number, "text": text}
        response = await self.post("/sms/generic", body)
        assert response.status == 200, await response.text()
        status: str = (await response.json())["status"]
        return status

    async def collect(self, done: list[str] | None = None) -> list[dict[str, str]]:
        """The SMS to send."""
        response = await self.post("/sms/generic/collect", {"done": done or []})
        assert response.status == 200
        messages: list[dict[str, str]] = (await response.json())["messages"]
        return messages

    async def answers(self, wanted: int = 1) -> list[str]:
        """Collect until so many texts came, and say that they are sent."""
        found: list[str] = []
        async with asyncio.timeout(10):
            while len(found) < wanted:
                messages = await self.collect()
                found += [message["text"] for message in messages]
                await self.collect([message["id"] for message in messages])
                await asyncio.sleep(0.01)
        return found
