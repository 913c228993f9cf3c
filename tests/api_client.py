"""What a browser does with the HTTP API."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient


class Browser:
    """One browser, in one conversation at a time."""

    def __init__(self, client: TestClient) -> None:
        self.http = client
        self.token = ""
        self._ids = itertools.count()

    async def open(self) -> list[dict[str, Any]]:
        """Open a conversation; its first messages."""
        response = await self.http.post("/api/session", json={})
        assert response.status == 200
        body = await response.json()
        self.token = body["token"]
        return body["messages"]

    async def post(self, **fields: Any) -> ClientResponse:
        """Send one message, with its own id unless given."""
        body = {"token": self.token, "id": f"id-{next(self._ids)}", **fields}
        return await self.http.post("/api/message", json=body)

    async def say(self, text: str, **fields: Any) -> list[dict[str, Any]]:
        """Send a text; the answers."""
        response = await self.post(text=text, **fields)
        assert response.status == 200, await response.text()
        return (await response.json())["messages"]


Start = Callable[..., Awaitable[Browser]]
