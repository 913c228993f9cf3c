"""What Rasa lacks when a neighbour fails: an answer within three seconds, and silent logs.

Rasa alone answers nothing when the action server is stopped, waits 300 seconds when it hangs,
and writes people's messages to its log when a turn fails.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import rasa
import rasa.core.actions.action as rasa_actions
from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig
from sanic import Blueprint, Request

from bot import speed
from bot.answers import LATELY, Messages
from bot.review import notice

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
    """

    async def run(
        self,
        output_channel: Any,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            answer = await asyncio.wait_for(self._ask(tracker), ACTION_TIMEOUT)
            said = await self._utter_responses(answer["responses"], output_channel, nlg, tracker)
            return [*said, *deserialise_events(answer["events"])]
        except Exception as error:  # whatever the cause, the person gets a sentence
            logger.error("%s failed: %s", self.name(), type(error).__name__)
        if _already_answered(tracker):
            return []
        response = await nlg.generate(FAILURE_RESPONSE, tracker, output_channel.name())
        return [rasa_actions.create_bot_utterance(response)] if response else []

    async def _ask(self, tracker: DialogueStateTracker) -> dict[str, Any]:
        """Post what our actions read; Rasa would send its domain and every word said before."""
        call = {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": {
                **tracker.current_state(EventVerbosity.NONE),
                "events": [_brief(event) for event in tracker.events],
            },
            "domain": {},
            "version": rasa.__version__,
        }
        url, parameters = self.action_endpoint.url, self.action_endpoint.combine_parameters()
        async with _session_of(self.action_endpoint).post(
            url, json=call, params=parameters, raise_for_status=True
        ) as response:
            answer: dict[str, Any] = await response.json()
            return answer


def _brief(event: Event) -> dict[str, Any]:
    """An event without its words: what was understood, or which response was said."""
    brief: dict[str, Any] = {"event": event.type_name, "timestamp": event.timestamp}
    if isinstance(event, UserUttered):
        brief |= {"parse_data": {"intent": event.intent}, "input_channel": event.input_channel}
    elif isinstance(event, BotUttered):
        brief["metadata"] = event.metadata
    return brief


def _session_of(endpoint: EndpointConfig) -> aiohttp.ClientSession:
    """The connections of an endpoint, kept open: opening one takes longer than many answers."""
    if not hasattr(endpoint, "kept_session"):
        endpoint.kept_session = endpoint.session()
    session: aiohttp.ClientSession = endpoint.kept_session
    return session


# Rasa has no setting for the class or the time limit of remote actions.
rasa_actions.RemoteAction = GuardedRemoteAction  # type: ignore[misc]
notice.install()
speed.install()  # Rasa loads the input named in its credentials, this module, before the model


class QuietRestInput(RestInput):
    """Rasa's REST input, whose failures reach the log without the person's text.

    A message may carry an `id` in its metadata. Sent again, by a channel that died before it
    could pass the answer on, it is not said again: the same answers are given.
    """

    def _extract_message(self, req: Request) -> str:
        """The message, of bounded length; anything but a text counts as an empty one."""
        text = super()._extract_message(req)
        return text[:MAX_MESSAGE] if isinstance(text, str) else ""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Serve Rasa's own routes around a handler that never logs or drops a message."""

        async def answer(message: UserMessage) -> Messages:
            try:
                await on_new_message(message)
            except (Exception, CancelledError) as error:
                logger.error("A message could not be handled: %s", type(error).__name__)
            said: Messages = message.output_channel.messages
            return said

        async def answer_once(message: UserMessage) -> None:
            message_id = (message.metadata or {}).get("id")
            if not message_id:
                await answer(message)
                return
            try:
                said = await LATELY.once(message.sender_id, message_id, partial(answer, message))
                message.output_channel.messages = said
            except CancelledError:
                logger.error("A channel went away before its answer")

        return super().blueprint(answer_once)
