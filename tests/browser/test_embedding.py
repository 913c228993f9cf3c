"""The widget on other people's pages: one line of script, strict policies, hostile styles."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, expect

from channels.app import create_app
from channels.settings import Settings
from tests.browser.conftest import WELCOME, Visit, serve
from tests.browser.test_looks import keep
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import HOSTILE, RESULTS

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE_STYLE = """
html { font-size: 4px }
* { color: red !important; text-transform: uppercase; float: right; letter-spacing: 1em }
button, div, section, dialog { display: none !important; position: static; opacity: .1 }
"""
Host = Callable[..., Awaitable[Visit]]


@pytest.fixture
def asked() -> list[str]:
    """What was asked of the API of the host page's Jalon: method and path."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def host(rasa: FakeRasa, chromium: Browser, asked: list[str]) -> AsyncIterator[Host]:
    """Open a page of another site, whose policy allows Jalon's script and API, and no more."""
    content = {"body": "", "style": "", "head": "", "jalon": ""}

    async def page(_: web.Request) -> web.Response:
        jalon = content["jalon"]
        return web.Response(
            text=f"""<!doctype html><html lang="fr"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <link rel="icon" href="data:,"><title>Le département</title>
                <link rel="stylesheet" href="/host.css">
                {content["head"].replace("JALON", jalon)}</head>
                <body><main><h1>Le département</h1><p><a href="/">Accueil</a></p>
                {content["body"].replace("JALON", jalon)}</main></body></html>""",
            content_type="text/html",
            headers={
                "Content-Security-Policy": f"default-src 'none'; script-src {jalon}; img-src data:;"
                f"connect-src {jalon}; style-src 'self'; require-trusted-types-for 'script'"
            },
        )

    async def style(_: web.Request) -> web.Response:
        return web.Response(text=content["style"], content_type="text/css")

    site = web.Application()
    site.add_routes([web.get("/", page), web.get("/host.css", style)])
    site_runner, address = await serve(site)
    settings = Settings(rasa_url=rasa.url, secret="for tests", origins=(address,))
    jalon = create_app(settings)

    async def remember(request: web.Request, _: web.StreamResponse) -> None:
        if request.path.startswith("/api/"):
            asked.append(f"{request.method} {request.path}")

    jalon.on_response_prepare.append(remember)
    runner, content["jalon"] = await serve(jalon)
    visits = []

    async def open_host(body: str, style: str = "", head: str = "", **options: Any) -> Visit:
        content.update(body=body, style=style, head=head)
        context = await chromium.new_context(locale="fr-FR", reduced_motion="reduce", **options)
        visit = Visit(await context.new_page(), address)
        visits.append(visit)
        await visit.page.goto(address)
        return visit

    yield open_host
    for visit in visits:
        await visit.page.context.close()
        assert visit.expects_complaints or visit.complaints == []
    await runner.cleanup()
    await site_runner.cleanup()


ONE_LINE = '<script src="JALON/jalon.js" defer></script>'
PLACED = f"{ONE_LINE}<jalon-chat></jalon-chat>"


def launcher(visit: Visit) -> Any:
    return visit.page.get_by_role("button", name="Besoin d'aide ?")


async def test_one_line_gives_a_button_that_opens_and_escape_closes(host: Host) -> None:
    visit = await host(ONE_LINE)
    await expect(launcher(visit)).to_be_visible()
    assert not any("/api/" in url for url in visit.requested), "nothing is asked before opening"
    await visit.page.get_by_role("link", name="Accueil").focus()
    await visit.page.keyboard.press("Tab")
    await expect(launcher(visit)).to_be_focused()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("dialog", name="Jalon")).to_be_visible()
    await visit.sees(WELCOME)
    await expect(visit.field).to_be_focused()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.get_by_role("dialog")).to_be_hidden()
    await expect(launcher(visit)).to_be_focused()


async def test_nothing_is_asked_before_each_question(host: Host, asked: list[str]) -> None:
    """No CORS preflight: each costs a slow phone one more way and back."""
    visit = await host(ONE_LINE)
    await launcher(visit).click()
    await visit.say("crèche")
    await visit.sees("Vous avez dit : crèche")
    assert not any(one.startswith("OPTIONS") for one in asked)
    assert [one for one in asked if one.startswith("POST")] == [
        "POST /api/session",
        "POST /api/message",
    ]


@pytest.mark.parametrize("loading", ["", "async", "type='module'"])
async def test_a_script_without_defer_in_the_head_works_too(host: Host, loading: str) -> None:
    visit = await host("", head=f"<script src='JALON/jalon.js' {loading}></script>")
    await launcher(visit).click()
    await visit.sees(WELCOME)


