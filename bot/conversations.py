"""Where conversations live until they are forgotten."""

from __future__ import annotations

import time
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore, RedisTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.answers import LATELY
from bot.review.log import ReviewLog

SILENCE = 24 * 3600  # seconds after the last message, then the conversation is deleted
MAX_CONVERSATIONS = 20_000  # the oldest are forgotten first
ERASE = "effacer"  # the intent of a person who wants everything forgotten at once


def _is_to_be_erased(tracker: DialogueStateTracker) -> bool:
    return tracker.latest_message is not None and tracker.latest_message.intent_name == ERASE


class ForgetfulTrackerStore(InMemoryTrackerStore):
    """Conversations in memory, deleted on request and after 24 hours of silence."""

    def __init__(
        self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._last_seen: dict[str, float] = {}  # oldest first
        self._review = ReviewLog.from_environment()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store or erase the conversation, and delete those silent for too long."""
        if self._review:
            self._review.follow(tracker)
        self._last_seen.pop(tracker.sender_id, None)
        if _is_to_be_erased(tracker):
            self.store.pop(tracker.sender_id, None)
            LATELY.forget(tracker.sender_id)
            return
        self._last_seen[tracker.sender_id] = time.time()
        await super().save(tracker)
        self._forget()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, unless it has been silent for too long."""
        self._forget()
        return await super().retrieve(sender_id)

    def _forget(self) -> None:
        limit = time.time() - SILENCE
        while self._last_seen:
            sender_id, seen = next(iter(self._last_seen.items()))
            if seen > limit and len(self._last_seen) <= MAX_CONVERSATIONS:
                return
            del self._last_seen[sender_id]
            self.store.pop(sender_id, None)


class ForgetfulRedisTrackerStore(RedisTrackerStore):
    """Conversations in Redis, deleted on request; its keys expire by themselves (`record_exp`)."""

    def __init__(self, *arguments: Any, **kwargs: Any) -> None:
        super().__init__(*arguments, **kwargs)
        self._review = ReviewLog.from_environment()

    async def save(self, tracker: DialogueStateTracker, timeout: float | None = None) -> None:
        """Store or erase the conversation."""
        if self._review:
            self._review.follow(tracker)
        if _is_to_be_erased(tracker):
            self.red.delete(self.key_prefix + tracker.sender_id)
            LATELY.forget(tracker.sender_id)
            return
        await super().save(tracker, timeout)
