import asyncio
import json
import re
from typing import Any

import pytest
from playwright.async_api import Route, expect

from channels import texts
from tests.browser.conftest import POLICY, WELCOME, OpenPage, Visit, refuse
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import RESULTS

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION: list[dict[str, Any]] = [
    {
        "text": "Dans quelle ville ?",
        "buttons": [
            {"title": "Bondy", "payload": '/donner_commune{"code_insee": "93010"}'},
            {"title": "Passer", "payload": "/passer"},
        ],
    }
]


async def test_opening_welcomes_without_asking_anything_elsewhere(visit: Visit) -> None:
    await expect(visit.page).to_have_title(re.compile("^Jalon"))
    for title, _ in texts.NEEDS:
        await expect(visit.choice(title)).to_be_visible()
    assert await visit.page.context.cookies() == []
    assert all(url.startswith(visit.site) for url in visit.requested)


async def test_a_whole_conversation_by_keyboard_alone(visit: Visit, rasa: FakeRasa) -> None:
    keyboard = visit.page.keyboard
    rasa.reply = lambda message: QUESTION if message == "crèche" else RESULTS
    await expect(visit.field).not_to_be_focused()
    for _ in range(30):
        await keyboard.press("Tab")
        if await visit.field.evaluate("field => field.getRootNode().activeElement === field"):
            break
    await expect(visit.field).to_be_focused()
    await keyboard.type("crèche")
    await keyboard.press("Enter")
    await expect(visit.choice("Bondy")).to_be_visible()
    await expect(visit.field).to_be_focused()
    await expect(visit.field).to_have_value("")
    for _ in ("speak", "skip", "Bondy"):
        await keyboard.press("Shift+Tab")
    await expect(visit.choice("Bondy")).to_be_focused()
    await keyboard.press("Enter")
    await visit.sees("Voici ce que j'ai trouvé")
    await keyboard.press("Tab")
    call = visit.log.get_by_role("link", name="Appeler le")
    await expect(call).to_be_focused()
    assert rasa.messages == ["crèche", '/donner_commune{"code_insee": "93010"}']