async def test_a_phone_that_zooms_with_two_fingers_keeps_the_whole_dialog(host: Host) -> None:
    visit = await host(ONE_LINE, viewport={"width": 360, "height": 640}, has_touch=True)
    await launcher(visit).tap()
    await visit.sees(WELCOME)
    devtools = await visit.page.context.new_cdp_session(visit.page)
    await devtools.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 2})
    await visit.page.wait_for_function("visualViewport.scale === 2")
    dialog = visit.page.get_by_role("dialog", name="Jalon")
    height = "node => node.getBoundingClientRect().height"
    assert await dialog.evaluate(height) == 640


async def test_escape_closes_the_settings_before_the_widget(host: Host) -> None:
    visit = await host(ONE_LINE)
    await launcher(visit).click()
    await visit.settings()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.get_by_label("Taille du texte")).to_be_hidden()
    await expect(visit.page.get_by_role("button", name="Réglages")).to_be_focused()
    await expect(visit.page.get_by_role("dialog")).to_be_visible()


async def test_on_a_phone_the_widget_takes_the_screen_and_its_focus(host: Host) -> None:
    visit = await host(ONE_LINE, viewport={"width": 360, "height": 640}, has_touch=True)
    await launcher(visit).tap()
    dialog = visit.page.get_by_role("dialog", name="Jalon")
    assert await dialog.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}
    await visit.sees(WELCOME)
    for _ in range(30):
        await visit.page.keyboard.press("Tab")
        inside = "document.activeElement.matches('jalon-chat, body')"
        assert await visit.page.evaluate(inside), "the page behind waits"
    await dialog.get_by_role("button", name="Fermer").tap()
    await expect(dialog).to_be_hidden()


async def test_on_a_phone_another_language_keeps_the_dialog_and_its_focus(host: Host) -> None:
    visit = await host(ONE_LINE, viewport={"width": 360, "height": 640}, has_touch=True)
    await launcher(visit).tap()
    await visit.sees(WELCOME)
    panel = await visit.settings()
    await panel.get_by_label("Langue").select_option("es")
    await expect(panel.get_by_label("Idioma")).to_be_focused()
    dialog = visit.page.get_by_role("dialog", name="Jalon")
    assert await dialog.evaluate("dialog => dialog.matches(':modal')")
    for _ in ("the settings", "the dialog"):
        await visit.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def test_a_conversation_follows_from_page_to_page(host: Host) -> None:
    visit = await host(ONE_LINE)
    await launcher(visit).click()
    await visit.say("crèche")
    await visit.sees("Vous avez dit : crèche")
    await visit.page.get_by_role("link", name="Accueil").click()
    await visit.sees("Vous avez dit : crèche")
    await expect(visit.field).not_to_be_focused()


@pytest.mark.parametrize("state", ["closed", "open", "cards"])
@pytest.mark.parametrize("size", [None, {"width": 320, "height": 640}])
async def test_axe_finds_nothing_wrong(host: Host, rasa: FakeRasa, state: str, size: Any) -> None:
    visit = await host(ONE_LINE, viewport=size or {"width": 1280, "height": 800})
    if state != "closed":
        await launcher(visit).click()
        await visit.sees(WELCOME)
    if state == "cards":
        rasa.reply = lambda message: RESULTS
        await visit.say("crèche")
        await visit.sees("Pour un détail")
    await keep(visit, f"flottant-{state}-{'320' if size else '1280'}")
    assert await visit.violations() == []


async def test_options_of_the_script(host: Host) -> None:
    visit = await host(
        '<script src="JALON/jalon.js" defer data-lang="es" data-title="Ayuda" data-open="true" '
        'data-color="#5b2a86" data-position="left" data-label="Asistente"></script>'
    )
    dialog = visit.page.get_by_role("dialog", name="Ayuda")
    await expect(dialog).to_be_visible()
    await expect(visit.log).to_contain_text("Hola, soy Jalon.")
    box = await dialog.bounding_box()
    assert box
    assert box["x"] < 100
    send = visit.page.get_by_role("button", name="Enviar")
    await expect(send).to_have_css("background-color", "rgb(91, 42, 134)")
    await expect(visit.page.get_by_role("heading", name="Le département")).to_be_visible()
    await dialog.get_by_role("button", name="Cerrar").click()
    await expect(visit.page.get_by_role("button", name="Asistente")).to_be_visible()


async def test_a_colour_that_cannot_be_read_is_refused(host: Host) -> None:
    visit = await host(
        f'{ONE_LINE}<jalon-chat color="#ffee55"></jalon-chat>'
        '<jalon-chat color="url(x)"></jalon-chat>'
    )
    send = visit.page.get_by_role("button", name="Envoyer").first
    await expect(send).to_have_css("background-color", "rgb(14, 90, 85)")
    assert await visit.violations() == []


async def test_the_button_can_lead_to_the_whole_page(host: Host) -> None:
    visit = await host('<script src="JALON/jalon.js" defer data-open="page"></script>')
    link = visit.page.get_by_role("link", name="Besoin d'aide ?")
    assert str(await link.get_attribute("href")).endswith("/chat")


