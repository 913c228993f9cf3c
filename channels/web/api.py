"""The HTTP API of the widget: open a conversation, say something, say that a fact is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from channels import messages, texts
from channels.errors import Refusal
from channels.pause import Pause
from channels.rasa import Message
from channels.sms.demo import PhoneDemo
from channels.web import languages, records
from channels.web.conversations import Conversations, TooManyWaiting
from channels.web.crossing import Crossing
from channels.web.limits import RateLimit, address
from channels.web.sessions import InvalidChoice, InvalidToken, Sessions

MAX_BODY = 16 * 1024  # bytes
MAX_ID = 128  # characters
RETRY_AFTER = 5  # seconds
REPORT_REASONS = ("telephone", "adresse", "horaires", "ferme", "autre")
REPORT = "/plainte"  # what the bot hears; the record and the reason go beside it


@dataclass(frozen=True)
class Api:
    """What the handlers share."""

    sessions: Sessions
    conversations: Conversations
    session_limit: RateLimit
    address_limit: RateLimit
    proxies: int
    review: bool
    pause: Pause
    policy_url: str
    map_url: str
    phone: PhoneDemo
    crossing: Crossing | None = None

    def routes(self) -> list[web.RouteDef]:
        """The routes of the API, and the calendar files that its answers link to."""
        return [
            web.post("/api/session", self.open_session),
            web.post("/api/message", self.receive_message),
            web.post("/api/phone", self.receive_sms),
            web.post("/api/report", self.receive_report),
            web.post("/api/leave", self.receive_leave),
            web.get("/api/state", self.tell_state),
            web.get("/agenda/{event}.ics", self.give_event),
        ]

    async def open_session(self, request: web.Request) -> web.Response:
        """`{"lang"}` in or nothing, `{"token", "messages", "policy_url"}` out.

        A new conversation, its notice and the needs as choices.
        """
        body = await _read_json(request) if request.body_exists else {}
        token, shown = self.welcome(request, languages.known(body.get("lang")))
        policy = self.policy_url or None
        return web.json_response({"token": token, "messages": shown, "policy_url": policy})

    async def receive_message(self, request: web.Request) -> web.Response:
        """`{"token", "id", "text" | "payload"}` in, `{"messages"}` out."""
        return web.json_response(
            {"messages": await self.answers(request, await _read_json(request))}
        )

    async def receive_report(self, request: web.Request) -> web.Response:
        """`{"token", "id", "record", "reason"}` in, `{"messages"}` out: a fact is wrong."""
        return web.json_response(
            {"messages": await self.report(request, await _read_json(request))}
        )

    async def report(self, request: web.Request, body: dict[str, Any]) -> list[Message]:
        """The answers to a report on a record shown in this conversation, kept for staff.

        `record` is its `signaler`, signed when it was shown (records.py).

        Raises:
            Refusal: unknown conversation, or neither a record shown in it nor a reason of ours.
        """
        self._refuse_when_paused()
        self.count_address(request)
        sender, reason = self._sender(body), body.get("reason")
        try:
            record = self.sessions.read_report(sender, str(body.get("record")))
        except InvalidChoice as error:
            raise _invalid_request() from error
        if reason not in REPORT_REASONS:
            raise _invalid_request()
        wrong = {"signalement": {"fiche": record, "raison": reason}}
        return self._ready(
            sender, await self._answer(sender, _message_id(body), REPORT, metadata=wrong)
        )

    async def receive_leave(self, request: web.Request) -> web.Response:
        """`{"token"}`: « Quitter vite ». The conversation is erased, and cannot be opened again."""
        self.leave((await _read_json(request)).get("token"))
        return web.json_response({})

    def leave(self, token: object) -> None:
        """Erase a conversation, without waiting for the bot.

        Raises:
            Refusal: unknown conversation.
        """
        self.conversations.leave(self._sender({"token": token}))

    def left(self, token: str) -> bool:
        """Whether someone has left this conversation quickly."""
        try:
            return self.conversations.left(self.sessions.sender(token))
        except InvalidToken:
            return False

    async def tell_state(self, _: web.Request) -> web.Response:
        """`{"pause"}`: what the operator tells people instead of answering, or null."""
        return web.json_response({"pause": self.pause.message()})

    async def give_event(self, request: web.Request) -> web.Response:
        """An event that we have shown, as a calendar file."""
        try:
            text = records.read_calendar(request.match_info["event"], self.sessions)
        except InvalidChoice as error:
            raise web.HTTPNotFound from error
        return web.Response(
            text=text,
            content_type="text/calendar",
            headers={"Content-Disposition": 'attachment; filename="jalon.ics"'},
        )

    def welcome(self, request: web.Request, language: str) -> tuple[str, list[Message]]:
        """A new token, and the first message of its conversation."""
        self._refuse_when_paused()
        self.count_address(request)
        token = self.sessions.new_token()
        welcome = languages.welcome(language, self.review, self.policy_url)
        return token, self._ready(self.sessions.sender(token), [welcome])

    async def answers(self, request: web.Request, body: dict[str, Any]) -> list[Message]:
        """The answers to one message, ready to be shown."""
        self._refuse_when_paused()
        self.count_address(request)
        sender = self._sender(body)
        message_id = _message_id(body)
        message = self._message(body, sender)
        if not message:
            return [{"text": texts.NOTHING_TO_READ, "buttons": [], "custom": {}}]
        return self._ready(
            sender, await self._answer_anywhere(request, sender, message_id, message)
        )

    def _refuse_when_paused(self) -> None:
        if message := self.pause.message():
            raise Refusal(503, "paused", message)

    async def receive_sms(self, request: web.Request) -> web.Response:
        """`{"token", "id", "text"}` in, `{"segments"}` out: the phone of the demonstration."""
        self.count_address(request)
        body = await _read_json(request)
        sender = self._sender(body)
        message_id, text = _message_id(body), body.get("text")
        if not isinstance(text, str):
            raise _invalid_request()
        if len(text) > messages.MAX_TEXT:
            raise Refusal(400, "text_too_long", texts.TOO_LONG)
        if not self.session_limit.allow(sender):
            raise _too_many(texts.TOO_MANY_MESSAGES)
        return web.json_response({"segments": await self.phone.say(sender, message_id, text)})

    async def _answer_anywhere(
        self, request: web.Request, sender: str, message_id: str, message: str
    ) -> list[Message]:
        if self.crossing is None:
            return await self._answer(sender, message_id, message)

        async def ask(taken_up: str) -> list[Message]:
            return await self._answer(sender, f"{message_id} {taken_up}", taken_up)

        where = address(request, self.proxies)
        answers = await self.crossing.answer(sender, message_id, message, where, ask)
        if answers is None:
            answers = await self._answer(sender, message_id, message)
        return self.crossing.shown(sender, answers)

    async def _answer(
        self, sender: str, message_id: str, message: str, metadata: dict[str, Any] | None = None
    ) -> list[Message]:
        if not self.conversations.known(sender, message_id) and not self.session_limit.allow(
            sender
        ):
            raise _too_many(texts.TOO_MANY_MESSAGES)
        try:
            return await self.conversations.answer(sender, message_id, message, metadata)
        except TooManyWaiting as error:
            raise _too_many(texts.TOO_MANY_MESSAGES) from error

    def count_address(self, request: web.Request) -> None:
        """Refuse an address that asks too much."""
        if not self.address_limit.allow(address(request, self.proxies)):
            raise _too_many(texts.TOO_MANY_FROM_ADDRESS)

    def _sender(self, body: dict[str, Any]) -> str:
        token = body.get("token")
        try:
            if not isinstance(token, str):
                raise InvalidToken
            sender = self.sessions.sender(token)
            if self.conversations.left(sender):
                raise InvalidToken
        except InvalidToken as error:
            raise Refusal(401, "invalid_session", texts.SESSION_UNKNOWN) from error
        return sender

    def _message(self, body: dict[str, Any], sender: str) -> str:
        text, payload = body.get("text"), body.get("payload")
        if isinstance(text, str) and payload is None:
            cleaned = messages.clean(text)
            if len(cleaned) > messages.MAX_TEXT:
                raise Refusal(400, "text_too_long", texts.TOO_LONG)
            return cleaned
        if isinstance(payload, str) and text is None:
            try:
                return self.sessions.read_choice(sender, payload)
            except InvalidChoice as error:
                raise Refusal(400, "invalid_choice", texts.CHOICE_UNKNOWN) from error
        raise _invalid_request()

    def _ready(self, sender: str, answers: list[Message]) -> list[Message]:
        """With signed choices, and what the web can do with each record."""
        return [
            {
                **records.enrich(answer, self.map_url, self.sessions, sender),
                "buttons": [
                    {
                        "title": button["title"],
                        "payload": self.sessions.sign_choice(sender, button["payload"]),
                    }
                    for button in answer["buttons"]
                ],
            }
            for answer in answers
        ]


async def _read_json(request: web.Request) -> dict[str, Any]:
    # As text too, which a page of another site sends without asking first (no CORS preflight):
    # what a conversation may do is in its token, and nothing is in cookies.
    if request.content_type not in ("application/json", "text/plain"):
        raise Refusal(415, "unsupported_media_type", texts.NOT_JSON)
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "invalid_json", texts.NOT_JSON) from error
    if not isinstance(body, dict):
        raise _invalid_request()
    return body


def _message_id(body: dict[str, Any]) -> str:
    message_id = body.get("id")
    if not isinstance(message_id, str) or not 0 < len(message_id) <= MAX_ID:
        raise _invalid_request()
    return message_id


def _invalid_request() -> Refusal:
    return Refusal(400, "invalid_request", texts.NOT_UNDERSTOOD_BY_SERVER)


def _too_many(message: str) -> Refusal:
    return Refusal(429, "too_many_requests", message, RETRY_AFTER)
