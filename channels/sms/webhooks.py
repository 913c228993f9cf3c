"""What SMS providers call: each SMS is stored before anything else, then acknowledged."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from aiohttp import web

from channels import texts
from channels.errors import Refusal
from channels.pause import Pause
from channels.rasa import Rasa
from channels.resume import Codes
from channels.settings import Settings
from channels.sms.generic import Generic, told
from channels.sms.links import Links
from channels.sms.ovh import Ovh
from channels.sms.privacy import Vault, kept_secret
from channels.sms.provider import (
    Asked,
    BadMessage,
    BadSignature,
    Inbound,
    Outgoing,
    Provider,
    Request,
)
from channels.sms.smsfactor import SmsFactor
from channels.sms.store import Received, Store
from channels.sms.tables import create_store_engine
from channels.sms.turn import Turns
from channels.sms.twilio import Twilio
from channels.sms.worker import Pace, Worker
from channels.web.crossing import Crossing, Line

logger = logging.getLogger(__name__)

MAX_BODY = 256 * 1024  # bytes: 10,000 characters of any script, encoded in a form
TWIML_WAIT = 5.0  # seconds that Twilio waits for an answer in the response
PACE = Pace()
ASK_EVERY = 3.0  # seconds
ASK_AT_LEAST = 60.0  # seconds, when asking fails
RECEIPTS_EVERY = 20  # turns
COLLECTED = 20  # answers given at once to a gateway that collects them
FOLDER = Path(__file__).parents[2] / "var"
KEY_FILE = FOLDER / "sms.key"
STORE_FILE = FOLDER / "sms.sqlite"


class SmsChannel:
    """The routes of the configured providers, over one store and one worker."""

    def __init__(
        self,
        providers: list[Provider],
        store: Store,
        vault: Vault,
        rasa: Rasa,
        public_url: str,
        review: bool,
        pause: Pause,
        links: bool,
        policy_url: str,
        pace: Pace,
    ) -> None:
        self._providers: dict[str, Provider] = {one.name: one for one in providers}
        self._store = store
        self._vault = vault
        self._rasa = rasa
        self._public_url = public_url.rstrip("/")
        senders = {n: p for n, p in self._providers.items() if not getattr(p, "collects", False)}
        self.codes = Codes(store, vault)
        self._links = Links(store, vault, self._public_url) if links else None
        turns = Turns(store, rasa, self.codes, review, pause, self._links, policy_url)
        self.worker = Worker(store, turns, senders, pace)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._responding: set[asyncio.Task[web.Response]] = set()

    def crossing(self) -> Crossing:
        """What the web can do with the first provider that can write first."""
        lines = [Line(p.name, p.line) for p in self._providers.values() if p.line is not None]
        first = lines[0] if lines else None
        return Crossing(self._store, self._vault, self.codes, first, self.worker.send_soon)

    def routes(self) -> list[web.RouteDef]:
        """The webhooks of the providers that are configured, and no other."""
        routes = [web.get("/s/{name}", self._links.follow)] if self._links else []
        for name, provider in self._providers.items():
            if isinstance(provider, Asked):
                continue
            path = f"/sms/{name}"
            if isinstance(provider, Twilio):
                routes.append(web.post(path, self._twilio(provider)))
            else:
                routes.append(web.post(path, self._acknowledge(provider)))
            routes.append(web.post(f"{path}/status", self._receipt(provider)))
            if isinstance(provider, Generic) and provider.collects:
                routes.append(web.post(f"{path}/collect", self._collect(provider)))
        return routes

    async def running(self, _: web.Application) -> AsyncIterator[None]:
        """Open what is needed, take up what was left, answer until the end."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._rasa)
            for provider in self._providers.values():
                await stack.enter_async_context(provider)
            await self._store.open()
            stack.push_async_callback(self._store.close)
            await self.worker.start()
            stack.push_async_callback(self.worker.stop)
            asking = [
                asyncio.create_task(self._ask(one))
                for one in self._providers.values()
                if isinstance(one, Asked)
            ]
            yield
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)

    async def _ask(self, provider: Asked) -> None:
        """Ask for the SMS received every few seconds, and now and then for receipts.

        Less and less often while the provider does not answer.
        """
        wait = ASK_EVERY
        for turn in itertools.count():
            try:
                await self._fetch(provider)
                if turn % RECEIPTS_EVERY == 0:
                    sent = await self._store.without_receipt(provider.name, COLLECTED)
                    for receipt in await provider.delivered(sent) if sent else []:
                        await self._store.note_receipt(provider.name, receipt)
                wait = ASK_EVERY
            except Exception as error:
                wait = min(2 * wait, ASK_AT_LEAST)
                # Whatever fails (the database too), asking goes on. Not the traceback: an
                # exception's text may quote what the person wrote.
                logger.warning("%s cannot be asked: %s", provider.name, type(error).__name__)
            await asyncio.sleep(wait)

    async def _fetch(self, provider: Asked) -> None:
        """Store all that came before forgetting any: a refused deletion must not hide an SMS."""
        found = await provider.fetch()
        for inbound in found:
            if inbound.number:
                await self._receive(provider.name, inbound)
                self._wake(inbound)
        for inbound in found:
            await provider.forget(inbound)

    def _twilio(self, provider: Twilio) -> Callable[[web.Request], Any]:
        async def receive(request: web.Request) -> web.StreamResponse:
            inbound = await self._parse(provider, request)
            responding = asyncio.create_task(self._respond(provider, request, inbound))
            self._responding.add(responding)
            responding.add_done_callback(self._responding.discard)
            # Twilio going away must not leave an answer between the response and the API.
            return await asyncio.shield(responding)

        return receive

    async def _respond(
        self, provider: Twilio, request: web.Request, inbound: Inbound
    ) -> web.Response:
        lock = self._turns.setdefault(inbound.message_id, asyncio.Lock())
        # A repetition waits for the first response: only then is it known to be written.
        async with lock:
            outgoing = await self._answer_now(provider.name, inbound)
            response = web.Response(text=provider.twiml(outgoing), content_type="text/xml")
            if outgoing:
                await self._write(request, response, outgoing)
        return response

    async def _write(
        self, request: web.Request, response: web.Response, outgoing: Outgoing
    ) -> None:
        """Write a response to its end and note it; else, the answer goes by the API."""
        try:
            if request.transport is None or request.transport.is_closing():
                raise ConnectionResetError
            await response.prepare(request)
            await response.write_eof()
        except ConnectionError:
            await self._store.postpone(outgoing.id, 0.0, uncertain=False)
            self.worker.send_soon()
        else:
            await self._store.sent(outgoing.id, None)
            self.worker.send_soon()

    async def _answer_now(self, provider: str, inbound: Inbound) -> Outgoing | None:
        """The answer if it is ready in time and nothing else is pending for this person."""
        received = await self._receive(provider, inbound)
        if received.is_new:
            if not received.alone:
                self._wake(inbound)
                return None
        else:
            answered, outgoing = await self._store.claim_answer(received.id)
            if answered:
                return outgoing
        expected = self.worker.expect(received.id)
        self._wake(inbound)
        return await self.worker.wait(expected, TWIML_WAIT)

    def _acknowledge(self, provider: Provider) -> Callable[[web.Request], Any]:
        async def receive(request: web.Request) -> web.StreamResponse:
            inbound = await self._parse(provider, request)
            received = await self._receive(provider.name, inbound)
            self._wake(inbound)
            return web.json_response({"status": "accepted" if received.is_new else "duplicate"})

        return receive

    def _receipt(self, provider: Provider) -> Callable[[web.Request], Any]:
        async def receive(request: web.Request) -> web.StreamResponse:
            call = await self._call(request)
            with self._refusing():
                receipt = provider.receipt(call)
            await self._store.note_receipt(provider.name, receipt)
            return web.Response(status=204)

        return receive

    def _collect(self, provider: Generic) -> Callable[[web.Request], Any]:
        async def receive(request: web.Request) -> web.StreamResponse:
            call = await self._call(request)
            with self._refusing():
                done = provider.verified(call).get("done", [])
            if not isinstance(done, list):
                raise _bad_request()
            due, waiting = await self._store.collect(provider.name, _ids(done), COLLECTED)
            return web.json_response({"messages": [told(one) for one in due], "waiting": waiting})

        return receive

    async def _parse(self, provider: Provider, request: web.Request) -> Inbound:
        call = await self._call(request)
        with self._refusing():
            return provider.parse(call)

    async def _call(self, request: web.Request) -> Request:
        body = bytearray()
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > MAX_BODY:
                raise Refusal(413, "body_too_large", texts.TOO_LONG)
        return Request(self._public_url + request.raw_path, request.headers, bytes(body))

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except BadSignature as error:
            self.worker.counted["bad signature"] += 1
            raise Refusal(403, "bad_signature", texts.NOT_UNDERSTOOD_BY_SERVER) from error
        except BadMessage as error:
            self.worker.counted["bad message"] += 1
            raise _bad_request() from error

    async def _receive(self, provider: str, inbound: Inbound) -> Received:
        received = await self._store.receive(provider, self._person(inbound), inbound)
        self.worker.counted["received" if received.is_new else "repeated"] += 1
        return received

    def _wake(self, inbound: Inbound) -> None:
        self.worker.wake(self._person(inbound))

    def _person(self, inbound: Inbound) -> str:
        return self._vault.person(inbound.number)


