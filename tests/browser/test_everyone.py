"""What makes the page usable by everyone, and safe on any site."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import WELCOME, OpenPage, Visit, refuse
from tests.browser.test_conversation import QUESTION
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import HOSTILE, RESULTS

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "zoomed": {"viewport": {"width": 320, "height": 256}},
    "forced colours": {"forced_colors": "active"},
}


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_wrong_from_opening_to_failure(
    open_page: OpenPage, rasa: FakeRasa, look: str
) -> None:
    visit = await open_page(**LOOKS[look])
    visit.expects_complaints = True
    await visit.sees(WELCOME)
    assert await visit.violations() == []
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche à Bondy")
    await visit.sees("Pour un détail")
    assert await visit.violations() == []
    rasa.hold.clear()
    await visit.say("encore")
    await expect(visit.page.get_by_role("status")).to_have_text("Jalon écrit…")
    assert await visit.violations() == []
    rasa.hold.set()
    await expect(visit.page.get_by_role("article")).to_have_count(4)
    await visit.page.route("**/api/message", refuse)
    await visit.say("encore une fois")
    await visit.sees("n'est pas encore parti")
    assert await visit.violations() == []


async def test_axe_finds_something_wrong_when_something_is(visit: Visit) -> None:
    await visit.page.evaluate(
        'document.querySelector("jalon-chat").shadowRoot.querySelector("label").remove()'
    )
    await visit.field.page.evaluate(
        """() => {
            const root = document.querySelector("jalon-chat").shadowRoot;
            root.querySelector("textarea").removeAttribute("placeholder");
        }"""
    )
    assert any(found.startswith("label") for found in await visit.violations())


async def test_axe_finds_nothing_wrong_in_the_statement(open_page: OpenPage) -> None:
    visit = await open_page("/accessibilite", viewport={"width": 320, "height": 640})
    await expect(visit.page.get_by_role("heading", name="Déclaration")).to_be_visible()
    assert await visit.violations() == []
    root = "document.documentElement"
    assert await visit.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


@pytest.mark.parametrize("answer", ["results", "hostile"])
@pytest.mark.parametrize("height", [256, 640])
async def test_nothing_scrolls_sideways_at_320_pixels(
    open_page: OpenPage, rasa: FakeRasa, answer: str, height: int
) -> None:
    visit = await open_page(viewport={"width": 320, "height": height})
    await visit.sees(WELCOME)
    assert not await visit.scrolls_sideways()
    rasa.reply = lambda message: RESULTS if answer == "results" else HOSTILE
    await visit.say("crèche à Bondy " + "a" * 300)
    await expect(visit.page.get_by_role("article").first).to_be_visible()
    assert not await visit.scrolls_sideways()


async def test_the_field_is_on_the_first_screen_of_a_phone(open_page: OpenPage) -> None:
    visit = await open_page(viewport={"width": 360, "height": 640})
    await visit.sees(WELCOME)
    await expect(visit.field).to_be_in_viewport(ratio=1)
    await expect(visit.choice("Garde d'enfants")).to_be_visible()


async def test_wider_text_spacing_cuts_nothing(open_page: OpenPage, rasa: FakeRasa) -> None:
    visit = await open_page(viewport={"width": 320, "height": 640})
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche")
    await visit.sees("Pour un détail")
    await visit.page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
                word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
            document.querySelector("jalon-chat").shadowRoot.adoptedStyleSheets.push(sheet);
        }"""
    )
    assert not await visit.scrolls_sideways()


FRENCH_CARDS = """
- log "Conversation avec Jalon":
  - paragraph:
    - text: "Jalon :"
    - time: /\\d\\d:\\d\\d/
  - paragraph: "Bonjour, je suis Jalon. Vous parlez à une machine, pas à une personne."
  - paragraph: Je cherche avec vous des services près de chez vous.
  - paragraph: /N'écrivez ni votre nom ni vos numéros personnels/
  - paragraph: /Que cherchez-vous/
  - button "Écouter"
  - paragraph:
    - text: "Vous :"
    - time: /\\d\\d:\\d\\d/
  - paragraph: crèche
  - paragraph:
    - text: "Jalon :"
    - time: /\\d\\d:\\d\\d/
  - paragraph: /Voici ce que j'ai trouvé/
  - list:
    - listitem:
      - article:
        - heading "1. Accueil en crèche (place d'essai)" [level=3]
        - paragraph: Bondy
        - paragraph: Accueil des enfants de deux mois à trois ans.
        - term: "Adresse :"
        - definition: 12 rue de l'Essai, 93140 Bondy
        - term: "Horaires :"
        - definition: du lundi au vendredi, de 8 h à 18 h 30
        - link /Appeler le 01 55 50 00 01/
        - link "Écrire à creche@example.org"
        - link /Voir le trajet .* \\(nouvel onglet\\)/
        - paragraph: "Pourquoi ce choix : dans la commune demandée."
        - paragraph:
          - text: Information du 1er septembre 2026.
          - link /Source .* \\(nouvel onglet\\)/
        - group: /Garder, partager, corriger/
    - listitem:
      - article:
        - heading "2. Halte-garderie (place d'essai)" [level=3]
  - paragraph: /Pour un détail/
  - button "Écouter"
  - group "Choix proposés":
    - button "Voir d'autres lieux"
    - button "Changer de ville"
"""
ARABIC_CARDS = """
- log "محادثة مع Jalon":
  - paragraph: /مرحبا/
  - button "استمع"
  - paragraph:
    - text: "أنت :"
    - time: /\\d\\d:\\d\\d/
  - paragraph: crèche
  - list:
    - listitem:
      - article:
        - heading "1. Accueil en crèche (place d'essai)" [level=3]
        - term: "العنوان :"
        - link /اتصل بالرقم 01 55 50 00 01/
        - link /عرض الطريق .* \\(نافذة جديدة\\)/
        - group: /حفظ، مشاركة، تصحيح/
  - group "الاختيارات":
    - button "Voir d'autres lieux"
"""
QUESTION_ASKED = """
- log "Conversation avec Jalon":
  - paragraph: crèche
  - paragraph: /Dans quelle ville/
  - button "Écouter"
  - group "Choix proposés":
    - button "Bondy"
    - button "Passer"
"""
CHOICE_MADE = """
- log "Conversation avec Jalon":
  - paragraph: /Dans quelle ville/
  - button "Écouter"
  - paragraph:
    - text: "Vous :"
    - time: /\\d\\d:\\d\\d/
  - paragraph: Bondy
"""
FAILURE = """
- log "Conversation avec Jalon":
  - paragraph:
    - text: "Vous :"
    - time: /\\d\\d:\\d\\d/
  - paragraph: encore
  - paragraph: /n'est pas encore parti/
  - button "Réessayer"
"""