async def test_two_widgets_are_two_conversations(host: Host, rasa: FakeRasa) -> None:
    visit = await host(f"{PLACED}<h2>Plus bas</h2><jalon-chat title='Autre'></jalon-chat>")
    logs = visit.page.get_by_role("log")
    await expect(logs.nth(1)).to_contain_text(WELCOME)
    for number, words in enumerate(("un", "deux")):
        field = visit.page.get_by_label("Votre message").nth(number)
        await field.fill(words)
        await field.press("Enter")
        await expect(logs.nth(number)).to_contain_text(f"Vous avez dit : {words}")
    await visit.page.reload()
    await expect(logs.nth(0)).to_contain_text("Vous avez dit : un")
    await expect(logs.nth(0)).not_to_contain_text("deux")
    await expect(logs.nth(1)).to_contain_text("Vous avez dit : deux")
    assert len({body["sender"] for body in rasa.received}) == 2


async def test_leaving_quickly_erases_every_widget_and_nothing_of_the_page(host: Host) -> None:
    visit = await host(f"{PLACED}<jalon-chat title='Autre'></jalon-chat>")
    await visit.page.context.route("https://meteofrance.com/", lambda r: r.fulfill(body="météo"))
    await visit.page.evaluate("sessionStorage.jalonnement = 'la page'")
    for number in range(2):
        field = visit.page.get_by_label("Votre message").nth(number)
        await field.fill("un secret")
        await field.press("Enter")
        log = visit.page.get_by_role("log").nth(number)
        await expect(log).to_contain_text("Vous avez dit : un secret")
    await visit.page.get_by_role("button", name="Quitter vite").first.click()
    await expect(visit.page).to_have_url("https://meteofrance.com/")
    await visit.page.goto(visit.site)
    await expect(visit.page.get_by_role("log").nth(1)).to_contain_text(WELCOME)
    kept = await visit.page.evaluate("JSON.stringify(sessionStorage)")
    assert "secret" not in kept
    assert "la page" in kept


async def test_a_hostile_style_changes_nothing_inside(host: Host) -> None:
    visit = await host(PLACED, HOSTILE_STYLE)
    await visit.say("crèche")
    said = visit.log.get_by_text("Vous avez dit : crèche")
    await expect(said).to_be_visible()
    await expect(said).to_have_css("text-transform", "none")
    await expect(said).to_have_css("font-size", "16px")
    await expect(said).to_have_css("letter-spacing", "normal")
    await expect(said).to_have_css("color", "rgb(27, 42, 41)")
    await expect(visit.page.get_by_role("button", name="Envoyer")).to_be_visible()


SMALL_ROOT = "html { font-size: 62.5% } body { font-size: 1.6rem; line-height: 1 }"
HIDING = "body > * { position: static !important; opacity: 0 !important }"


@pytest.mark.parametrize("style", [SMALL_ROOT, HOSTILE_STYLE, HIDING])
async def test_the_style_of_the_page_neither_shrinks_nor_hides_the_floating_widget(
    host: Host, style: str
) -> None:
    visit = await host(ONE_LINE, style, viewport={"width": 1280, "height": 800})
    await launcher(visit).click()
    await visit.sees(WELCOME)
    box = await visit.page.get_by_role("dialog", name="Jalon").bounding_box()
    assert box == {"x": 832, "y": 80, "width": 432, "height": 704}
    await expect(visit.page.locator("jalon-chat")).to_have_css("opacity", "1")
    await visit.page.emulate_media(media="print")
    await expect(visit.page.get_by_role("dialog")).to_be_hidden()


async def test_the_page_is_not_disturbed(host: Host) -> None:
    bare = await host("")
    visit = await host(PLACED)
    await visit.sees(WELCOME)
    names = "Object.getOwnPropertyNames(window).sort()"
    assert await visit.page.evaluate(names) == await bare.page.evaluate(names)
    assert await visit.page.evaluate("document.adoptedStyleSheets.length") == 0
    assert await visit.page.evaluate("document.head.querySelectorAll('style').length") == 0
    assert await visit.page.evaluate("document.activeElement === document.body")


async def test_hostile_data_stays_text_under_trusted_types(host: Host, rasa: FakeRasa) -> None:
    visit = await host(PLACED)
    rasa.reply = lambda message: HOSTILE
    await visit.say("<b>crèche</b>")
    await visit.sees("<script>alert(1)</script>")
    assert await visit.log.locator("script, img, svg, iframe, b").count() == 0


async def test_the_integrity_hash_is_accepted(host: Host) -> None:
    from channels.web.integrity import line

    visit = await host(f"{line('JALON')}<jalon-chat></jalon-chat>")
    await visit.sees(WELCOME)
