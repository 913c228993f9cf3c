"""The page in Debian's Chromium, before the real application and a stand-in for Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from channels.app import create_app
from channels.pause import Pause
from channels.settings import Settings
from tests.fake_rasa import FakeRasa

CHROMIUM = "/usr/bin/chromium"
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
WELCOME = "Bonjour, je suis Jalon."
POLICY = "https://www.departement.example/donnees"

OpenPage = Callable[..., Awaitable["Visit"]]


async def serve(app: web.Application, port: int = 0) -> tuple[web.AppRunner, str]:
    """Serve on this port or a free one; the runner to clean up, and the address."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


class Visit:
    """Someone on the page: what they do, and what the browser complained about."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self.complaints: list[str] = []
        self.requested: list[str] = []
        self.expects_complaints = False
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requested.append(request.url))
        self.log = page.get_by_role("log")
        self.field = page.get_by_label("Votre message")

    async def say(self, text: str) -> None:
        """Type a message and send it with Enter."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def sees(self, text: str) -> None:
        """Wait until the conversation shows this."""
        await expect(self.log).to_contain_text(text)

    async def settings(self) -> Any:
        """Open the settings; the widget, where they are."""
        await self.page.get_by_role("button", name="Réglages").click()
        await expect(self.page.get_by_label("Taille du texte")).to_be_visible()
        return self.page.locator("jalon-chat")

    def choice(self, title: str) -> Any:
        """A button of the conversation."""
        return self.log.get_by_role("button", name=title, exact=True)

    async def reload(self) -> None:
        """Reload the page, until the widget is there."""
        await self.page.reload()
        await expect(self.log).to_be_visible()

    async def violations(self) -> list[str]:
        """What axe-core finds wrong in the page, with the parts of the page at fault."""
        await self.page.evaluate(AXE)
        found = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{rule['id']}: {[node['target'] for node in rule['nodes']]}"
            for rule in found["violations"]
        ]

    async def scrolls_sideways(self) -> bool:
        """Whether the page, the conversation or the settings are wider than their window."""
        return await self.page.evaluate(
            """() => {
                const parts = document.querySelector("jalon-chat").shadowRoot;
                const boxes = [...parts.querySelectorAll(".log, .panel"), document.documentElement];
                return boxes.some((box) => box.scrollWidth > box.clientWidth);
            }"""
        )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def rasa() -> AsyncIterator[FakeRasa]:
    fake = FakeRasa()
    runner, fake.url = await serve(fake.app())
    yield fake
    fake.hold.set()
    await runner.cleanup()


@pytest.fixture
def pause_file(tmp_path: Path) -> Path:
    return tmp_path / "pause.txt"


@pytest.fixture
def pause(pause_file: Path) -> Pause:
    """The operator's switch of this site."""
    return Pause(pause_file)


@pytest_asyncio.fixture(loop_scope="session")
async def site(rasa: FakeRasa, pause_file: Path) -> AsyncIterator[str]:
    """The address of the application."""
    settings = Settings(
        rasa_url=rasa.url, secret="for tests", pause_file=pause_file, policy_url=POLICY
    )
    runner, address = await serve(create_app(settings))
    yield address
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(chromium: Browser, site: str) -> AsyncIterator[OpenPage]:
    """Open the page in a new browser profile; keyword arguments go to Playwright's context."""
    visits = []

    async def open_page(path: str = "/", **options: Any) -> Visit:
        context = await chromium.new_context(locale="fr-FR", reduced_motion="reduce", **options)
        visit = Visit(await context.new_page(), site)
        visits.append(visit)
        await visit.page.goto(site + path)
        return visit

    yield open_page
    for visit in visits:
        await visit.page.context.close()
        assert visit.expects_complaints or visit.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def visit(open_page: OpenPage) -> Visit:
    """The page, open and welcoming."""
    visit = await open_page()
    await visit.sees(WELCOME)
    return visit


async def refuse(route: Route) -> None:
    """A network that fails before the server."""
    await route.abort()
