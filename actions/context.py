"""What an unsure message most likely means in the conversation under way.

The bot reads each message alone: « le soir c'est possible ? » may be anything. Under a list of
French courses, it is about them.
"""

from __future__ import annotations

from collections.abc import Iterator

from actions import towns
from actions.conversation import NOT_UNDERSTOOD, Turn, split_need

UNSURE = 0.8  # confidence under which what is under way counts
STAYING = 4.0  # how many times likelier what stays in the subject is than read alone
LIKELY = 0.4  # what stays must reach this, times `STAYING`, where nothing was understood
FOLLOWING = ("detail", "repondre", "plus")


def in_context(turn: Turn) -> Turn:
    """The turn as it is meant: another intent when the subject under way makes it likelier."""
    under_way, _ = split_need(turn.display.theme or "")
    if under_way is None or turn.confidence >= UNSURE or turn.text[:1] == "/":
        return turn
    if split_need(turn.intent)[0] is None and turn.intent not in NOT_UNDERSTOOD:
        return turn
    scores = dict(_scores(turn, under_way))
    best = max(scores, key=scores.__getitem__, default=turn.intent)
    least = LIKELY if turn.intent == "nlu_fallback" else turn.confidence
    if best == turn.intent or scores[best] < least or _stays(turn.intent, under_way, turn):
        return turn
    # The bot has already kept the need that it read.
    return turn.as_said(best, turn.entities).with_slots(theme=under_way)


def _scores(turn: Turn, under_way: str) -> Iterator[tuple[str, float]]:
    """How likely each intent that stays in the subject is."""
    for intent, probability in turn.likely.items():
        if _stays(intent, under_way, turn):
            yield intent, probability * STAYING


def _stays(intent: str, under_way: str, turn: Turn) -> bool:
    if split_need(intent)[0] == under_way:
        return True
    # What is not understood where a town is awaited may be one.
    town_awaited = turn.question in towns.QUESTIONS and turn.intent not in NOT_UNDERSTOOD
    return intent in FOLLOWING and (bool(turn.display.results) or town_awaited)
