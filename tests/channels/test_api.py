import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestServer

from channels import texts
from tests.api_client import Browser, Start
from tests.fake_rasa import FakeRasa

RESULT = {"id": "essai", "nom": "<script>alert(1)</script> & « Crèche »"}


async def refusal(response: ClientResponse, status: int) -> str:
    """The code of a refusal, told in French as JSON."""
    assert response.status == status
    assert response.content_type == "application/json"
    error = (await response.json())["error"]
    assert set(error) == {"code", "message"}
    assert error["message"].endswith(".")
    return error["code"]


async def test_opening_says_what_jalon_is_and_offers_the_needs(start: Start) -> None:
    browser = await start()
    [welcome] = await browser.open()
    for notice in ("machine", "ni votre nom", "24 heures"):
        assert notice in welcome["text"]
    assert [button["title"] for button in welcome["buttons"]] == [t for t, _ in texts.NEEDS]


@pytest.mark.parametrize("review", ["", "var/review"])
async def test_people_are_told_whether_messages_are_kept_for_review(
    start: Start, review: str
) -> None:
    browser = await start(review=review)
    [welcome] = await browser.open()
    page = await (await browser.http.get("/")).text()
    assert ("30 jours" in welcome["text"]) is bool(review)
    assert (texts.KEPT_FOR_REVIEW in page) is bool(review)
    assert "notice" not in page


async def test_opening_does_not_disturb_rasa(browser: Browser, rasa: FakeRasa) -> None:
    assert rasa.received == []


async def test_a_message_goes_to_rasa_and_its_answer_comes_back(
    browser: Browser, rasa: FakeRasa
) -> None:
    rasa.reply = lambda message: [
        {"text": "Voici :", "buttons": [{"title": "Voir d'autres lieux", "payload": "/plus"}]},
        {"custom": {"intro": "Voici :", "results": [RESULT], "suite": ""}},
    ]
    [answer] = await browser.say("crèche à Bondy")
    assert rasa.messages == ["crèche à Bondy"]
    assert answer["text"] == "Voici :"
    [shown] = answer["custom"]["results"]
    assert {**shown, **RESULT} == shown
    assert answer["buttons"][0]["title"] == "Voir d'autres lieux"


async def test_rasa_sees_one_sender_per_conversation_and_never_the_token(
    start: Start, rasa: FakeRasa
) -> None:
    first = await start()
    await first.open()
    await first.say("bonjour")
    await first.say("crèche")
    token = first.token
    await first.open()
    await first.say("bonjour")
    senders = [body["sender"] for body in rasa.received]
    assert senders[0] == senders[1] != senders[2]
    assert token not in json.dumps(rasa.received)


async def test_the_browser_cannot_choose_the_sender_or_the_metadata(
    browser: Browser, rasa: FakeRasa
) -> None:
    await browser.say("bonjour", sender="victim", metadata={"admin": True})
    assert rasa.received[0]["sender"] != "victim"
    assert set(rasa.received[0]) == {"sender", "message", "input_channel", "metadata"}
    assert set(rasa.received[0]["metadata"]) == {"id"}


@pytest.mark.parametrize("token", ["", "forged", "A" * 56, None, 12, {"a": 1}])
async def test_a_forged_token_is_refused(browser: Browser, rasa: FakeRasa, token: Any) -> None:
    response = await browser.post(text="bonjour", token=token)
    assert await refusal(response, 401) == "invalid_session"
    assert rasa.received == []


async def test_a_typed_slash_reaches_rasa_as_words(browser: Browser, rasa: FakeRasa) -> None:
    await browser.say(' \u200b／/garde_enfants{"code_insee": "93010"}')
    assert rasa.messages == ['garde_enfants{"code_insee": "93010"}']


async def test_a_choice_that_was_shown_reaches_rasa_as_its_intent(
    start: Start, rasa: FakeRasa
) -> None:
    browser = await start()
    [welcome] = await browser.open()
    response = await browser.post(payload=welcome["buttons"][1]["payload"])
    assert response.status == 200
    assert rasa.messages == ["/francais"]


async def test_a_choice_of_an_answer_can_be_picked(browser: Browser, rasa: FakeRasa) -> None:
    payload = '/choisir{"numero": "2"}'
    rasa.reply = lambda message: [
        {"text": "Lequel ?", "buttons": [{"title": "Le 2", "payload": payload}]}
    ]
    [answer] = await browser.say("crèche")
    assert (await browser.post(payload=answer["buttons"][0]["payload"])).status == 200
    assert rasa.messages == ["crèche", payload]


