"""A stand-in for Rasa's REST input, for the tests of what faces the public."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

Item = dict[str, Any]
Reply = Callable[[str], list[Item]]


class FakeRasa:
    """Answers what `reply` says, and remembers what it received."""

    def __init__(self) -> None:
        self.url = ""  # where it listens, once served
        self.received: list[dict[str, Any]] = []
        self.reply: Reply = lambda message: [{"text": f"Vous avez dit : {message}"}]
        self.status = 200
        self.hold = asyncio.Event()  # cleared: Rasa hangs
        self.hold.set()
        self.arrived = asyncio.Event()
        self.most_at_once = 0
        self._at_once = 0

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application()
        app.router.add_post("/webhooks/rest/webhook", self._receive)
        return app

    @property
    def messages(self) -> list[str]:
        """The messages received, in order."""
        return [body["message"] for body in self.received]

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.received.append(body)
        self.arrived.set()
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await self.hold.wait()
        self._at_once -= 1
        items = self.reply(body["message"])
        return web.json_response(
            [{"recipient_id": body["sender"], **item} for item in items], status=self.status
        )