def _ids(values: list[Any]) -> list[int]:
    texts_of_ids = (value for value in values if isinstance(value, str) and value.isascii())
    return [int(value[:18]) for value in texts_of_ids if value.isdigit()]


def _bad_request() -> Refusal:
    return Refusal(400, "invalid_request", texts.NOT_UNDERSTOOD_BY_SERVER)


def create_sms_channel(settings: Settings) -> SmsChannel | None:
    """The SMS channel, or None when no provider is configured."""
    providers = configured(settings)
    if not providers:
        return None
    if settings.secret_is_random:
        logger.warning("JALON_SECRET is not set: SMS are protected by the key in %s", KEY_FILE)
    secret = kept_secret(KEY_FILE) if settings.secret_is_random else settings.secret
    vault = Vault(secret)
    store = Store(create_store_engine(settings.database_url or f"sqlite:///{STORE_FILE}"), vault)
    rasa = Rasa(settings.rasa_url, settings.rasa_timeout, settings.rasa_connect_timeout, "sms")
    links = settings.sms_links and bool(settings.public_url)
    review, url = bool(settings.review), settings.public_url
    pause, policy = Pause(settings.pause_file), settings.policy_url
    return SmsChannel(providers, store, vault, rasa, url, review, pause, links, policy, PACE)