@pytest.mark.parametrize("payload", ["/restart", "/garde_enfants", "", "A" * 60])
async def test_a_choice_that_was_never_shown_is_refused(
    browser: Browser, rasa: FakeRasa, payload: str
) -> None:
    assert await refusal(await browser.post(payload=payload), 400) == "invalid_choice"
    assert rasa.received == []


async def test_a_choice_of_another_conversation_is_refused(start: Start, rasa: FakeRasa) -> None:
    browser = await start()
    [welcome] = await browser.open()
    await browser.open()
    response = await browser.post(payload=welcome["buttons"][0]["payload"])
    assert await refusal(response, 400) == "invalid_choice"


async def test_the_same_message_sent_again_gets_the_same_answer_without_asking_rasa(
    browser: Browser, rasa: FakeRasa
) -> None:
    first = await browser.say("crèche", id="once")
    again = await browser.say("crèche", id="once")
    assert first == again
    assert rasa.messages == ["crèche"]


async def test_the_same_message_sent_twice_at_once_is_asked_once(
    browser: Browser, rasa: FakeRasa
) -> None:
    rasa.hold.clear()
    both = [asyncio.create_task(browser.say("crèche", id="once")) for _ in range(2)]
    await rasa.arrived.wait()
    rasa.hold.set()
    first, second = await asyncio.gather(*both)
    assert first == second
    assert rasa.messages == ["crèche"]


async def test_the_answer_survives_a_browser_that_gave_up_waiting(
    browser: Browser, rasa: FakeRasa
) -> None:
    rasa.hold.clear()
    waiting = asyncio.create_task(browser.say("crèche", id="once"))
    await rasa.arrived.wait()
    waiting.cancel()
    rasa.hold.set()
    [answer] = await browser.say("crèche", id="once")
    assert answer["text"] == "Vous avez dit : crèche"
    assert rasa.messages == ["crèche"]


async def test_the_same_id_in_two_conversations_is_two_messages(
    browser: Browser, rasa: FakeRasa
) -> None:
    await browser.say("crèche", id="once")
    await browser.open()
    await browser.say("français", id="once")
    assert rasa.messages == ["crèche", "français"]


async def test_messages_of_one_conversation_are_handled_one_at_a_time(
    browser: Browser, rasa: FakeRasa
) -> None:
    await asyncio.gather(*(browser.say(f"message {n}") for n in range(4)))
    assert len(rasa.messages) == 4
    assert rasa.most_at_once == 1


async def test_a_conversation_with_too_many_messages_waiting_is_told_to_wait(
    browser: Browser, rasa: FakeRasa
) -> None:
    rasa.hold.clear()
    sent = [asyncio.create_task(browser.post(text=f"message {n}")) for n in range(8)]
    done, waiting = await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
    rasa.hold.set()
    answers = await asyncio.gather(*done, *waiting)
    assert sorted(answer.status for answer in answers) == [200] * 5 + [429] * 3


async def test_1000_characters_pass_and_one_more_is_refused(
    browser: Browser, rasa: FakeRasa
) -> None:
    await browser.say("é" * 1000 + "   ")
    assert await refusal(await browser.post(text="é" * 1001), 400) == "text_too_long"
    assert len(rasa.received) == 1


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u200b", "/"])
async def test_a_message_with_nothing_to_read_gets_a_sentence(
    browser: Browser, rasa: FakeRasa, text: str
) -> None:
    [answer] = await browser.say(text)
    assert answer["text"] == texts.NOTHING_TO_READ
    assert rasa.received == []


async def test_an_emoji_is_a_message(browser: Browser, rasa: FakeRasa) -> None:
    await browser.say("👍")
    assert rasa.messages == ["👍"]


async def test_a_body_over_16_kilobytes_is_refused(browser: Browser) -> None:
    response = await browser.post(text="a" * 17_000)
    assert await refusal(response, 413) == "body_too_large"


async def test_json_sent_as_text_is_read(browser: Browser, rasa: FakeRasa) -> None:
    """As a page of another site sends it, to spare a CORS preflight."""
    body = json.dumps({"token": browser.token, "id": "1", "text": "crèche"})
    response = await browser.http.post("/api/message", data=body)
    assert response.request_info.headers["Content-Type"].startswith("text/plain")
    assert response.status == 200
    assert rasa.messages == ["crèche"]


async def test_a_body_that_is_not_json_is_refused(browser: Browser) -> None:
    response = await browser.http.post("/api/message", data={"text": "bonjour"})
    assert await refusal(response, 415) == "unsupported_media_type"


