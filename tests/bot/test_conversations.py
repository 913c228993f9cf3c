"""What becomes of a conversation in the memory of the bot."""

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import conversations
from bot.conversations import ForgetfulTrackerStore


def conversation(sender: str, intent: str) -> DialogueStateTracker:
    """A conversation whose last message has this intent."""
    return DialogueStateTracker.from_events(sender, [UserUttered("…", {"name": intent})])


@pytest.fixture
def store() -> ForgetfulTrackerStore:
    return ForgetfulTrackerStore(Domain.empty())


async def test_a_conversation_is_found_again(store):
    await store.save(conversation("a", "salutation"))
    assert await store.retrieve("a") is not None


async def test_a_conversation_is_erased_when_the_person_asks(store):
    await store.save(conversation("a", "salutation"))
    await store.save(conversation("b", "salutation"))
    await store.save(conversation("a", "effacer"))
    assert await store.retrieve("a") is None
    assert await store.retrieve("b") is not None


async def test_a_conversation_is_forgotten_after_a_day_of_silence(store, monkeypatch):
    now = 1_000_000.0
    monkeypatch.setattr(conversations.time, "time", lambda: now)
    await store.save(conversation("a", "salutation"))
    monkeypatch.setattr(conversations.time, "time", lambda: now + conversations.SILENCE + 1)
    assert await store.retrieve("a") is None


async def test_the_oldest_conversations_leave_room_for_new_ones(store, monkeypatch):
    monkeypatch.setattr(conversations, "MAX_CONVERSATIONS", 2)
    for sender in ("a", "b", "c"):
        await store.save(conversation(sender, "salutation"))
    assert [sender for sender in "abc" if await store.retrieve(sender)] == ["b", "c"]
