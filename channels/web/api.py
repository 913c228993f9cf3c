"""The HTTP API of the widget: open a conversation, say something."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from channels import messages, texts
from channels.errors import Refusal
from channels.rasa import Button, Message
from channels.web.conversations import Conversations, TooManyWaiting
from channels.web.limits import RateLimit, address
from channels.web.sessions import InvalidChoice, InvalidToken, Sessions

MAX_BODY = 16 * 1024  # bytes
MAX_ID = 128  # characters
RETRY_AFTER = 5  # seconds


@dataclass(frozen=True)
class Api:
    """What the two handlers share."""

    sessions: Sessions
    conversations: Conversations
    session_limit: RateLimit
    address_limit: RateLimit
    proxies: int
    welcome: str

    def routes(self) -> list[web.RouteDef]:
        """The two routes of the API."""
        return [
            web.post("/api/session", self.open_session),
            web.post("/api/message", self.receive_message),
        ]

    async def open_session(self, request: web.Request) -> web.Response:
        """`{"token", "messages"}`: a new conversation, its notice and the needs as choices."""
        self._count_address(request)
        token = self.sessions.new_token()
        buttons: list[Button] = [
            {"title": title, "payload": intent} for title, intent in texts.NEEDS
        ]
        welcome: Message = {"text": self.welcome, "buttons": buttons, "custom": {}}
        shown = self._sign_choices(self.sessions.sender(token), [welcome])
        return web.json_response({"token": token, "messages": shown})

    async def receive_message(self, request: web.Request) -> web.Response:
        """`{"token", "id", "text" | "payload"}` in, `{"messages"}` out."""
        self._count_address(request)
        body = await _read_json(request)
        sender = self._sender(body)
        message_id = _message_id(body)
        message = self._message(body, sender)
        if not message:
            answers: list[Message] = [{"text": texts.NOTHING_TO_READ, "buttons": [], "custom": {}}]
        else:
            answers = await self._answer(sender, message_id, message)
        return web.json_response({"messages": self._sign_choices(sender, answers)})

    async def _answer(self, sender: str, message_id: str, message: str) -> list[Message]:
        if not self.conversations.known(sender, message_id) and not self.session_limit.allow(
            sender
        ):
            raise _too_many(texts.TOO_MANY_MESSAGES)
        try:
            return await self.conversations.answer(sender, message_id, message)
        except TooManyWaiting as error:
            raise _too_many(texts.TOO_MANY_MESSAGES) from error

    def _count_address(self, request: web.Request) -> None:
        if not self.address_limit.allow(address(request, self.proxies)):
            raise _too_many(texts.TOO_MANY_FROM_ADDRESS)

    def _sender(self, body: dict[str, Any]) -> str:
        token = body.get("token")
        try:
            if not isinstance(token, str):
                raise InvalidToken
            return self.sessions.sender(token)
        except InvalidToken as error:
            raise Refusal(401, "invalid_session", texts.SESSION_UNKNOWN) from error

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

    def _sign_choices(self, sender: str, answers: list[Message]) -> list[Message]:
        return [
            {
                **answer,
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
    if request.content_type != "application/json":
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