@pytest.mark.parametrize("body", ["", "{", "[" * 10_000, "\xff", '{"a": "\\'])
async def test_broken_json_is_refused(browser: Browser, body: str) -> None:
    response = await browser.http.post(
        "/api/message", data=body.encode("latin-1"), headers={"Content-Type": "application/json"}
    )
    assert await refusal(response, 400) == "invalid_json"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": 12},
        {"text": None},
        {"payload": ["/plus"]},
        {"text": "a", "payload": "b"},
        {"text": "a", "id": ""},
        {"text": "a", "id": 7},
        {"text": "a", "id": "x" * 129},
    ],
)
async def test_a_message_of_the_wrong_shape_is_refused(
    browser: Browser, rasa: FakeRasa, fields: dict[str, Any]
) -> None:
    assert await refusal(await browser.post(**fields), 400) == "invalid_request"
    assert rasa.received == []


@pytest.mark.parametrize("body", [[], "text", 3])
async def test_json_that_is_not_an_object_is_refused(browser: Browser, body: Any) -> None:
    response = await browser.http.post("/api/message", json=body)
    assert await refusal(response, 400) == "invalid_request"


async def test_a_conversation_that_writes_too_fast_is_told_to_wait(
    start: Start, rasa: FakeRasa
) -> None:
    browser = await start(session_burst=3, session_rate=0.001)
    await browser.open()
    for n in range(3):
        await browser.say(f"message {n}")
    response = await browser.post(text="encore")
    assert await refusal(response, 429) == "too_many_requests"
    assert "Attendez quelques secondes" in (await response.json())["error"]["message"]
    assert int(response.headers["Retry-After"]) > 0
    assert len(rasa.received) == 3
    await browser.say("message 0", id="id-0")  # a retry costs nothing
    await browser.open()
    await browser.say("une autre conversation n'attend pas")


async def test_an_address_that_asks_too_much_is_told_to_wait(start: Start) -> None:
    browser = await start(address_burst=2, address_rate=0.001)
    await browser.open()
    await browser.open()
    response = await browser.http.post("/api/session", json={})
    assert await refusal(response, 429) == "too_many_requests"


async def test_a_forwarded_address_counts_only_behind_a_declared_proxy(start: Start) -> None:
    async def statuses(browser: Browser, *forwarded: str) -> list[int]:
        return [
            (await browser.http.post("/api/session", headers={"X-Forwarded-For": value})).status
            for value in forwarded
        ]

    limits = {"address_burst": 1, "address_rate": 0.001}
    alone = await start(**limits)
    assert await statuses(alone, "203.0.113.1", "203.0.113.2") == [200, 429]
    behind = await start(proxies=1, **limits)
    assert await statuses(behind, "203.0.113.1", "203.0.113.2") == [200, 200]
    # What the person wrote stands to the left of what the proxy saw.
    assert await statuses(behind, "198.51.100.7, 203.0.113.1") == [429]
    # One IPv6 subscriber has a whole /64.
    assert await statuses(behind, "2001:db8:1:2::1", "2001:db8:1:2::beef") == [200, 429]


async def test_a_stopped_rasa_gives_a_sentence_and_a_number_at_once(start: Start) -> None:
    browser = await start(rasa_url="http://127.0.0.1:9")
    await browser.open()
    [answer] = await asyncio.wait_for(browser.say("crèche"), 3)
    assert answer == {"text": texts.BOT_UNAVAILABLE, "buttons": [], "custom": {}}
    assert "01 43 93 93 93" in answer["text"]


async def test_a_hung_rasa_gives_a_sentence_when_time_is_up(start: Start, rasa: FakeRasa) -> None:
    browser = await start(rasa_timeout=0.2)
    await browser.open()
    rasa.hold.clear()
    [answer] = await browser.say("crèche")
    assert answer["text"] == texts.BOT_UNAVAILABLE


async def test_a_hung_rasa_is_not_sent_the_same_message_again(start: Start, rasa: FakeRasa) -> None:
    browser = await start(rasa_timeout=0.2)
    await browser.open()
    rasa.hold.clear()
    await browser.say("crèche", id="once")
    rasa.hold.set()
    await browser.say("crèche", id="once")
    assert rasa.messages == ["crèche"]


@pytest.mark.parametrize("status", [404, 500, 503])
async def test_a_failing_rasa_gives_a_sentence(
    browser: Browser, rasa: FakeRasa, status: int
) -> None:
    rasa.status = status
    [answer] = await browser.say("crèche")
    assert answer["text"] == texts.BOT_UNAVAILABLE


