"""Each message of a conversation answered once, in order, however often the browser sends it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from channels import texts
from channels.rasa import Message, NoAnswer, NotDelivered, Rasa

MAX_CONVERSATIONS = 10_000
MAX_ANSWERS = 32  # of one conversation
MAX_WAITING = 5  # messages of one conversation being handled or waiting for their turn
MEMORY = 3600  # seconds after the last message
ERASE = "/effacer"  # what the bot hears for « Quitter vite »


class TooManyWaiting(Exception):
    """This conversation has too many messages under way."""


@dataclass
class _Conversation:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    answers: OrderedDict[str, asyncio.Task[list[Message]]] = field(default_factory=OrderedDict)
    last_seen: float = 0.0

    @property
    def waiting(self) -> int:
        return sum(not answer.done() for answer in self.answers.values())


class Conversations:
    """Hands messages to Rasa, and keeps the last answers for a browser that lost them."""

    def __init__(self, rasa: Rasa) -> None:
        self._rasa = rasa
        self._conversations: OrderedDict[str, _Conversation] = OrderedDict()
        self._left: OrderedDict[str, asyncio.Task[list[Message]]] = OrderedDict()

    def known(self, sender: str, message_id: str) -> bool:
        """Whether this message is answered already, or about to be."""
        conversation = self._conversations.get(sender)
        return conversation is not None and message_id in conversation.answers

    async def answer(
        self, sender: str, message_id: str, message: str, metadata: dict[str, Any] | None = None
    ) -> list[Message]:
        """The answers to a message, sent to Rasa once for a given `message_id`.

        When Rasa fails, a sentence with a phone number. A message that Rasa never received may be
        tried again with the same id.

        Raises:
            TooManyWaiting: the conversation must wait for its earlier answers.
        """
        conversation = self._open(sender)
        answer = conversation.answers.get(message_id)
        if answer is None:
            if conversation.waiting >= MAX_WAITING:
                raise TooManyWaiting
            ask = self._ask(conversation, sender, message_id, message, metadata)
            answer = asyncio.create_task(ask)
            conversation.answers[message_id] = answer
            if len(conversation.answers) > MAX_ANSWERS:
                conversation.answers.popitem(last=False)
        # A browser that goes away must not undo the answer that it will ask for again.
        return await asyncio.shield(answer)

    def leave(self, sender: str) -> None:
        """Erase a conversation at once, here and in the bot, after the message under way."""
        conversation = self._conversations.pop(sender, None) or _Conversation()
        erase = self._ask(conversation, sender, secrets.token_hex(8), ERASE, None)
        self._left[sender] = asyncio.create_task(erase)
        if len(self._left) > MAX_CONVERSATIONS:
            self._left.popitem(last=False)

    def left(self, sender: str) -> bool:
        """Whether this conversation was left, and is no longer to be shown."""
        return sender in self._left

    async def _ask(
        self,
        conversation: _Conversation,
        sender: str,
        message_id: str,
        message: str,
        metadata: dict[str, Any] | None,
    ) -> list[Message]:
        async with conversation.turn:
            try:
                known = {"id": message_id, **(metadata or {})}
                answers = await self._rasa.send(sender, message, known)
                return _erased(conversation, message_id, answers)
            except NotDelivered:
                conversation.answers.pop(message_id, None)
            except NoAnswer:
                pass
        return [{"text": texts.BOT_UNAVAILABLE, "buttons": [], "custom": {}}]

    def _open(self, sender: str) -> _Conversation:
        now = time.monotonic()
        conversation = self._conversations.pop(sender, None) or _Conversation()
        conversation.last_seen = now
        self._conversations[sender] = conversation
        self._forget(now)
        return conversation

    def _forget(self, now: float) -> None:
        while True:
            oldest = next(iter(self._conversations.values()))
            silent = now - oldest.last_seen > MEMORY
            if not silent and len(self._conversations) <= MAX_CONVERSATIONS:
                return
            self._conversations.popitem(last=False)


def _erased(conversation: _Conversation, message_id: str, answers: list[Message]) -> list[Message]:
    """Where the bot has erased the conversation, forget it too, and tell the page to (`efface`)."""
    for answer in answers:
        if answer["text"].startswith(texts.BOT_ERASED):
            answer["custom"] = {**answer["custom"], "efface": True}
            for known in [known for known in conversation.answers if known != message_id]:
                if conversation.answers[known].done():
                    del conversation.answers[known]
    return answers