def configured(settings: Settings) -> list[Provider]:
    """The providers whose secrets are given; what is missing is said in one line."""
    providers: list[Provider] = []
    url, token = settings.public_url.rstrip("/"), settings.twilio_auth_token
    line = {"account": settings.twilio_account_sid, "to": settings.twilio_number}
    if _complete(
        "twilio", {"TWILIO_AUTH_TOKEN": token, "PUBLIC_URL": url}, [token, *line.values()]
    ):
        whole = all(line.values())
        if any(line.values()) and not whole:
            logger.error(
                "twilio cannot write first: TWILIO_ACCOUNT_SID and TWILIO_NUMBER go together"
            )
        status = f"{url}/sms/twilio/status"
        providers.append(Twilio(token, settings.twilio_api_url, status, line if whole else None))
    ovh = {
        "OVH_SMS_SERVICE": settings.ovh_sms_service,
        "OVH_APPLICATION_KEY": settings.ovh_application_key,
        "OVH_APPLICATION_SECRET": settings.ovh_application_secret,
        "OVH_CONSUMER_KEY": settings.ovh_consumer_key,
    }
    if _complete("ovh", ovh, [*ovh.values(), settings.ovh_sms_number]):
        account = [*ovh.values(), settings.ovh_sms_number]
        providers.append(Ovh(settings.ovh_api_url, *account))
    if settings.smsfactor_token:
        providers.append(SmsFactor(settings.smsfactor_api_url, settings.smsfactor_token))
    secret, send_url = settings.sms_generic_secret, settings.sms_generic_url
    if _complete("generic", {"SMS_GENERIC_SECRET": secret}, [secret, send_url]):
        providers.append(Generic(secret, send_url))
    return providers


def _complete(provider: str, needed: Mapping[str, str], given: Iterable[str]) -> bool:
    """Whether a provider can start; when it was half configured, what is missing is said.

    Args:
        given: the settings of this provider alone: one of them says that it is wanted.
    """
    missing = [name for name, value in needed.items() if not value]
    if missing and any(given):
        names = ", ".join(missing)
        logger.error("SMS provider %s is not started: %s missing", provider, names)
    return not missing