async def test_a_silent_rasa_gives_a_sentence(browser: Browser, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: []
    [answer] = await browser.say("crèche")
    assert answer["text"] == texts.BOT_UNAVAILABLE


async def test_the_conversation_goes_on_when_rasa_is_back(browser: Browser, rasa: FakeRasa) -> None:
    rasa.status = 500
    await browser.say("crèche")
    rasa.status = 200
    [answer] = await browser.say("crèche")
    assert answer["text"] == "Vous avez dit : crèche"


async def test_a_message_that_rasa_never_received_may_be_tried_again(
    start: Start, rasa: FakeRasa, unused_tcp_port: int
) -> None:
    browser = await start(rasa_url=f"http://127.0.0.1:{unused_tcp_port}")
    await browser.open()
    [failed] = await browser.say("crèche", id="once")
    assert failed["text"] == texts.BOT_UNAVAILABLE
    server = TestServer(rasa.app(), port=unused_tcp_port)
    await server.start_server()
    [answer] = await browser.say("crèche", id="once")
    assert answer["text"] == "Vous avez dit : crèche"
    await server.close()


async def test_rasa_knows_a_message_sent_again_by_its_id(start: Start, rasa: FakeRasa) -> None:
    """`channels` may die before it gives the answer: another one sends the same id."""
    first = await start()
    await first.open()
    await first.say("crèche", id="once")
    second = await start()
    second.token = first.token
    await second.say("crèche", id="once")
    before, after = rasa.received
    assert before == after
    assert before["metadata"] == {"id": "once"}


async def report(browser: Browser, record: Any, reason: str = "horaires") -> ClientResponse:
    """Say that a record is wrong, as its card does."""
    body = {"token": browser.token, "id": "report", "record": record, "reason": reason}
    return await browser.http.post("/api/report", json=body)


async def test_a_record_shown_can_be_said_wrong(browser: Browser, rasa: FakeRasa) -> None:
    rasa.reply = lambda message: [{"text": "Voici :"}, {"custom": {"results": [RESULT]}}]
    [answer] = await browser.say("crèche à Bondy")
    await browser.say("merci")
    rasa.reply = lambda message: [{"text": "C'est noté."}]
    for _ in ("once", "sent again"):
        response = await report(browser, answer["custom"]["results"][0]["signaler"])
        assert (await response.json())["messages"][0]["text"] == "C'est noté."
    assert len(rasa.received) == 3
    told = {"fiche": "essai", "raison": "horaires"}
    assert rasa.received[-1]["metadata"] == {"id": "report", "signalement": told}


async def test_a_record_never_shown_here_cannot_be_said_wrong(
    browser: Browser, rasa: FakeRasa
) -> None:
    rasa.reply = lambda message: [{"text": "Voici :"}, {"custom": {"results": [RESULT]}}]
    [answer] = await browser.say("crèche à Bondy")
    signed = answer["custom"]["results"][0]["signaler"]
    for record, reason in (("essai", "horaires"), (signed[:-2] + "AA", "horaires"), (signed, "x")):
        assert await refusal(await report(browser, record, reason), 400) == "invalid_request"
    await browser.open()
    assert await refusal(await report(browser, signed), 400) == "invalid_request"
    assert len(rasa.received) == 1


async def test_what_is_erased_is_not_kept_here_either(browser: Browser, rasa: FakeRasa) -> None:
    await browser.say("un secret", id="secret")
    rasa.reply = lambda message: [{"text": texts.BOT_ERASED}]
    [answer] = await browser.say("effacer")
    assert answer["custom"] == {"efface": True}
    rasa.reply = lambda message: [{"text": "De nouveau."}]
    [again] = await browser.say("un secret", id="secret")
    assert again["text"] == "De nouveau.", "the earlier answer was forgotten"


async def test_a_conversation_left_quickly_is_erased_and_cannot_be_opened_again(
    browser: Browser, rasa: FakeRasa
) -> None:
    await browser.say("un secret")
    rasa.arrived.clear()
    response = await browser.http.post("/api/leave", json={"token": browser.token})
    assert response.status == 200
    await asyncio.wait_for(rasa.arrived.wait(), 5)
    assert rasa.messages == ["un secret", "/effacer"]
    assert await refusal(await browser.post(text="encore"), 401) == "invalid_session"
    response = await browser.http.post("/api/leave", json={"token": "forged"})
    assert await refusal(response, 401) == "invalid_session"


async def test_hostile_text_comes_back_as_data(browser: Browser, rasa: FakeRasa) -> None:
    hostile = "</script><img src=x onerror=alert(1)>"
    [answer] = await browser.say(hostile)
    assert answer["text"] == f"Vous avez dit : {hostile}"
