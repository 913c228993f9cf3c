"""The plain page: what its hidden fields may and may not do."""

import asyncio
import re
from html import unescape

import pytest

from channels import texts
from channels.web.languages import welcome, words
from tests.api_client import Browser, Start
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import RESULTS


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


async def opened(browser: Browser, path: str = "/chat") -> dict[str, str]:
    return fields(await (await browser.http.get(path)).text())


async def send(browser: Browser, form: dict[str, str], **more: str) -> str:
    response = await browser.http.post("/chat", data={**form, **more})
    return await response.text()


async def test_the_page_is_never_kept_by_a_cache(browser: Browser) -> None:
    response = await browser.http.get("/chat")
    assert response.headers["Cache-Control"] == "no-store"
    assert "form-action 'self'" in response.headers["Content-Security-Policy"]


async def test_history_travels_signed(browser: Browser, rasa: FakeRasa) -> None:
    form = await opened(browser)
    form = fields(await send(browser, form, text="crèche"))
    page = await send(browser, form, text="à Bondy")
    assert "Vous avez dit : crèche" in page
    assert "Vous avez dit : à Bondy" in page
    altered = {**form, "history": form["history"][:-4] + "AAAA"}
    page = await send(browser, altered, text="et Gap")
    assert "Vous avez dit" not in page
    assert ">\net Gap</textarea>" in page
    assert rasa.messages == ["crèche", "à Bondy"]


async def test_history_of_another_conversation_is_refused(browser: Browser, rasa: FakeRasa) -> None:
    theirs = fields(await send(browser, await opened(browser), text="un secret"))
    ours = await opened(browser)
    page = await send(browser, {**ours, "history": theirs["history"]}, text="crèche")
    assert "secret" not in page


async def test_a_forged_token_starts_over(browser: Browser, rasa: FakeRasa) -> None:
    form = {**await opened(browser), "token": "forged"}
    page = await send(browser, form, text="crèche")
    assert "Vous parlez à une machine" in page
    assert rasa.received == []


async def test_a_long_conversation_still_fits(browser: Browser, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: RESULTS
    form = await opened(browser)
    for number in range(15):
        form = fields(await send(browser, form, text=f"{number} " + "mot " * 200))
        assert "history" in form
    assert len(form["history"]) < 40_000
    assert len(rasa.received) == 15


async def test_leaving_quickly_erases_and_cannot_be_gone_back_to(
    browser: Browser, rasa: FakeRasa
) -> None:
    form = fields(await send(browser, await opened(browser), text="un secret"))
    rasa.arrived.clear()
    away = await browser.http.post("/chat", data={**form, "leave": "", "text": "un brouillon"})
    page = await away.text()
    assert 'content="0; url=https://meteofrance.com/"' in page
    assert away.headers["Cache-Control"] == "no-store"
    await asyncio.wait_for(rasa.arrived.wait(), 5)
    assert rasa.messages == ["un secret", "/effacer"]
    again = await send(browser, form, text="un secret")
    for shown in (page, again):
        assert "secret" not in shown
        assert "brouillon" not in shown
    assert "Vous parlez à une machine" in again
    assert len(rasa.received) == 2


async def test_what_is_erased_leaves_the_page_too(browser: Browser, rasa: FakeRasa) -> None:
    form = fields(await send(browser, await opened(browser), text="un secret"))
    rasa.reply = lambda message: [{"text": texts.BOT_ERASED}]
    page = await send(browser, form, text="effacer")
    assert "secret" not in page
    assert texts.BOT_ERASED in unescape(page)


async def test_a_huge_form_is_refused(browser: Browser) -> None:
    response = await browser.http.post("/chat", data={"text": "a" * 200_000})
    assert response.status == 413


async def test_a_choice_never_shown_is_refused(browser: Browser, rasa: FakeRasa) -> None:
    page = await send(browser, await opened(browser), payload="/restart")
    assert texts.CHOICE_UNKNOWN in unescape(page)
    assert rasa.received == []


async def test_too_many_messages_are_told_to_wait(start: Start) -> None:
    browser = await start(session_burst=1, session_rate=0.001)
    form = fields(await send(browser, await opened(browser), text="un"))
    assert "Attendez quelques secondes" in await send(browser, form, text="deux")


async def test_the_policy_of_the_operator_is_linked(start: Start) -> None:
    browser = await start(policy_url="https://www.departement.example/donnees")
    assert (
        "https://www.departement.example/donnees" in await (await browser.http.get("/chat")).text()
    )
    response = await browser.http.post("/api/session", json={})
    opened = await response.json()
    assert opened["policy_url"] == "https://www.departement.example/donnees"
    assert opened["messages"][0]["custom"]["politique"] == opened["policy_url"]


@pytest.mark.parametrize("language", list(words()))
async def test_every_language_says_everything(browser: Browser, language: str) -> None:
    assert words()[language].keys() == words()["fr"].keys()
    said = welcome(language)
    assert [b["payload"] for b in said["buttons"]] == [intent for _, intent in texts.NEEDS]
    assert "effacer" in said["text"]
    assert "24" in said["text"]
    kept = welcome(language, review=True)["text"]
    assert "30" in kept
    assert "30" not in said["text"]
    assert kept.splitlines()[-1] == said["text"].splitlines()[-1], "the question comes last"
    response = await browser.http.post("/api/session", json={"lang": language})
    [shown] = (await response.json())["messages"]
    assert shown["text"] == said["text"]


@pytest.mark.parametrize("language", ["xx", 3, None, ["fr"]])
async def test_an_unknown_language_is_french(browser: Browser, language: object) -> None:
    response = await browser.http.post("/api/session", json={"lang": language})
    assert (await response.json())["messages"][0]["text"] == texts.WELCOME
