"""The widget against deep-chat and rasa-webchat, on one page, one machine, in one run.

`make bench-widget` prints JSON lines. A slow phone is emulated: processor four times slower,
400 kbit/s, 300 ms of delay. Each widget comes from another origin than the page, as on a real
site, compressed; each has the same answers from a stand-in for the bot.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import statistics
import subprocess
import tarfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import socketio
from aiohttp import web
from playwright.async_api import Browser, Locator, Page, async_playwright

from channels.app import create_app
from channels.settings import Settings
from tests.browser.conftest import AXE, CHROMIUM, serve
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import RESULTS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "var" / "bench-widget"
PEERS = {
    "deep-chat": ("deep-chat@2.4.2", "package/dist/deepChat.bundle.js"),
    "rasa-webchat": ("rasa-webchat@1.0.1", "package/lib/index.js"),
}
JALON = ROOT / "channels/web/static/jalon.js"
RUNS = 5
EXCHANGES = 100  # 200 messages
PHONE = {"viewport": {"width": 360, "height": 640}}
NETWORK = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
SLOWDOWN = 4
LIMIT = 60_000  # ms
EXTRA = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type"}


@dataclass
class Widget:
    """How one widget is put in a page, and used."""

    name: str
    html: str
    launcher: str | None
    input: str
    script: bytes = field(repr=False)

    async def open(self, page: Page) -> Locator:
        """Click what opens it, as soon as it is there; the field, ready."""
        if self.launcher:
            await page.locator(self.launcher).click(timeout=LIMIT)
        entry = page.locator(self.input)
        await entry.wait_for(timeout=LIMIT)
        return entry


async def say(page: Page, entry: Locator, text: str) -> None:
    """Send a text, and wait for its answer."""
    await entry.click(timeout=LIMIT)
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    await page.get_by_text(f"Vous avez dit : {text}", exact=True).wait_for(timeout=LIMIT)


def download(name: str) -> bytes:
    """A peer's script, from npm, once."""
    package, inside = PEERS[name]
    FOLDER.mkdir(parents=True, exist_ok=True)
    archive = FOLDER / f"{package.replace('@', '-')}.tgz"
    if not archive.exists():
        subprocess.run(["npm", "pack", "--silent", package], cwd=FOLDER, check=True)
    with tarfile.open(archive) as opened:
        script = opened.extractfile(inside)
        assert script
        return script.read()


def peers_app(scripts: dict[str, bytes]) -> web.Application:
    """Scripts of the peers, and what answers them."""
    app = web.Application()

    async def script(request: web.Request) -> web.Response:
        return web.Response(
            body=gzip.compress(scripts[request.match_info["name"]]),
            content_type="text/javascript",
            headers={"Content-Encoding": "gzip", **EXTRA},
        )

    async def deep_chat(request: web.Request) -> web.Response:
        if request.method == "OPTIONS":
            return web.Response(headers=EXTRA)
        said = (await request.json())["messages"][-1]["text"]
        return web.json_response({"text": f"Vous avez dit : {said}"}, headers=EXTRA)

    app.router.add_get("/{name}.js", script)
    app.router.add_route("*", "/deep-chat", deep_chat)
    server = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*")
    server.attach(app)

    @server.on("session_request")
    async def confirm(sid: str, data: Any = None) -> None:
        await server.emit("session_confirm", sid, room=sid)

    @server.on("user_uttered")
    async def answer(sid: str, data: dict[str, Any]) -> None:
        if said := data.get("message"):  # it also says that it is there
            await server.emit("bot_uttered", {"text": f"Vous avez dit : {said}"}, room=sid)

    return app


def host_app(bodies: dict[str, str]) -> web.Application:
    """The page that holds one widget."""
    app = web.Application()

    async def page(request: web.Request) -> web.Response:
        body = bodies[request.match_info["name"]]
        return web.Response(
            text='<!doctype html><html lang="fr"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
            "<title>Le département</title></head><body><main><h1>Le département</h1>"
            f"<p>Bienvenue.</p>{body}</main></body></html>",
            content_type="text/html",
        )

    app.router.add_get("/{name}", page)
    return app


def widgets(jalon: str, peers: str, scripts: dict[str, bytes]) -> list[Widget]:
    """The three, as their own documentation says to include them."""
    connect = json.dumps({"url": f"{peers}/deep-chat"})
    start = json.dumps({"socketUrl": peers, "title": "Assistant"})
    return [
        Widget(
            "jalon",
            f'<script src="{jalon}/jalon.js" defer></script>',
            "jalon-chat .launcher",
            "jalon-chat textarea",
            JALON.read_bytes(),
        ),
        Widget(
            "deep-chat",
            f"<script src='{peers}/deep-chat.js' type='module'></script>"
            f"<deep-chat connect='{connect}'></deep-chat>",
            None,
            "deep-chat #text-input",
            scripts["deep-chat"],
        ),
        Widget(
            "rasa-webchat",
            f"<script src='{peers}/rasa-webchat.js' async "
            f"onload='window.WebChat.default({start}, null)'></script>",
            ".rw-launcher",
            ".rw-new-message",
            scripts["rasa-webchat"],
        ),
    ]


