"""What Rasa lacks when a neighbour fails: an answer within three seconds, and silent logs.

Rasa alone answers nothing when the action server is stopped, waits 300 seconds when it hangs,
and writes people's messages to its log when a turn fails.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Any

import rasa
import rasa.core.actions.action as rasa_actions
from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Request

logger = logging.getLogger(__name__)

ACTION_TIMEOUT = 2.0  # seconds; an ordinary action takes a few milliseconds
MAX_MESSAGE = 5000  # characters; what follows is not read
FAILURE_RESPONSE = "utter_panne"


def _already_answered(tracker: DialogueStateTracker) -> bool:
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, BotUttered):
            return True
    return False


class GuardedRemoteAction(rasa_actions.RemoteAction):
    """A custom action that always answers: if the action server fails, with `utter_panne`.

    Silent when the turn already has an answer (a distress number must stay the last word).
    Our actions never read the domain, a tenth of a megabyte of responses: it is not sent.
    """

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        return {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": tracker.current_state(EventVerbosity.ALL),
            "domain": {},
            "version": rasa.__version__,
        }

    def _validate_action_result(self, result: Any) -> bool:
        """Check the shape that matters; Rasa's JSON schema takes longer than the search itself."""
        parts = ("events", "responses")
        if isinstance(result, dict) and all(isinstance(result.get(part), list) for part in parts):
            return True
        raise RasaException(f"{self.name()} answered something that is no action's result")

    async def run(
        self,
        output_channel: Any,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            return await asyncio.wait_for(
                super().run(output_channel, nlg, tracker, domain), ACTION_TIMEOUT
            )
        except Exception as error:  # whatever the cause, the person gets a sentence
            logger.error("%s failed: %s", self.name(), type(error).__name__)
        if _already_answered(tracker):
            return []
        response = await nlg.generate(FAILURE_RESPONSE, tracker, output_channel.name())
        return [rasa_actions.create_bot_utterance(response)] if response else []


# Rasa has no setting for the class or the time limit of remote actions.
rasa_actions.RemoteAction = GuardedRemoteAction  # type: ignore[misc]


class QuietRestInput(RestInput):
    """Rasa's REST input, whose failures reach the log without the person's text."""

    def _extract_message(self, req: Request) -> str:
        """The message, of bounded length; anything but a text counts as an empty one."""
        text = super()._extract_message(req)
        return text[:MAX_MESSAGE] if isinstance(text, str) else ""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Serve Rasa's own routes around a handler that never logs or drops a message."""

        async def answer(message: UserMessage) -> None:
            try:
                await on_new_message(message)
            except (Exception, CancelledError) as error:
                logger.error("A message could not be handled: %s", type(error).__name__)

        return super().blueprint(answer)
