"""/chat without a script: the same answers, from plain forms."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect

from channels import texts
from tests.browser.conftest import OpenPage, Visit
from tests.browser.test_looks import keep
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import CANCELLED, HOSTILE, RESULTS

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def plain(open_page: OpenPage) -> Visit:
    visit = await open_page("/chat", java_script_enabled=False)
    visit.log = visit.page.locator("form")
    return visit


async def send(visit: Visit, text: str) -> None:
    await visit.field.fill(text)
    await visit.page.get_by_role("button", name="Envoyer").click()


async def test_a_whole_conversation_without_script(plain: Visit, rasa: FakeRasa) -> None:
    await plain.sees("Vous parlez à une machine")
    rasa.reply = lambda message: RESULTS
    await plain.choice(texts.NEEDS[0][0]).click()
    await plain.sees("Voici ce que j'ai trouvé")
    await plain.sees("Garde d'enfants")
    card = plain.page.get_by_role("article").first
    await expect(card.get_by_role("link", name="Appeler le")).to_have_attribute(
        "href", "tel:+33155500001"
    )
    await expect(card.get_by_role("link", name="Voir le trajet")).to_be_visible()
    await keep(plain, "sans-javascript")
    rasa.reply = lambda message: [{"text": f"Vous avez dit : {message}"}]
    await send(plain, "à Bondy")
    await plain.sees("Vous avez dit : à Bondy")
    await plain.sees("Voici ce que j'ai trouvé")
    assert rasa.messages == ["/garde_enfants", "à Bondy"]
    assert len({body["sender"] for body in rasa.received}) == 1
    assert await plain.page.context.cookies() == []


async def test_a_page_sent_again_is_not_a_message_said_again(plain: Visit, rasa: FakeRasa) -> None:
    await send(plain, "crèche")
    await plain.sees("Vous avez dit : crèche")
    await plain.page.reload()
    await plain.sees("Vous avez dit : crèche")
    assert rasa.messages == ["crèche"]


async def test_hostile_answers_are_only_text(plain: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: HOSTILE
    await send(plain, "<script>alert(1)</script>")
    await plain.sees("<svg onload=alert(1)>")
    assert await plain.log.locator("script, img, svg, iframe, b").count() == 0
    for link in await plain.page.locator("a").all():
        assert re.match(r"(https|tel|sms|mailto):|/", str(await link.get_attribute("href")))


async def test_a_cancelled_event_says_so_first_and_shows_no_way(
    plain: Visit, rasa: FakeRasa
) -> None:
    answer = [{"text": "Voici."}, {"custom": {"intro": "Voici.", "results": [CANCELLED]}}]
    rasa.reply = lambda message: answer
    await send(plain, "salon")
    card = plain.page.get_by_role("article")
    await expect(card.locator("p.now")).to_have_text("Annulé : n'y allez pas.")
    await expect(card).to_contain_text("Entrée libre, apportez un CV.")
    await expect(card.get_by_role("link", name="Site web")).to_have_attribute(
        "href", CANCELLED["lien"]
    )
    assert await card.get_by_role("link", name="Voir le trajet").count() == 0


async def test_a_wrong_fact_can_be_reported(plain: Visit, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: RESULTS
    await send(plain, "crèche")
    rasa.reply = lambda message: [{"text": "C'est noté."}]
    await send(plain, "merci")
    card = plain.page.get_by_role("article").first
    await card.locator("summary").click()
    await card.get_by_label("Qu'est-ce qui est faux ?").select_option("autre")
    await card.get_by_role("button", name="Signaler une erreur").click()
    await expect(plain.log.get_by_text("C'est noté.")).to_have_count(2)
    await plain.sees("Signaler une erreur : Accueil en crèche (place d'essai), Autre chose")
    await plain.sees("Voici ce que j'ai trouvé")
    told = {"fiche": "essai--creche", "raison": "autre"}
    assert rasa.received[-1]["metadata"]["signalement"] == told


async def test_leaving_quickly_shows_nothing_to_who_comes_back(
    plain: Visit, rasa: FakeRasa
) -> None:
    plain.expects_complaints = True
    await plain.page.context.route("https://meteofrance.com/", lambda r: r.fulfill(body="météo"))
    await send(plain, "un secret")
    await plain.sees("Vous avez dit : un secret")
    await plain.page.get_by_role("button", name="Quitter vite").click()
    await expect(plain.page).to_have_url("https://meteofrance.com/")
    await plain.page.go_back()
    await expect(plain.page).to_have_url(re.compile("/chat"))
    await plain.page.reload()  # the browser sends the form again
    assert "secret" not in await plain.page.content()
    await plain.sees("Vous parlez à une machine")
    assert rasa.messages == ["un secret", "/effacer"]


async def test_a_message_too_long_comes_back(plain: Visit, rasa: FakeRasa) -> None:
    plain.expects_complaints = True
    await send(plain, "a" * 1001)
    await plain.sees("Votre message est trop long.")
    await expect(plain.field).to_have_value("a" * 1001)


async def test_a_stopped_bot_gives_a_number(plain: Visit, rasa: FakeRasa) -> None:
    rasa.status = 500
    await send(plain, "crèche")
    await plain.sees("Je ne peux pas répondre en ce moment.")


async def test_it_opens_in_arabic(open_page: OpenPage) -> None:
    visit = await open_page("/chat?lang=ar", java_script_enabled=False)
    await expect(visit.page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(visit.page.get_by_text("مرحبا")).to_be_visible()
    await keep(visit, "sans-javascript-arabe")


@pytest.mark.parametrize("width", [320, 1280])
async def test_axe_finds_nothing_wrong_in_the_plain_page(
    open_page: OpenPage, rasa: FakeRasa, width: int
) -> None:
    # axe needs a script: only the widget's is kept away.
    rasa.reply = lambda message: RESULTS
    visit = await open_page("/accessibilite", viewport={"width": width, "height": 640})
    await visit.page.route("**/jalon.js", lambda route: route.fulfill(body=""))
    await visit.page.goto(f"{visit.site}/chat")
    await send(visit, "crèche")
    await expect(visit.page.get_by_role("article")).to_have_count(2)
    await visit.page.locator("summary").first.click()
    assert await visit.violations() == []
    root = "document.documentElement"
    assert await visit.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
