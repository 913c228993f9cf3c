"""The phone of the demonstration, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import WELCOME, OpenPage
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import RESULTS

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_sms_is_answered_by_segments_with_their_price(
    open_page: OpenPage, rasa: FakeRasa
) -> None:
    rasa.reply = lambda message: RESULTS
    page = (await open_page("/telephone")).page
    screen = page.get_by_role("log", name="SMS")
    field = page.get_by_label("Votre SMS")
    await field.fill("une crèche à Bondy")
    await field.press("Enter")
    await expect(screen).to_contain_text("Halte-garderie (place d'essai)")
    await expect(screen).to_contain_text("Segment 2 sur 2, GSM-7")
    await expect(screen).to_contain_text("2 segments, environ 0,10 €")
    await expect(page.locator("#bill")).to_have_text("2 segments envoyés, environ 0,10 €.")
    await field.press("ArrowUp")
    await expect(field).to_have_value("une crèche à Bondy")
    await field.press("ArrowDown")
    await expect(field).to_have_value("")
    await field.fill("STOP")
    await field.press("Enter")
    await expect(screen).to_contain_text("Jalon ne vous écrit plus")
    await field.fill("bonjour")
    await field.press("Enter")
    await expect(screen).to_contain_text("Silence : aucun SMS n'est envoyé.")


async def test_the_page_of_the_phone_is_accessible(open_page: OpenPage) -> None:
    visit = await open_page("/telephone")
    widget = visit.page.get_by_role("log", name="Conversation avec Jalon")
    await expect(widget).to_contain_text(WELCOME)
    assert await visit.violations() == []