class Bench:
    """One browser, one site, the widgets in turn."""

    def __init__(self, browser: Browser, site: str) -> None:
        self._browser = browser
        self._site = site

    async def visit(self, widget: Widget, slow: bool, **options: Any) -> tuple[Page, list[str]]:
        """A new profile, on the page; and the errors of its console as they come."""
        context = await self._browser.new_context(locale="fr-FR", **options)
        page = await context.new_page()
        errors: list[str] = []
        page.on("console", lambda m: m.type == "error" and errors.append(m.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        if slow:
            session = await context.new_cdp_session(page)
            await session.send("Network.emulateNetworkConditions", NETWORK)
            await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        await page.goto(f"{self._site}/{widget.name}", wait_until="commit")
        return page, errors

    async def times(self, widget: Widget) -> tuple[float, float]:
        """Seconds from the page to a field to write in, and from a message to its answer."""
        start = time.monotonic()
        page, _ = await self.visit(widget, slow=True, **PHONE)
        entry = await widget.open(page)
        usable = time.monotonic() - start
        start = time.monotonic()
        await say(page, entry, "bonjour")
        answered = time.monotonic() - start
        await page.context.close()
        return usable, answered

    async def accessibility(self, widget: Widget) -> dict[str, list[str]]:
        """The rules of axe-core that each state breaks."""
        page, errors = await self.visit(widget, slow=False)
        broken = {}
        entry = page.locator(widget.input)
        if widget.launcher:
            await page.locator(widget.launcher).wait_for()
            broken["closed"] = await violations(page)
        entry = await widget.open(page)
        broken["open"] = await violations(page)
        await say(page, entry, "bonjour")
        broken["answered"] = await violations(page)
        await page.context.close()
        return {**broken, "console errors": errors}

    async def memory(self, widget: Widget) -> float:
        """Megabytes of JavaScript heap after 200 messages."""
        page, _ = await self.visit(widget, slow=False)
        entry = await widget.open(page)
        for number in range(EXCHANGES):
            await say(page, entry, f"message {number}")
        session = await page.context.new_cdp_session(page)
        await session.send("HeapProfiler.collectGarbage")
        used = (await session.send("Runtime.getHeapUsage"))["usedSize"]
        await page.context.close()
        return float(used) / 1e6


async def violations(page: Page) -> list[str]:
    """The rules of axe-core that the page breaks now."""
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [rule["id"] for rule in found["violations"]]


def tell(**figures: Any) -> None:
    """One JSON line."""
    print(json.dumps(figures, ensure_ascii=False), flush=True)


async def attempt(name: str, figure: str, measure: Callable[[], Awaitable[Any]]) -> Any:
    """A peer that cannot be measured is said so; the others go on."""
    try:
        return await measure()
    except Exception as error:
        tell(widget=name, figure=figure, failed=str(error).splitlines()[0])
        return None


async def run(browser: Browser) -> None:
    """Measure, and print."""
    scripts = {name: download(name) for name in PEERS}
    rasa = FakeRasa()
    await_close = []
    runner, rasa.url = await serve(rasa.app())
    await_close.append(runner)
    runner, peers = await serve(peers_app(scripts))
    await_close.append(runner)
    bodies: dict[str, str] = {}
    runner, site = await serve(host_app(bodies))
    await_close.append(runner)
    settings = Settings(
        rasa_url=rasa.url, secret="bench", origins=(site,), session_burst=1000, address_burst=9999
    )
    runner, jalon = await serve(create_app(settings))
    await_close.append(runner)
    measured = widgets(jalon, peers, scripts)
    bodies.update({widget.name: widget.html for widget in measured})
    bench = Bench(browser, site)
    for widget in measured:
        size = len(gzip.compress(widget.script))
        tell(widget=widget.name, figure="weight, gzip", bytes=size)
    times: dict[str, list[tuple[float, float]]] = {widget.name: [] for widget in measured}
    for _ in range(RUNS):
        for widget in measured:
            seen = await attempt(widget.name, "times", lambda w=widget: bench.times(w))
            times[widget.name] += [seen] if seen else []
    for name, seen in times.items():
        if seen:
            usable, answered = (statistics.median(column) for column in zip(*seen, strict=True))
            tell(
                widget=name,
                figure="slow phone, median seconds",
                usable=round(usable, 2),
                answer=round(answered, 2),
                total=round(statistics.median(map(sum, seen)), 2),
                runs=len(seen),
            )
    for widget in measured:
        broken = await attempt(widget.name, "axe", lambda w=widget: bench.accessibility(w))
        if broken is not None:
            tell(widget=widget.name, figure="axe rules broken", **broken)
    for widget in measured:
        used = await attempt(widget.name, "memory", lambda w=widget: bench.memory(w))
        if used is not None:
            tell(widget=widget.name, figure="heap after 200 messages", megabytes=round(used, 1))
    rasa.reply = lambda said: [
        *RESULTS,
        {"text": f"Vous avez dit : {said}"},
    ]
    used = await attempt("jalon", "memory", lambda: bench.memory(measured[0]))
    if used is not None:
        tell(widget="jalon", figure="heap after 200 messages with cards", megabytes=round(used, 1))
    for runner in reversed(await_close):
        await runner.cleanup()


async def main() -> None:
    """Start the browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        await run(browser)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