async def test_the_log_is_read_out_with_who_speaks(visit: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche")
    await visit.sees("Pour un détail")
    await expect(visit.log).to_have_attribute("aria-live", "polite")
    await expect(visit.log).to_match_aria_snapshot(FRENCH_CARDS)
    await expect(visit.page.get_by_role("status")).to_have_text("")


async def test_a_question_its_choices_and_a_failure_are_read_out(
    visit: Visit, rasa: FakeRasa
) -> None:
    visit.expects_complaints = True
    rasa.reply = lambda message: QUESTION
    await visit.say("crèche")
    await expect(visit.choice("Bondy")).to_be_visible()
    await expect(visit.log).to_match_aria_snapshot(QUESTION_ASKED)
    rasa.reply = lambda message: [{"text": "D'accord."}]
    await visit.choice("Bondy").click()
    await visit.sees("D'accord.")
    await expect(visit.log).to_match_aria_snapshot(CHOICE_MADE)
    await expect(visit.log.get_by_role("group")).to_have_count(0)
    await visit.page.route("**/api/message", refuse)
    await visit.say("encore")
    await visit.sees("n'est pas encore parti")
    await expect(visit.log).to_match_aria_snapshot(FAILURE)


async def test_the_log_is_read_out_in_arabic(open_page: OpenPage, rasa: FakeRasa) -> None:
    visit = await open_page("/chat?lang=ar")
    rasa.reply = lambda message: RESULTS
    field = visit.page.get_by_label("رسالتك")
    await field.fill("crèche")
    await field.press("Enter")
    await expect(visit.page.get_by_role("article")).to_have_count(2)
    await expect(visit.log).to_match_aria_snapshot(ARABIC_CARDS)


async def test_a_reload_is_not_read_out_again(visit: Visit) -> None:
    await visit.say("crèche")
    await visit.sees("Vous avez dit : crèche")
    # Counts what is added to the live region once it is in the page.
    await visit.page.add_init_script(
        """
        window.added = 0;
        const attach = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function (options) {
            const root = attach.call(this, options);
            new MutationObserver((records) => {
                for (const record of records)
                    if (record.target.role === "log") window.added += record.addedNodes.length;
            }).observe(root, {childList: true, subtree: true});
            return root;
        };
        """
    )
    await visit.reload()
    await visit.sees("Vous avez dit : crèche")
    assert await visit.page.evaluate("window.added") == 0
    await visit.say("bonjour")
    await visit.sees("Vous avez dit : bonjour")
    assert await visit.page.evaluate("window.added") == 2


async def test_everything_to_press_is_large_enough(visit: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche")
    await visit.sees("Pour un détail")
    for button in await visit.page.get_by_role("button").all():
        box = await button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    for link in await visit.log.get_by_role("link").all():
        box = await link.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24


async def test_focus_is_always_visible(visit: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche")
    await visit.sees("Pour un détail")
    await visit.page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(24):
        await visit.page.keyboard.press("Tab")
        name, outline = await visit.page.evaluate(
            """() => {
                const node = document.activeElement.shadowRoot?.activeElement;
                return node ? [node.tagName, getComputedStyle(node).outlineWidth] : ["", ""];
            }"""
        )
        seen.append(name)
        assert name == "" or float(outline.removesuffix("px")) >= 2
    assert {"BUTTON", "A", "DIV", "TEXTAREA"} <= set(seen)


async def test_hostile_answers_are_only_text(visit: Visit, rasa: FakeRasa) -> None:
    dialogs = []
    visit.page.on("dialog", lambda dialog: dialogs.append(dialog))
    rasa.reply = lambda message: HOSTILE
    await visit.say("<img src=x onerror=alert(1)>")
    await visit.sees("<script>alert(1)</script>")
    await visit.sees("</jalon-chat>")
    await visit.sees("<svg onload=alert(1)>")
    for tag in ("script", "img", "svg", "iframe", "b"):
        assert await visit.log.locator(tag).count() == 0
    found = await visit.page.get_by_role("article").locator("a").all()
    way, message = sorted([str(await a.get_attribute("href")) for a in found])
    assert way.startswith("https://www.openstreetmap.org/directions?to=")
    assert message.startswith("sms:?&body=")
    assert len(await visit.log.inner_text()) < 3000
    await visit.reload()
    await visit.sees("</jalon-chat>")
    assert dialogs == []


async def test_without_the_script_the_page_says_who_to_ask(open_page: OpenPage) -> None:
    visit = await open_page(java_script_enabled=False)
    await expect(visit.page.get_by_text("Le CCAS de votre mairie")).to_be_visible()
    await visit.page.get_by_role("link", name="ouvrez la page simple").click()
    await expect(visit.page.get_by_label("Votre message")).to_be_visible()
