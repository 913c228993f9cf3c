"""The bot behind its REST input: one message in, the answers out."""

from __future__ import annotations

import logging
from typing import Any, Self, TypedDict

import aiohttp

logger = logging.getLogger(__name__)


class Button(TypedDict):
    """A choice: what the person reads, and what Rasa receives for it."""

    title: str
    payload: str


class Message(TypedDict):
    """One answer: its text, its choices, and the structured part (docs/architecture.md)."""

    text: str
    buttons: list[Button]
    custom: dict[str, Any]


class NotDelivered(Exception):
    """Rasa cannot be reached: it has not received the message."""


class NoAnswer(Exception):
    """Rasa may have received the message, and gave no answer in time."""


class Rasa:
    """Client of `POST {url}/webhooks/rest/webhook`, open inside `async with`."""

    _http: aiohttp.ClientSession

    def __init__(self, url: str, timeout: float, connect_timeout: float, channel: str) -> None:
        """Args: timeout and connect_timeout in seconds; channel, the name Rasa's tracker keeps."""
        self._endpoint = f"{url.rstrip('/')}/webhooks/rest/webhook"
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=connect_timeout)
        self._channel = channel

    async def __aenter__(self) -> Self:
        # A connection kept from before a restart of Rasa would lose the next message.
        connector = aiohttp.TCPConnector(force_close=True)
        self._http = aiohttp.ClientSession(connector=connector, timeout=self._timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def send(
        self,
        sender: str,
        message: str,
        metadata: dict[str, Any] | None = None,
    ) -> list[Message]:
        """Give a message to Rasa and return its answers, at least one.

        Args:
            sender: the conversation.
            message: a text, or an intent.
            metadata: what the person does not write: `id`, by which the bot knows a message sent
                again (bot/answers.py), and `signalement`, a record said wrong, for the actions.

        Raises:
            NotDelivered: Rasa did not take the message.
            NoAnswer: Rasa failed, said nothing, or took longer than the timeout.
        """
        body: dict[str, Any] = {
            "sender": sender,
            "message": message,
            "input_channel": self._channel,
        }
        if metadata:
            body["metadata"] = metadata
        try:
            async with self._http.post(self._endpoint, json=body) as response:
                response.raise_for_status()
                answers = pair(await response.json())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            logger.error("Rasa cannot be reached: %s", type(error).__name__)
            raise NotDelivered from error
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            logger.error("Rasa failed: %s", type(error).__name__)
            raise NoAnswer from error
        if not answers:
            logger.error("Rasa answered nothing")
            raise NoAnswer
        return answers


def pair(items: object) -> list[Message]:
    """Join what Rasa sends apart: a text with its buttons, then its `custom` alone.

    Raises:
        ValueError: this is not a list of Rasa's messages.
    """
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("not a list of messages")
    messages: list[Message] = []
    for item in items:
        text, custom = item.get("text") or "", item.get("custom") or {}
        if custom and not text and messages and not messages[-1]["custom"]:
            messages[-1]["custom"] = custom
        elif text or custom:
            messages.append({"text": text, "buttons": item.get("buttons") or [], "custom": custom})
    return messages
