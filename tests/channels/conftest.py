"""The real application on a real socket, before a stand-in for Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from channels.app import create_app
from channels.settings import Settings
from tests.api_client import Browser, Start
from tests.fake_rasa import FakeRasa

SECRET = "a secret for these tests, long enough"


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    fake = FakeRasa()
    server = TestServer(fake.app())
    await server.start_server()
    fake.url = str(server.make_url(""))
    yield fake
    fake.hold.set()
    await server.close()


@pytest.fixture
async def start(rasa: FakeRasa, tmp_path: Path) -> AsyncIterator[Start]:
    """Start an application with some settings changed; a browser in front of it."""
    clients = []

    async def start(**changes: Any) -> Browser:
        ours = {"rasa_url": rasa.url, "secret": SECRET, "pause_file": tmp_path / "pause.txt"}
        settings = Settings(**{**ours, **changes})
        client = TestClient(TestServer(create_app(settings)))
        await client.start_server()
        clients.append(client)
        return Browser(client)

    yield start
    for client in clients:
        await client.close()


@pytest.fixture
async def browser(start: Start) -> Browser:
    """A browser with an open conversation."""
    browser = await start()
    await browser.open()
    return browser
