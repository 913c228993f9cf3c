"""The application with Twilio configured, between a fake Twilio and a fake Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from tests.api_client import Start
from tests.channels.sms.phone import PUBLIC_URL, TOKEN, FakeTwilio


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    fake = FakeTwilio()
    server = TestServer(fake.app())
    await server.start_server()
    fake.url = str(server.make_url(""))
    yield fake
    await server.close()


@pytest.fixture
async def http(start: Start, twilio: FakeTwilio, tmp_path: Path) -> TestClient[Any, Any]:
    browser = await start(
        public_url=PUBLIC_URL,
        database_url=f"sqlite:///{tmp_path}/sms.sqlite",
        twilio_auth_token=TOKEN,
        twilio_api_url=twilio.url,
    )
    return browser.http