async def test_a_whole_conversation_by_mouse(visit: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: QUESTION if message == "/garde_enfants" else RESULTS
    await visit.choice("Garde d'enfants").click()
    await visit.choice("Bondy").click()
    await visit.sees("Voici ce que j'ai trouvé")
    await visit.field.fill("le 2")
    await visit.page.get_by_role("button", name="Envoyer").click()
    await expect(visit.log.get_by_role("heading", name="1. Accueil")).to_have_count(2)
    assert rasa.messages[-1] == "le 2"


async def test_a_choice_stays_in_the_history_as_what_was_said(visit: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: QUESTION if message == "crèche" else [{"text": "D'accord."}]
    await visit.say("crèche")
    await visit.choice("Bondy").click()
    await visit.sees("D'accord.")
    await expect(visit.log.get_by_role("group", name="Choix proposés")).to_have_count(0)
    said = await visit.log.inner_text()
    assert re.search(r"Vous\s*:\s*\d\d:\d\d\s*Bondy\s*Jalon\s*:\s*\d\d:\d\d\s*D'accord\.", said)


async def test_shift_enter_makes_a_new_line(visit: Visit, rasa: FakeRasa) -> None:
    await visit.field.fill("une crèche")
    await visit.field.press("Shift+Enter")
    await visit.field.press_sequentially("à Bondy")
    await visit.field.press("Enter")
    await visit.sees("Vous avez dit")
    assert rasa.messages == ["une crèche\nà Bondy"]


async def test_what_is_written_before_the_welcome_waits_for_it(
    open_page: OpenPage, rasa: FakeRasa
) -> None:
    visit = await open_page("/accessibilite")
    ready = asyncio.Event()

    async def late(route: Route) -> None:
        await ready.wait()
        await route.continue_()

    await visit.page.route("**/api/session", late)
    await visit.page.goto(visit.site)
    rasa.reply = lambda message: QUESTION
    await visit.say("crèche")
    ready.set()
    await visit.choice("Bondy").click()
    await expect(visit.log.get_by_text("Dans quelle ville ?")).to_have_count(2)
    assert len([url for url in visit.requested if url.endswith("/api/session")]) == 1
    said = await visit.log.inner_text()
    assert said.index(WELCOME) < said.index("Dans quelle")
    await expect(visit.choice("Formation")).to_have_count(0)


async def test_an_empty_message_is_not_sent(visit: Visit, rasa: FakeRasa) -> None:
    await visit.say("   ")
    await visit.say("bonjour")
    await visit.sees("Vous avez dit : bonjour")
    assert rasa.messages == ["bonjour"]


async def test_a_result_is_a_card_with_what_is_needed_to_go_there(
    visit: Visit, rasa: FakeRasa
) -> None:
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche à Bondy")
    first, second = (
        visit.page.get_by_role("article").nth(0),
        visit.page.get_by_role("article").nth(1),
    )
    await expect(first.get_by_role("heading")).to_have_text("1. Accueil en crèche (place d'essai)")
    await expect(first).to_contain_text("Accueil des enfants de deux mois à trois ans.")
    await expect(first).to_contain_text("12 rue de l'Essai, 93140 Bondy")
    await expect(first).to_contain_text("du lundi au vendredi, de 8 h à 18 h 30")
    await expect(first).to_contain_text("Information du 1er septembre 2026.")
    call = first.get_by_role("link", name="Appeler le 01 55 50 00 01")
    await expect(call).to_have_attribute("href", "tel:+33155500001")
    await expect(first.get_by_role("link", name="Écrire à")).to_have_attribute(
        "href", "mailto:creche@example.org"
    )
    await expect(first.get_by_role("link", name="Voir le trajet")).to_have_attribute(
        "href",
        "https://www.openstreetmap.org/directions?to=12%20rue%20de%20l%27Essai%2C%2093140%20Bondy",
    )
    await expect(first.get_by_role("link", name="Source")).to_have_attribute(
        "href", "https://example.org/creches"
    )
    await expect(second).to_contain_text("Noisy-le-Sec, à 3 km")
    await expect(second).to_contain_text("Écrivez avant de vous déplacer")
    await expect(second.get_by_role("link", name="01 55 50 00 02")).to_be_visible()
    await expect(second.get_by_text("Date de l'information inconnue.")).to_have_count(1)
    await expect(second.get_by_role("link", name="Appeler")).to_have_count(0)
    await expect(second.get_by_role("link", name="Source")).to_have_count(0)
    assert "3%20place%20du%20Mod%C3%A8le%2C%20Noisy-le-Sec" in str(
        await second.get_by_role("link", name="Voir le trajet").get_attribute("href")
    )


async def test_the_text_beside_cards_is_not_said_twice(visit: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche à Bondy")
    await visit.sees("Pour un détail")
    said = await visit.log.inner_text()
    assert said.count("Voici ce que j'ai trouvé") == 1
    assert said.count("1. Accueil en crèche") == 1


async def test_cards_without_a_lead_keep_the_text(visit: Visit, rasa: FakeRasa) -> None:
    results = RESULTS[1]["custom"]["results"]
    rasa.reply = lambda message: [{"text": "Voici."}, {"custom": {"results": results}}]
    await visit.say("crèche")
    await visit.sees("Voici.")
    await expect(visit.page.get_by_role("article")).to_have_count(2)


async def test_links_leave_the_conversation_open(visit: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: RESULTS
    await visit.say("crèche")
    for link in await visit.log.get_by_role("link").all():
        if str(await link.get_attribute("href")).startswith("http"):
            await expect(link).to_have_attribute("target", "_blank")
            await expect(link).to_have_attribute("rel", "noopener noreferrer")
            assert "(nouvel onglet)" in await link.inner_text()


async def test_phone_numbers_in_sentences_can_be_called(visit: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: [
        {
            "text": "Appelez le 115, gratuit, 24h/24. Sinon le 17 ou le 01 43 93 93 93.\n"
            "Par SMS : 114. Le 15 mars ou le 15 à 9 h, au 112 rue de Paris, 93115, 15 heures."
        }
    ]
    await visit.say("aide")
    await visit.sees("Par SMS")
    links = [await link.get_attribute("href") for link in await visit.log.get_by_role("link").all()]
    assert links == [POLICY, "tel:115", "tel:17", "tel:+33143939393", "sms:114", "tel:15"]


async def test_a_reload_resumes_the_conversation(visit: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: QUESTION if message == "crèche" else RESULTS
    await visit.say("crèche")
    await expect(visit.choice("Bondy")).to_be_visible()
    before = await visit.log.inner_text()
    await visit.reload()
    assert await visit.log.inner_text() == before
    await visit.choice("Bondy").click()
    await visit.sees("Voici ce que j'ai trouvé")
    assert len({body["sender"] for body in rasa.received}) == 1
    assert len(rasa.received) == 2


async def test_a_reload_while_waiting_neither_loses_nor_doubles_the_message(
    visit: Visit, rasa: FakeRasa
) -> None:
    rasa.hold.clear()
    await visit.say("crèche")
    await rasa.arrived.wait()
    await visit.reload()
    rasa.hold.set()
    await visit.sees("Vous avez dit : crèche")
    assert rasa.messages == ["crèche"]


async def test_another_tab_knows_nothing_of_the_conversation(visit: Visit) -> None:
    await visit.say("un secret")
    await visit.sees("Vous avez dit : un secret")
    other = await visit.page.context.new_page()
    await other.goto(visit.site)
    log = other.get_by_role("log")
    await expect(log).to_contain_text(WELCOME)
    await expect(log).not_to_contain_text("secret")
    assert await other.evaluate("localStorage.length") == 0


async def test_a_message_that_did_not_leave_can_be_sent_again(visit: Visit, rasa: FakeRasa) -> None:
    visit.expects_complaints = True
    await visit.page.route("**/api/message", refuse)
    await visit.say("crèche")
    await visit.sees("n'est pas encore parti")
    await expect(visit.field).to_be_focused()
    await visit.page.unroute("**/api/message")
    await visit.choice("Réessayer").click()
    await visit.sees("Vous avez dit : crèche")
    await expect(visit.choice("Réessayer")).to_have_count(0)
    await expect(visit.log.get_by_text("crèche", exact=True)).to_have_count(1)
    assert rasa.messages == ["crèche"]


async def test_an_answer_lost_on_the_way_is_asked_again_without_doubling(
    visit: Visit, rasa: FakeRasa
) -> None:
    visit.expects_complaints = True
    ids = []

    async def lose_the_first_answer(route: Route) -> None:
        ids.append(json.loads(route.request.post_data or "")["id"])
        answer = await route.fetch()
        await (route.abort() if len(ids) == 1 else route.fulfill(response=answer))

    await visit.page.route("**/api/message", lose_the_first_answer)
    await visit.say("crèche")
    await visit.choice("Réessayer").click()
    await visit.sees("Vous avez dit : crèche")
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert rasa.messages == ["crèche"]


async def test_what_is_written_after_a_failure_leaves_in_order(
    visit: Visit, rasa: FakeRasa
) -> None:
    visit.expects_complaints = True
    await visit.page.route("**/api/message", refuse)
    await visit.say("crèche")
    await visit.sees("n'est pas encore parti")
    await visit.page.unroute("**/api/message")
    await visit.say("à Bondy")
    await visit.sees("Vous avez dit : à Bondy")
    assert rasa.messages == ["crèche", "à Bondy"]


async def test_a_page_opened_without_network_can_try_again(open_page: OpenPage) -> None:
    visit = await open_page()
    visit.expects_complaints = True
    await visit.sees(WELCOME)
    await visit.page.route("**/api/session", refuse)
    await visit.page.get_by_role("button", name="Recommencer").click()
    await visit.sees("Jalon ne répond pas.")
    await visit.page.unroute("**/api/session")
    await visit.choice("Réessayer").click()
    await visit.sees(WELCOME)
    await expect(visit.choice("Réessayer")).to_have_count(0)


async def test_a_server_that_is_busy_says_so_and_the_message_waits(visit: Visit) -> None:
    visit.expects_complaints = True
    busy = {"error": {"code": "too_many_requests", "message": texts.TOO_MANY_MESSAGES}}
    await visit.page.route("**/api/message", lambda route: route.fulfill(status=429, json=busy))
    await visit.say("crèche")
    await visit.sees("Attendez quelques secondes")
    await visit.page.unroute("**/api/message")
    await visit.choice("Réessayer").click()
    await visit.sees("Vous avez dit : crèche")


async def test_a_message_too_long_comes_back_to_be_shortened(visit: Visit, rasa: FakeRasa) -> None:
    visit.expects_complaints = True
    await visit.say("a" * 1001)
    await visit.sees("Votre message est trop long.")
    await expect(visit.field).to_have_value("a" * 1001)
    await visit.say("crèche")
    await visit.sees("Vous avez dit : crèche")
    assert rasa.messages == ["crèche"]


async def test_a_conversation_that_expired_starts_again_with_the_same_message(
    visit: Visit, rasa: FakeRasa
) -> None:
    visit.expects_complaints = True
    await visit.page.evaluate(
        """() => {
            const kept = JSON.parse(sessionStorage.jalon);
            sessionStorage.jalon = JSON.stringify({...kept, token: "expired"});
        }"""
    )
    await visit.reload()
    await visit.say("crèche")
    await visit.sees("Vous avez dit : crèche")
    assert rasa.messages == ["crèche"]


async def test_a_bot_that_is_stopped_gives_a_number_to_call(visit: Visit, rasa: FakeRasa) -> None:
    rasa.status = 500
    await visit.say("crèche")
    await visit.sees("Je ne peux pas répondre en ce moment.")
    await expect(visit.log.get_by_role("link", name="01 43 93 93 93")).to_have_attribute(
        "href", "tel:+33143939393"
    )


async def test_waiting_is_told_and_then_no_more(visit: Visit, rasa: FakeRasa) -> None:
    rasa.hold.clear()
    status = visit.page.get_by_role("status")
    await visit.say("crèche")
    await expect(status).to_have_text("Jalon écrit…")
    rasa.hold.set()
    await visit.sees("Vous avez dit : crèche")
    await expect(status).to_have_text("")


async def test_starting_again_forgets_and_welcomes(visit: Visit, rasa: FakeRasa) -> None:
    await visit.say("un secret")
    await visit.sees("Vous avez dit : un secret")
    await visit.page.get_by_role("button", name="Recommencer").click()
    await expect(visit.log).not_to_contain_text("secret")
    await visit.sees(WELCOME)
    await visit.say("bonjour")
    await visit.sees("Vous avez dit : bonjour")
    assert len({body["sender"] for body in rasa.received}) == 2


async def test_starting_again_ignores_an_answer_that_comes_late(
    visit: Visit, rasa: FakeRasa
) -> None:
    rasa.hold.clear()
    await visit.say("un secret")
    await rasa.arrived.wait()
    await visit.page.get_by_role("button", name="Recommencer").click()
    await visit.sees(WELCOME)
    rasa.hold.set()
    await visit.say("bonjour")
    await visit.sees("Vous avez dit : bonjour")
    await expect(visit.log).not_to_contain_text("secret")


async def test_leaving_quickly_clears_everything(visit: Visit) -> None:
    await visit.page.context.route("https://meteofrance.com/", lambda r: r.fulfill(body="météo"))
    await visit.say("un secret")
    await visit.sees("Vous avez dit : un secret")
    await visit.page.get_by_role("button", name="Quitter vite").click()
    await expect(visit.page).to_have_url("https://meteofrance.com/")
    await visit.page.go_back()
    assert "secret" not in await visit.page.content()
    await visit.page.goto(visit.site)
    await visit.sees(WELCOME)
    await expect(visit.log).not_to_contain_text("secret")


async def test_what_is_erased_leaves_the_tab_too(visit: Visit, rasa: FakeRasa) -> None:
    await visit.say("un secret")
    await visit.sees("Vous avez dit : un secret")
    rasa.reply = lambda message: [{"text": texts.BOT_ERASED}]
    await visit.say("effacer")
    await visit.sees(texts.BOT_ERASED)
    await expect(visit.log).not_to_contain_text("secret")
    assert "secret" not in await visit.page.evaluate("JSON.stringify(sessionStorage)")
    rasa.reply = lambda message: [{"text": f"Vous avez dit : {message}"}]
    await visit.say("bonjour")
    await visit.sees("Vous avez dit : bonjour")


async def test_a_page_that_comes_back_whole_shows_only_what_the_tab_remembers(
    visit: Visit, rasa: FakeRasa
) -> None:
    """As after « Quitter vite » on a later page: the browser kept this one for its back button."""
    await visit.say("un secret")
    await visit.sees("Vous avez dit : un secret")
    back = "window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    await visit.page.evaluate(back)
    await visit.sees("Vous avez dit : un secret")
    await visit.page.evaluate("sessionStorage.clear()")
    await visit.page.evaluate(back)
    await expect(visit.log).not_to_contain_text("secret")
    await visit.sees(WELCOME)


async def test_strange_data_stops_nothing(visit: Visit, rasa: FakeRasa) -> None:
    strange: dict[str, Any] = {
        **RESULTS[1]["custom"]["results"][0],
        "nom": "😀" * 700 + "\ud83d",
        "avertissements": [12, None, {"a": 1}],
        "raisons": "oui",
        "horaires_texte": 9,
        "ouverture": "ouvert",
        "distance_km": "loin",
        "date_maj": "2026-99-99",
        "date_texte": 2026,
        "courriel": ["a"],
        "id": 3,
    }
    custom = {"intro": 5, "results": [strange, None, 4], "suite": ["fin"]}
    rasa.reply = lambda message: [{"text": "Voici."}, {"custom": custom}]
    await visit.say("crèche")
    await expect(visit.page.get_by_role("article")).to_have_count(3)
    rasa.reply = lambda message: [{"text": f"Vous avez dit : {message}"}]
    await visit.reload()
    await visit.say("\u202eà l'envers 👩‍👩‍👧 \u0000")
    await visit.sees("Vous avez dit : à l'envers 👩‍👩‍👧")


async def test_a_double_click_says_a_choice_once(visit: Visit, rasa: FakeRasa) -> None:
    await visit.choice("Formation").dblclick()
    await visit.sees("Vous avez dit : /formation")
    await visit.field.fill("encore")
    await visit.page.get_by_role("button", name="Envoyer").dblclick()
    await visit.sees("Vous avez dit : encore")
    assert rasa.messages == ["/formation", "encore"]
