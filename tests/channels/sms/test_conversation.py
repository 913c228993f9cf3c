"""Commands, choices and silence, as a person on a phone lives them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import yaml

from channels import texts
from channels.pause import Pause
from channels.sms.segments import plain
from tests.channels.sms.conftest import Http, StartSms
from tests.channels.sms.phone import PHONE, PUBLIC_URL, FakeTwilio, until
from tests.channels.sms.test_queue import held
from tests.fake_rasa import FakeRasa
from tests.fixture_answers import CRECHE, RESULTS

CONVERSATION = Path(__file__).parents[3] / "bot/domain/conversation.yml"
DISTRESS = "Appelez le 115, le Samu social. C'est gratuit, jour et nuit."


async def test_the_first_answer_says_that_a_machine_speaks_and_only_the_first(
    http: Http, twilio: FakeTwilio
) -> None:
    [first] = await twilio.say(http, "bonjour")
    [second] = await twilio.say(http, "bonjour")
    assert first.startswith(plain(texts.SMS_NOTICE))
    assert second == "Vous avez dit : bonjour"


async def test_people_are_told_when_misunderstood_messages_are_kept(
    start_sms: StartSms, twilio: FakeTwilio
) -> None:
    http = await start_sms(review="var/review")
    [first] = await twilio.say(http, "bonjour")
    assert first.startswith(plain(texts.SMS_NOTICE_WITH_REVIEW))
    assert await twilio.say(http, "INFO") == [plain(texts.SMS_INFO_WITH_REVIEW)]


async def test_info_ends_with_the_page_of_the_operator_on_personal_data(
    start_sms: StartSms, twilio: FakeTwilio
) -> None:
    http = await start_sms(policy_url="https://exemple.fr/donnees")
    [told] = await twilio.say(http, "INFO")
    assert told.endswith(" https://exemple.fr/donnees")


async def test_the_operators_pause_answers_instead_of_the_bot_and_commands_still_work(
    start_sms: StartSms, twilio: FakeTwilio, tmp_path: Path
) -> None:
    pause = Pause(tmp_path / "pause.txt")
    http = await start_sms(pause_file=tmp_path / "pause.txt")
    pause.begin("Fermé jusqu'à lundi.")
    [told] = await twilio.say(http, "bonjour")
    assert told.startswith("Fermé jusqu'à lundi.")
    assert "112" in told
    assert await twilio.say(http, "INFO") == [plain(texts.SMS_INFO)]
    pause.end()
    [answer] = await twilio.say(http, "bonjour")
    assert "bonjour" in answer


async def test_stop_is_confirmed_once_then_silence_until_start(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    [stopped] = await twilio.say(http, "Stop.")
    assert stopped == plain(texts.SMS_STOPPED)
    for text in ("STOP", "bonjour", "menu", "aide", "info", "effacer"):
        assert await twilio.say(http, text) == []
    [started] = await twilio.say(http, "reprendre")
    assert started == plain(texts.SMS_STARTED)
    [answer] = await twilio.say(http, "bonjour")
    assert "bonjour" in answer


async def test_stop_and_erase_said_in_other_words_are_obeyed_too(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    said = yaml.safe_load(CONVERSATION.read_text("utf-8"))["responses"]
    rasa.reply = lambda message: [{"text": said["utter_efface"][0]["text"]}]
    assert await twilio.say(http, "oubliez-moi") == [plain(texts.SMS_ERASED)]
    rasa.reply = lambda message: [{"text": said["utter_stop"][0]["text"]}]
    assert await twilio.say(http, "ne m'écrivez plus") == [plain(texts.SMS_STOPPED)]
    assert await twilio.say(http, "ne m'écrivez plus") == []
    assert await twilio.say(http, "menu") == []


async def test_distress_is_answered_even_to_a_number_that_asked_for_silence(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    await twilio.say(http, "STOP")
    rasa.reply = lambda message: [{"text": DISTRESS}]
    assert await twilio.say(http, "je dors dehors") == [DISTRESS]
    rasa.reply = lambda message: [{"text": "Avec plaisir."}]
    assert await twilio.say(http, "merci") == []


async def test_commands_are_answered_without_rasa(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    assert await twilio.say(http, "AIDE") == [plain(texts.SMS_HELP)]
    assert await twilio.say(http, "info") == [plain(texts.SMS_INFO)]
    [menu] = await twilio.say(http, "Menu")
    assert "\n8. Informations sur le RSA" in menu
    assert not rasa.received


async def test_a_number_means_what_was_shown_last(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    await twilio.say(http, "menu")
    await twilio.say(http, "le 2")
    assert rasa.messages == ["/francais"]
    rasa.reply = lambda message: RESULTS
    await twilio.say(http, "crèche")
    for text in ("2", "deux", "2 stp"):
        await twilio.say(http, text)
    assert rasa.messages[2:] == ["le 2", "le 2", "le 2"]
    await twilio.say(http, "suite")
    assert rasa.messages[-1] == "/plus"


async def test_suite_gives_the_rest_of_a_long_answer_then_goes_to_the_bot(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    long = " ".join(f"Phrase numéro {index} de cette explication." for index in range(20))
    rasa.reply = lambda message: [{"text": long}]
    [told] = await twilio.say(http, "explique")
    while told.endswith("SUITE"):
        [page] = await twilio.say(http, "SUITE")
        told = told.removesuffix("\nPour lire la suite : SUITE") + " " + page
    assert told.endswith(long)
    assert rasa.messages == ["explique"]
    await twilio.say(http, "suite")
    assert rasa.messages[-1] == "suite"


async def test_a_short_link_is_given_only_if_the_operator_wants_it(
    start_sms: StartSms, twilio: FakeTwilio, rasa: FakeRasa
) -> None:
    place = {**CRECHE, "lien": "https://example.org/a/very/long/address?of=a&place=1"}
    rasa.reply = lambda message: [
        {"text": "Accueil en crèche"},
        {"custom": {"intro": "", "results": [place], "suite": ""}},
    ]
    [without] = await twilio.say(await start_sms(), "le 1")
    assert "http" not in without
    http = await start_sms(sms_links=True)
    [told] = await twilio.say(http, "le 1")
    link = told.splitlines()[-1]
    assert link.startswith(f"{PUBLIC_URL}/s/")
    assert len(link) == len(PUBLIC_URL) + 8
    path = link.removeprefix(PUBLIC_URL)
    response = await http.get(path, allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (302, place["lien"])
    assert (await http.get("/s/aaaaa", allow_redirects=False)).status == 404


async def test_effacer_forgets_everything_here_and_in_rasa(
    http: Http, twilio: FakeTwilio, rasa: FakeRasa, tmp_path: Path
) -> None:
    await twilio.say(http, "bonjour")
    assert await twilio.say(http, "EFFACER") == [plain(texts.SMS_ERASED)]
    assert rasa.messages[-1] == "/effacer"
    with sqlite3.connect(tmp_path / "sms.sqlite") as base:
        assert base.execute("SELECT count(*) FROM sms_person").fetchone() == (0,)
    [again] = await twilio.say(http, "bonjour")
    assert again.startswith(plain(texts.SMS_NOTICE))


async def test_no_number_and_no_word_is_readable_on_the_disk(
    http: Http, twilio: FakeTwilio, tmp_path: Path
) -> None:
    await twilio.say(http, "motsecret")
    written = stored(tmp_path)
    for private in (PHONE, PHONE[3:], "motsecret"):
        assert private.encode() not in written
    await until(lambda: held(tmp_path) == 0)


def stored(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("sms.sqlite*"))
