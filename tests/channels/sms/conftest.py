"""The application with Twilio configured, between a fake Twilio and a fake Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from channels.sms import webhooks
from channels.sms.worker import Pace
from tests.api_client import Browser, Start
from tests.channels.sms.phone import PUBLIC_URL, SECRET, TOKEN, FakeTwilio, serving

Http = TestClient[Any, Any]
StartSms = Callable[..., Awaitable[Http]]
StartBoth = Callable[..., Awaitable[Browser]]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """People of these tests finish in a twentieth of a second, and nobody waits for a provider."""
    monkeypatch.setattr(webhooks, "PACE", Pace(quiet=0.05, longest=0.3, backoff=0.05, grace=0.05))
    monkeypatch.setattr(webhooks, "ASK_EVERY", 0.05)
    monkeypatch.setattr(webhooks, "RECEIPTS_EVERY", 1)


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with serving(FakeTwilio()) as fake:
        yield fake


@pytest.fixture
async def start_sms(start: Start, twilio: FakeTwilio, tmp_path: Path) -> StartSms:
    """Start an application with Twilio and a generic gateway, always on the same store."""

    async def start_sms(**changes: Any) -> Http:
        settings = {
            "public_url": PUBLIC_URL,
            "database_url": f"sqlite:///{tmp_path}/sms.sqlite",
            "twilio_auth_token": TOKEN,
            "twilio_api_url": twilio.url,
            "sms_generic_secret": SECRET,
        }
        browser = await start(**{**settings, **changes})
        return browser.http

    return start_sms


@pytest.fixture
async def start_both(start_sms: StartSms) -> StartBoth:
    """Start the same, with a browser on its page."""

    async def start_both(**changes: Any) -> Browser:
        browser = Browser(await start_sms(**changes))
        await browser.open()
        return browser

    return start_both


@pytest.fixture
async def http(start_sms: StartSms) -> Http:
    return await start_sms()
