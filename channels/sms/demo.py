"""The phone of the demonstration page: the SMS channel without a provider, and in memory only."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any
from weakref import WeakValueDictionary

from aiohttp import web

from channels.pause import Pause
from channels.rasa import Rasa
from channels.resume import Codes
from channels.sms.privacy import Vault
from channels.sms.provider import Inbound
from channels.sms.segments import encoding, size, split
from channels.sms.store import PURGE_EVERY, Store
from channels.sms.tables import SENT, create_store_engine
from channels.sms.turn import Turns


class PhoneDemo:
    """Answers as the SMS channel does, at once."""

    def __init__(self, rasa: Rasa, review: bool, pause: Pause) -> None:
        vault = Vault(secrets.token_hex())
        self._rasa = rasa
        self._store = Store(create_store_engine("sqlite://"), vault)
        self._turns = Turns(self._store, rasa, Codes(self._store, vault), review, pause)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def running(self, _: web.Application) -> AsyncIterator[None]:
        """Keep the store and Rasa open."""
        async with self._rasa:
            await self._store.open()
            purging = asyncio.create_task(self._purge())
            yield
            purging.cancel()
            await asyncio.gather(purging, return_exceptions=True)
            await self._store.close()

    async def say(self, sender: str, message_id: str, text: str) -> list[dict[str, Any]]:
        """The SMS that answers: its segments, and how full each is; none for a repetition."""
        person = f"demo-{sender[:32]}"
        lock = self._locks.setdefault(person, asyncio.Lock())
        async with lock:
            inbound = Inbound(f"{sender} {message_id}"[:128], person, text, {})
            received = await self._store.receive("demo", person, inbound)
            if not received.is_new:
                return []
            waiting = await self._store.waiting(person, 1)
            answer = await self._turns.take(person, waiting)
            outgoing = await self._store.answer(person, waiting, answer, SENT)
        return [_segment(part) for part in split(outgoing.text)] if outgoing else []

    async def _purge(self) -> None:
        while True:
            await asyncio.sleep(PURGE_EVERY)
            await self._store.purge()


def _segment(part: str) -> dict[str, Any]:
    used = encoding(part)
    return {"text": part, "encoding": used.name, "size": sum(size(char, used) for char in part)}
