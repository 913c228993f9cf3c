"""Keep the messages least understood, masked, for 30 days; never those near a distress.

One file a day, one JSON line a message, without sender nor hour. What links a line to its
conversation is in memory only, so that « effacer » or a distress takes the line away.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any

from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import review
from bot.components.needs import HESITATION
from bot.components.urgence import DISTRESS
from bot.intents import CRY, NEEDS, OUT_OF_SCOPE, REFUSAL, split_intent
from bot.places.gazetteer import load_gazetteer
from bot.review.files import TO_LABEL, expire, locked, read_lines
from bot.review.masking import Masker

logger = logging.getLogger(__name__)

DAY_SIZE = 1_000_000  # bytes in the file of one day; what comes after is not kept
DOUBT = 0.5  # confidence under which most held-out messages are misunderstood
NO_DISTRESS = 0.05  # probability of a distress from which a message is never kept
LINKED = 24 * 3600  # seconds of silence after which a line can no longer be taken away
CONVERSATIONS = 20_000  # the oldest links are dropped first
ERASE, COMPLAINT = "effacer", "plainte"
PROPOSED = 3  # intents


@dataclass
class _Conversation:
    """What this conversation left in the files: pairs (file, line's id)."""

    lines: list[tuple[Path, str]] = field(default_factory=list)
    distressed: bool = False
    seen: float = 0.0
    last_message: str = ""


class ReviewLog:
    """The messages kept in one folder."""

    def __init__(self, folder: Path, masker: Masker) -> None:
        """Make the folder, readable by this user only. Raises OSError when it cannot be."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._masker = masker
        self._conversations: dict[str, _Conversation] = {}  # oldest first
        self._expire()

    @classmethod
    def from_environment(cls) -> ReviewLog | None:
        """The log that the operator asked for; None without it, or when it cannot be kept."""
        folder = review.folder()
        if folder is None:
            return None
        try:
            return cls(folder, Masker(load_gazetteer()))
        except Exception as error:  # Rasa would quietly take a store that forgets nothing
            logger.error("%s: nothing is kept (%s)", review.VARIABLE, type(error).__name__)
            return None

    def follow(self, tracker: DialogueStateTracker) -> None:
        """Keep what the last turn shows to be misunderstood; never fails."""
        try:
            self._follow(tracker)
        except Exception as error:  # whatever the cause, the person gets an answer
            logger.error("A message could not be kept for review: %s", type(error).__name__)

    def _expire(self) -> None:
        expire(self._folder)
        self._expired = date.today()

    def _follow(self, tracker: DialogueStateTracker) -> None:
        if self._expired != date.today():
            self._expire()
        said = [event for event in tracker.events if isinstance(event, UserUttered)]
        conversation = self._conversation(tracker.sender_id)
        if not said or said[-1].message_id == conversation.last_message:
            return
        conversation.last_message = said[-1].message_id or ""
        conversation.distressed |= any(_is_distress(message) for message in said)
        if conversation.distressed or said[-1].intent_name == ERASE:
            self._take_away(conversation)
            if said[-1].intent_name == ERASE:
                del self._conversations[tracker.sender_id]
            return
        for message, cause in _misunderstood(tracker, said):
            masked = self._masker.mask(message.text)
            if masked:
                self._write(conversation, masked, cause, message.parse_data)

    def _conversation(self, sender: str) -> _Conversation:
        now = time.time()
        found = self._conversations.pop(sender, None) or _Conversation()
        found.seen = now
        self._conversations[sender] = found
        while self._conversations:
            oldest = next(iter(self._conversations))
            silent = now - self._conversations[oldest].seen > LINKED
            if not silent and len(self._conversations) <= CONVERSATIONS:
                break
            del self._conversations[oldest]
        return found

    def _write(
        self, conversation: _Conversation, text: str, cause: str, understood: dict[str, Any]
    ) -> None:
        path = self._folder / f"{date.today().isoformat()}.jsonl"
        line = {
            "id": secrets.token_hex(6),
            "texte": text,
            "cause": cause,
            "propositions": _proposed(understood),
        }
        written = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        with locked(self._folder), open(path, "ab", opener=_private) as file:
            if file.tell() + len(written) <= DAY_SIZE:
                file.write(written)
                conversation.lines.append((path, line["id"]))

    def _take_away(self, conversation: _Conversation) -> None:
        if not conversation.lines:
            return
        with locked(self._folder):
            (self._folder / TO_LABEL).unlink(missing_ok=True)  # it may quote these lines
            for path in {path for path, _ in conversation.lines if path.exists()}:
                gone = {name for where, name in conversation.lines if where == path}
                _rewrite(path, [line for line in read_lines(path) if line.get("id") not in gone])
        conversation.lines.clear()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _rewrite(path: Path, lines: list[dict[str, Any]]) -> None:
    """Replace the lines of a file at once: a crash leaves the old ones or the new ones."""
    descriptor, new = tempfile.mkstemp(".tmp", dir=path.parent)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    Path(new).replace(path)


def _misunderstood(
    tracker: DialogueStateTracker, said: list[UserUttered]
) -> Iterator[tuple[UserUttered, str]]:
    """The last message if it was not understood, or the one before if the person contests it."""
    cause = _cause(said[-1])
    if cause and _may_be_kept(said[-1]):
        yield said[-1], cause
    if len(said) > 1 and _contests(tracker, said[-1]):
        before = said[-2]
        answered = split_intent(before.intent_name or "")[0] in (*NEEDS, "info_rsa", OUT_OF_SCOPE)
        if answered and not _cause(before) and _may_be_kept(before):
            yield before, "conteste"


def _cause(message: UserUttered) -> str | None:
    if message.intent_name == DEFAULT_NLU_FALLBACK_INTENT_NAME:
        hesitates = any(entity["entity"] == HESITATION for entity in message.entities)
        return "hesitation" if hesitates else "incompris"
    return "doute" if message.intent.get("confidence", 1.0) < DOUBT else None


def _may_be_kept(message: UserUttered) -> bool:
    typed = bool(message.text) and not message.text.lstrip().startswith("/")
    return typed and message.parse_data.get(DISTRESS, 1.0) < NO_DISTRESS


def _contests(tracker: DialogueStateTracker, last: UserUttered) -> bool:
    """Whether a message complains of our answer: « non » after a question only answers it."""
    if last.intent_name == COMPLAINT:
        return True
    if last.intent_name != REFUSAL:
        return False
    # By identity: an earlier « non » equals this one.
    before = takewhile(lambda event: event is not last, tracker.events)
    texts = [event.text or "" for event in before if _is_ours(event)]
    return bool(texts) and "?" not in texts[-1]


def _is_ours(event: Any) -> bool:
    return isinstance(event, BotUttered) and bool(event.text)


def _is_distress(message: UserUttered) -> bool:
    return split_intent(message.intent_name or "")[0] == CRY


def _proposed(understood: dict[str, Any]) -> dict[str, float]:
    """The likeliest intents, best first, with their probability."""
    ranking = understood.get("intent_ranking") or []
    likely = [each for each in ranking if each["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME]
    return {each["name"]: round(each["confidence"], 2) for each in likely[:PROPOSED]}
