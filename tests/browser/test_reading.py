"""Reading, hearing and speaking as one prefers; what one does with a card; network and pause."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Download, expect

from channels.app import create_app
from channels.pause import Pause
from channels.settings import Settings
from channels.web.languages import words
from tests.browser.conftest import POLICY, WELCOME, OpenPage, Visit, refuse, serve
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import CANCELLED, CRECHE, RESULTS

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVENT = {
    **CRECHE,
    "id": "essai--forum",
    "kind": "evenement",
    "nom": "Forum d'essai, à Gap",
    "debut": "2026-12-03T09:00:00",
    "fin": "2026-12-03T12:30:00",
    "quand": "jeudi 3 décembre 2026, de 9 h à 12 h 30",
    "quand_relatif": "demain à 9 h",
    "ics": "BEGIN:VCALENDAR\r\nSUMMARY:Forum d'essai\\, à Gap\r\nEND:VCALENDAR\r\n",
}
SPEECH = """
window.spoken = [];
window.speechSynthesis.speak = (speech) => { window.spoken.push(speech); };
window.speechSynthesis.cancel = () => {};
"""
MICROPHONE = """
window.started = 0;
window.SpeechRecognition = window.webkitSpeechRecognition = class {
    start() {
        window.started += 1;
        this.onresult({results: [[{transcript: "crèche à Bondy"}]]});
        this.onend();
    }
};
"""


async def card(visit: Visit, rasa: FakeRasa, answer: list[dict[str, Any]] = RESULTS) -> Any:
    """The first card of an answer, unfolded."""
    rasa.reply = lambda message: answer
    await visit.say("crèche")
    card = visit.page.get_by_role("article").first
    await card.locator("summary").click()
    return card


async def test_the_way_one_reads_is_kept_while_the_tab_is_open(visit: Visit) -> None:
    panel = await visit.settings()
    await panel.get_by_label("Taille du texte").select_option("150")
    await panel.get_by_label("Couleurs").select_option("dark")
    await panel.get_by_label("Texte plus espacé").check()
    said = visit.log.get_by_text(WELCOME)

    async def is_as_chosen() -> None:
        await expect(said).to_have_css("font-size", "24px")
        await expect(said).to_have_css("letter-spacing", "1.92px")
        await expect(said).to_have_css("color", "rgb(237, 243, 242)")

    await is_as_chosen()
    await visit.reload()
    await is_as_chosen()
    assert await visit.page.evaluate("localStorage.length") == 0
    await visit.page.get_by_role("button", name="Recommencer").click()
    await is_as_chosen()


async def test_the_focus_goes_into_the_settings_and_comes_back(visit: Visit) -> None:
    panel = await visit.settings()
    await expect(panel.get_by_label("Langue")).to_be_focused()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.get_by_role("button", name="Réglages")).to_be_focused()
    await expect(panel.get_by_label("Langue")).to_be_hidden()


@pytest.mark.parametrize("language", list(words()))
async def test_each_language_has_its_buttons_and_first_message(
    open_page: OpenPage, rasa: FakeRasa, language: str
) -> None:
    visit = await open_page("/chat?lang=" + language, viewport={"width": 320, "height": 640})
    said = words()[language]
    field = visit.page.get_by_label(said["label"])
    await expect(visit.log.get_by_role("group", name=said["choices"])).to_be_visible()
    rasa.reply = lambda message: RESULTS
    await field.fill("crèche")
    await field.press("Enter")
    await expect(visit.page.get_by_role("article")).to_have_count(2)
    await expect(visit.page.get_by_role("link", name=said["call"])).to_be_visible()
    widget = visit.page.locator("jalon-chat .frame")
    await expect(widget).to_have_attribute("lang", language)
    await expect(widget).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    assert await visit.violations() == []
    assert not await visit.scrolls_sideways()


@pytest.mark.parametrize("script", [True, False])
async def test_the_first_message_links_to_the_policy_of_the_operator(
    open_page: OpenPage, script: bool
) -> None:
    visit = await open_page("/chat", java_script_enabled=script)
    said = visit.page.locator(".bubble").first
    await expect(said).to_contain_text(WELCOME)
    await expect(said.get_by_role("link", name="Vos données")).to_have_attribute("href", POLICY)


async def test_the_largest_text_does_not_stretch_the_page(open_page: OpenPage) -> None:
    visit = await open_page(viewport={"width": 320, "height": 640})
    await visit.sees(WELCOME)
    height = "document.documentElement.scrollHeight"
    before = await visit.page.evaluate(height)
    panel = await visit.settings()
    await panel.get_by_label("Taille du texte").select_option("200")
    await panel.get_by_label("Texte plus espacé").check()
    assert not await visit.scrolls_sideways()
    assert await visit.page.evaluate(height) == before


async def test_the_keyboard_of_a_phone_does_not_hide_the_field(
    open_page: OpenPage, rasa: FakeRasa
) -> None:
    visit = await open_page(viewport={"width": 360, "height": 640}, has_touch=True)
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche")
    await visit.sees("Pour un détail")
    await visit.field.tap()
    await visit.page.set_viewport_size({"width": 360, "height": 300})
    await expect(visit.field).to_be_in_viewport(ratio=1)


async def test_changing_language_keeps_what_was_said(visit: Visit) -> None:
    await visit.say("crèche")
    await visit.sees("Vous avez dit : crèche")
    await visit.field.fill("à Bon")
    panel = await visit.settings()
    await panel.get_by_label("Langue").select_option("en")
    await expect(panel.get_by_label("Language")).to_be_focused()
    await visit.sees("Vous avez dit : crèche")
    await expect(panel.get_by_label("Your message")).to_have_value("à Bon")


async def test_someone_whose_device_speaks_another_language_is_offered_theirs(
    chromium: Browser, site: str
) -> None:
    context = await chromium.new_context(locale="uk-UA")
    visit = Visit(await context.new_page(), site)
    await visit.page.goto(site)
    await visit.sees(WELCOME)
    await visit.page.get_by_role("button", name="Українська").click()
    await visit.sees("Вітаю, я Jalon.")
    await expect(visit.page.get_by_role("button", name="Надіслати")).to_be_visible()
    await expect(visit.page.get_by_role("button", name="Français")).to_have_count(0)
    assert visit.complaints == []
    await context.close()


async def test_each_message_can_be_heard(open_page: OpenPage, rasa: FakeRasa) -> None:
    visit = await open_page("/accessibilite")
    await visit.page.add_init_script(SPEECH)
    await visit.page.goto(visit.site)
    await visit.sees(WELCOME)
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche")
    await visit.sees("Pour un détail")
    await visit.log.get_by_role("button", name="Écouter").last.click()
    await expect(visit.page.get_by_role("button", name="Arrêter la lecture")).to_be_visible()
    spoken = await visit.page.evaluate("spoken.map((speech) => [speech.text, speech.lang])")
    assert {language for _, language in spoken} == {"fr"}
    assert max(len(line) for line, _ in spoken) < 150, "a long one is cut by some voices"
    text = " ".join(line for line, _ in spoken)
    for heard in ("Voici ce que j'ai trouvé", "12 rue de l'Essai", "Halte-garderie", "Pour un"):
        assert heard in text
    await visit.page.evaluate("spoken.at(-1).onend()")
    await expect(visit.page.get_by_role("button", name="Arrêter la lecture")).to_have_count(0)


async def test_reading_aloud_stops_with_the_conversation(open_page: OpenPage) -> None:
    visit = await open_page("/accessibilite")
    hushed = "window.hushed = 0; speechSynthesis.cancel = () => { window.hushed += 1; };"
    await visit.page.add_init_script(SPEECH + hushed)
    await visit.page.goto(visit.site)
    await visit.sees(WELCOME)
    await visit.log.get_by_role("button", name="Écouter").click()
    before = await visit.page.evaluate("window.hushed")
    await visit.page.get_by_role("button", name="Recommencer").click()
    assert await visit.page.evaluate("window.hushed") == before + 1


async def test_the_example_in_the_field_is_written_from_right_to_left_in_arabic(
    open_page: OpenPage,
) -> None:
    visit = await open_page("/chat?lang=ar")
    field = visit.page.get_by_role("textbox")
    await expect(field).to_have_css("direction", "rtl")
    await field.fill("crèche à Bondy")
    await expect(field).to_have_css("direction", "ltr")
    await field.fill("حضانة")
    await expect(field).to_have_css("direction", "rtl")


async def test_the_microphone_is_explained_before_it_is_asked_for(
    open_page: OpenPage, rasa: FakeRasa
) -> None:
    visit = await open_page("/accessibilite")
    await visit.page.add_init_script(MICROPHONE)
    await visit.page.goto(visit.site)
    await visit.page.get_by_role("button", name="Parler").click()
    await expect(visit.page.get_by_text("Il peut envoyer votre voix")).to_be_visible()
    start = visit.page.get_by_role("button", name="Utiliser le micro")
    await expect(start).to_be_focused()
    assert await visit.page.evaluate("started") == 0
    await start.click()
    await expect(visit.field).to_have_value("crèche à Bondy")
    await expect(visit.field).to_be_focused()
    assert rasa.received == [], "the person reads it before sending it"


async def test_a_browser_that_cannot_hear_offers_nothing(open_page: OpenPage) -> None:
    visit = await open_page("/accessibilite")
    gone = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"
    await visit.page.add_init_script(gone)
    await visit.page.goto(visit.site)
    await visit.sees(WELCOME)
    await expect(visit.page.get_by_role("button", name="Parler")).to_have_count(0)


async def test_a_card_can_be_copied_and_sent(open_page: OpenPage, rasa: FakeRasa) -> None:
    visit = await open_page(permissions=["clipboard-read", "clipboard-write"])
    first = await card(visit, rasa)
    await first.get_by_role("button", name="Copier").click()
    await expect(visit.page.get_by_role("status")).to_have_text("C'est copié.")
    copied = await visit.page.evaluate("navigator.clipboard.readText()")
    assert "12 rue de l'Essai" in copied
    assert re.search("Téléphone : 01.55.50.00.01", copied)
    assert "Information du 1er septembre 2026." in copied
    link = str(await first.get_by_role("link", name="SMS").get_attribute("href"))
    assert link.startswith("sms:?&body=Accueil%20en%20cr%C3%A8che")


async def test_a_card_is_copied_where_the_clipboard_is_closed(visit: Visit, rasa: FakeRasa) -> None:
    first = await card(visit, rasa)
    await visit.page.evaluate("delete Navigator.prototype.clipboard")
    await first.get_by_role("button", name="Copier").click()
    await expect(visit.page.get_by_role("status")).to_have_text("C'est copié.")
    await expect(first.get_by_role("button", name="Copier")).to_be_focused()


async def test_a_card_is_printed_alone(visit: Visit, rasa: FakeRasa) -> None:
    await visit.page.context.add_init_script("window.print = () => { window.printed = true; };")
    first = await card(visit, rasa)
    async with visit.page.expect_popup() as opened:
        await first.get_by_role("button", name="Imprimer").click()
    page = await opened.value
    await expect(page.locator("main")).to_contain_text("12 rue de l'Essai")
    await expect(page.locator("main")).not_to_contain_text("Halte-garderie")
    await expect(page).to_have_title("Accueil en crèche (place d'essai)")


async def test_what_is_known_of_now_is_told(open_page: OpenPage, rasa: FakeRasa) -> None:
    record = {
        **CRECHE,
        "ouverture": {"etat": "ouvert", "texte": "Ouvert jusqu'à 18 h 30."},
        "age_texte": "il y a 2 mois",
        "frais": "gratuit",
        "peut_y_aller": True,
        "conseil": "Vous pouvez y aller : c'est ouvert.",
        "valable_texte": "Valable jusqu'au 31 décembre 2026.",
    }
    rasa.reply = lambda message: [{"text": "Voici."}, {"custom": {"results": [record]}}]
    for options in ({}, {"java_script_enabled": False}):
        visit = await open_page("/chat", **options)
        await visit.page.get_by_role("textbox", name="Votre message").fill("crèche")
        await visit.page.get_by_role("button", name="Envoyer").click()
        first = visit.page.get_by_role("article")
        for told in (
            "Ouvert jusqu'à 18 h 30.",
            "Information du 1er septembre 2026 (il y a 2 mois).",
            "gratuit",
            "Vous pouvez y aller",
            "Valable jusqu'au 31 décembre 2026.",
        ):
            await expect(first).to_contain_text(told)
    english = await open_page("/chat?lang=en")
    await english.page.get_by_role("textbox", name="Your message").fill("crèche")
    await english.page.get_by_role("button", name="Send").click()
    await expect(english.page.get_by_role("article")).to_contain_text("Open now")


async def say_wrong(card: Any) -> None:
    """Say that the hours of a card are wrong."""
    await card.locator("summary").click()
    await card.get_by_role("button", name="Signaler une erreur").click()
    await card.get_by_role("button", name="Horaires").click()


async def test_a_cancelled_event_says_so_first_and_shows_no_way(
    visit: Visit, rasa: FakeRasa
) -> None:
    answer = [{"text": "Voici."}, {"custom": {"intro": "Voici.", "results": [CANCELLED]}}]
    shown = await card(visit, rasa, answer)
    await expect(shown.locator("p.now")).to_have_text("Annulé : n'y allez pas.")
    await expect(shown).to_contain_text("Entrée libre, apportez un CV.")
    await expect(shown.get_by_role("link", name="Site web")).to_have_attribute(
        "href", CANCELLED["lien"]
    )
    await expect(shown.get_by_role("link", name="Voir le trajet")).to_have_count(0)


@pytest.mark.parametrize("afterwards", [[], ["merci"]])
async def test_a_wrong_fact_is_told_to_the_bot_even_on_an_older_card(
    visit: Visit, rasa: FakeRasa, afterwards: list[str]
) -> None:
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche")
    second = visit.page.get_by_role("article").nth(1)
    await expect(second).to_be_visible()
    rasa.reply = lambda message: [{"text": f"Vous avez dit : {message}"}]
    for said in afterwards:
        await visit.say(said)
        await visit.sees(f"Vous avez dit : {said}")
    rasa.reply = lambda message: [{"text": "C'est noté."}]
    await say_wrong(second)
    await visit.sees("C'est noté.")
    await visit.sees("Signaler une erreur : Halte-garderie (place d'essai), Horaires")
    told = {"fiche": "essai--halte", "raison": "horaires"}
    assert rasa.received[-1]["metadata"]["signalement"] == told


async def test_a_report_that_did_not_leave_is_sent_once_the_network_is_back(
    visit: Visit, rasa: FakeRasa
) -> None:
    visit.expects_complaints = True
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche")
    first = visit.page.get_by_role("article").first
    await expect(first).to_be_visible()
    await visit.page.route("**/api/report", refuse)
    await say_wrong(first)
    await visit.sees("n'est pas encore parti")
    await visit.page.unroute("**/api/report")
    rasa.reply = lambda message: [{"text": "C'est noté."}]
    await visit.choice("Réessayer").click()
    await visit.sees("C'est noté.")
    assert len(rasa.received) == 2


async def test_an_event_goes_to_the_calendar(visit: Visit, rasa: FakeRasa) -> None:
    answer = [{"text": "Voici."}, {"custom": {"results": [EVENT]}}]
    first = await card(visit, rasa, answer)
    await expect(first).to_contain_text("demain à 9 h (jeudi 3 décembre 2026, de 9 h")
    async with visit.page.expect_download() as started:
        await first.get_by_role("link", name="Ajouter à mon agenda").click()
    download: Download = await started.value
    assert download.suggested_filename == "jalon.ics"
    text = await asyncio.to_thread(Path(await download.path()).read_text, "utf-8")
    assert "SUMMARY:Forum d'essai\\, à Gap" in text


async def test_a_pause_is_shown_within_ten_seconds_and_so_is_its_end(
    visit: Visit, pause: Pause
) -> None:
    await visit.field.focus()
    pause.begin("Jalon revient lundi matin.")
    told = visit.page.get_by_role("alert")
    await expect(told).to_contain_text("Jalon revient lundi matin.", timeout=10_000)
    await expect(told).to_contain_text("En cas de danger, appelez le 112.")
    await expect(told.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    await expect(visit.field).to_be_hidden()
    inside = "document.activeElement.matches('jalon-chat')"
    assert await visit.page.evaluate(inside), "who was writing is not thrown out of the widget"
    await expect(visit.choice("Formation")).to_be_disabled()
    assert await visit.violations() == []
    pause.end()
    await expect(visit.field).to_be_visible(timeout=10_000)


async def test_a_message_sent_during_a_pause_waits_for_its_end(
    visit: Visit, rasa: FakeRasa, pause: Pause
) -> None:
    visit.expects_complaints = True
    await visit.page.route("**/api/state", refuse)  # what is written finds the pause first
    await visit.sees(WELCOME)
    pause.begin("")
    await visit.say("crèche")
    await expect(visit.page.get_by_role("alert")).to_contain_text("Jalon est en pause.")
    await visit.page.unroute("**/api/state")
    assert rasa.received == []
    pause.end()
    await expect(visit.log).to_contain_text("Vous avez dit : crèche", timeout=12_000)
    assert rasa.messages == ["crèche"]


async def test_the_whole_page_says_the_pause_too(open_page: OpenPage, pause: Pause) -> None:
    pause.begin("Jalon revient lundi.")
    visit = await open_page("/chat", java_script_enabled=False)
    visit.expects_complaints = True
    await expect(visit.page.get_by_text("Jalon revient lundi.")).to_be_visible()
    await expect(visit.page.get_by_role("button", name="Envoyer")).to_have_count(0)
    danger = visit.page.get_by_role("link", name="112")
    await expect(danger).to_have_attribute("href", "tel:112")


async def test_what_is_written_offline_leaves_by_itself(visit: Visit, rasa: FakeRasa) -> None:
    await visit.page.context.set_offline(True)
    await visit.say("crèche")
    await visit.say("à Bondy")
    await expect(visit.page.get_by_role("status")).to_contain_text("hors connexion")
    assert rasa.received == []
    await visit.page.context.set_offline(False)
    await visit.sees("Vous avez dit : à Bondy")
    assert rasa.messages == ["crèche", "à Bondy"]


async def test_a_server_that_restarts_in_the_middle_loses_nothing(
    open_page: OpenPage, rasa: FakeRasa, tmp_path: Path
) -> None:
    """Even one that forgot its secret: the choice is said again in its own words."""
    settings = Settings(rasa_url=rasa.url, secret="first", pause_file=tmp_path / "pause")
    runner, address = await serve(create_app(settings))
    port = int(address.rsplit(":", 1)[1])
    visit = await open_page("/accessibilite")
    visit.expects_complaints = True
    await visit.page.goto(address)
    await visit.sees(WELCOME)
    await runner.cleanup()
    await visit.choice("Formation").click()
    await visit.sees("n'est pas encore parti")
    again = Settings(rasa_url=rasa.url, secret="second", pause_file=tmp_path / "pause")
    runner, _ = await serve(create_app(again), port)
    await expect(visit.log).to_contain_text("Vous avez dit : Formation", timeout=15_000)
    await expect(visit.choice("Réessayer")).to_have_count(0)
    assert rasa.messages == ["Formation"]
    await runner.cleanup()


async def test_a_slow_network_still_gives_an_answer(open_page: OpenPage, rasa: FakeRasa) -> None:
    visit = await open_page("/accessibilite")
    slow = await visit.page.context.new_cdp_session(visit.page)
    await slow.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 400,
            "downloadThroughput": 50_000,
            "uploadThroughput": 50_000,
        },
    )
    await visit.page.goto(visit.site)
    await visit.say("crèche")
    await expect(visit.page.get_by_role("status")).to_have_text("Jalon écrit…")
    await visit.sees("Vous avez dit : crèche")


async def test_typing_while_an_answer_comes_keeps_the_order(visit: Visit, rasa: FakeRasa) -> None:
    rasa.hold.clear()
    await visit.say("un")
    await visit.say("deux")
    await rasa.arrived.wait()
    rasa.hold.set()
    await visit.sees("Vous avez dit : deux")
    assert rasa.messages == ["un", "deux"]


async def test_leaving_quickly_erases_at_the_server_too(visit: Visit, rasa: FakeRasa) -> None:
    await visit.page.context.route("https://meteofrance.com/", lambda r: r.fulfill(body="météo"))
    await visit.say("un secret")
    await visit.sees("Vous avez dit : un secret")
    rasa.arrived.clear()
    await visit.page.get_by_role("button", name="Quitter vite").click()
    await expect(visit.page).to_have_url("https://meteofrance.com/")
    await asyncio.wait_for(rasa.arrived.wait(), 5)
    assert rasa.messages[-1] == "/effacer"
    assert len({body["sender"] for body in rasa.received}) == 1
