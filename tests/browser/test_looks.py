"""The main states, seen by axe and kept as pictures in var/screenshots."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import WELCOME, OpenPage, Visit, refuse
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import RESULTS

pytestmark = pytest.mark.asyncio(loop_scope="session")

FOLDER = Path(__file__).parents[2] / "var" / "screenshots"
PHONE = {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 2, "has_touch": True}
NARROW = {"viewport": {"width": 320, "height": 640}}
EXPLAINED = "Vous parlez, votre navigateur écrit."


async def nothing(visit: Visit, rasa: FakeRasa) -> None:
    """As it opens."""


async def cards(visit: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: RESULTS
    await visit.say("une crèche à Bondy")
    await expect(visit.page.get_by_role("article")).to_have_count(2)


async def folded(visit: Visit, rasa: FakeRasa) -> None:
    await cards(visit, rasa)
    card = visit.page.get_by_role("article").first
    await card.locator("summary").click()
    await card.get_by_role("button", name="Signaler").click()
    await expect(card.get_by_role("button", name="Téléphone")).to_be_visible()


async def typing(visit: Visit, rasa: FakeRasa) -> None:
    rasa.hold.clear()
    await visit.say("une crèche à Bondy")
    await expect(visit.page.get_by_role("status")).to_have_text("Jalon écrit…")


async def error(visit: Visit, rasa: FakeRasa) -> None:
    visit.expects_complaints = True
    await visit.page.route("**/api/message", refuse)
    await visit.say("une crèche à Bondy")
    await visit.sees("n'est pas encore parti")


async def offline(visit: Visit, rasa: FakeRasa) -> None:
    await visit.page.context.set_offline(True)
    await visit.say("une crèche à Bondy")
    await expect(visit.page.get_by_role("status")).to_contain_text("hors connexion")


async def settings(visit: Visit, rasa: FakeRasa) -> None:
    await visit.settings()


async def voice(visit: Visit, rasa: FakeRasa) -> None:
    await visit.page.get_by_role("button", name="Parler").click()
    await expect(visit.page.get_by_text(EXPLAINED)).to_be_visible()


async def largest(visit: Visit, rasa: FakeRasa) -> None:
    panel = await visit.settings()
    await panel.get_by_label("Taille du texte").select_option("200")
    await panel.get_by_label("Texte plus espacé").check()
    await panel.get_by_role("button", name="Fermer").click()
    await cards(visit, rasa)


async def contrasted(visit: Visit, rasa: FakeRasa) -> None:
    panel = await visit.settings()
    await panel.get_by_label("Couleurs").select_option("contrast")
    await panel.get_by_role("button", name="Fermer").click()
    await cards(visit, rasa)


async def arabic(visit: Visit, rasa: FakeRasa) -> None:
    panel = await visit.settings()
    await panel.get_by_label("Langue").select_option("ar")
    await visit.page.get_by_role("button", name="إغلاق").click()
    await visit.sees("مرحبا")
    rasa.reply = lambda message: RESULTS
    await visit.page.get_by_label("رسالتك").fill("حضانة في Bondy")
    await visit.page.get_by_label("رسالتك").press("Enter")
    await expect(visit.page.get_by_role("article")).to_have_count(2)


State = Callable[[Visit, FakeRasa], Awaitable[None]]
STATES: dict[str, tuple[str, State, dict[str, Any]]] = {
    "accueil": ("/", nothing, {}),
    "cartes": ("/", cards, {}),
    "carte-depliee": ("/", folded, {}),
    "cartes-sombre": ("/", cards, {"color_scheme": "dark"}),
    "cartes-telephone": ("/", cards, PHONE),
    "cartes-320": ("/", cards, NARROW),
    "couleurs-forcees": ("/", cards, {"forced_colors": "active"}),
    "ecrit": ("/", typing, {}),
    "erreur": ("/", error, {}),
    "hors-connexion": ("/", offline, {}),
    "reglages": ("/", settings, {}),
    "reglages-telephone": ("/", settings, PHONE),
    "voix": ("/", voice, {}),
    "texte-agrandi": ("/", largest, {}),
    "texte-agrandi-320": ("/", largest, NARROW),
    "contraste": ("/", contrasted, {}),
    "arabe": ("/", arabic, {}),
    "arabe-telephone": ("/", arabic, PHONE),
    "page-entiere": ("/chat", cards, {}),
    "page-entiere-telephone": ("/chat", cards, PHONE),
}


@pytest.mark.parametrize("name", STATES)
async def test_axe_finds_nothing_wrong_in(open_page: OpenPage, rasa: FakeRasa, name: str) -> None:
    path, reach, options = STATES[name]
    visit = await open_page(path, **options)
    await visit.sees(WELCOME)
    await reach(visit, rasa)
    await keep(visit, name)
    assert await visit.violations() == []
    assert not await visit.scrolls_sideways()


async def keep(visit: Visit, name: str) -> None:
    """Write the picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    await visit.page.screenshot(path=FOLDER / f"{name}.png")
