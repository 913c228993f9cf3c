"""What an unsure message most likely means in the conversation under way.

The bot reads each message alone: « le soir c'est possible ? » may be anything. Under a list of
French courses, it is about them.
"""

from __future__ import annotations

import re

from actions import shown, towns
from actions.conversation import NOT_UNDERSTOOD, Turn, split_need

# Confidence under which what is under way counts: of what was not understood, and of another need.
UNSURE, UNSURE_NEED = 0.8, 0.6
STAYING = 4.0  # how many times likelier what stays in the subject is than read alone
LIKELY = 0.4  # what stays must reach this, times `STAYING`, where nothing was understood
# « et pour mes enfants ? » asks the same for others.
_FOR_SOMEONE = re.compile(
    r"^(?:et|c est|mais) (?:aussi )?pour (?:mon|ma|mes|moi|elle|lui|eux|nous|un ami|une amie)\b"
)
FOLLOWING = ("detail", "repondre", "plus")


def in_context(turn: Turn) -> Turn:
    """The turn as it is meant: another intent when the subject under way makes it likelier."""
    under_way, _ = split_need(turn.display.theme or "")
    need, _ = split_need(turn.intent)
    least_sure = UNSURE if turn.intent in NOT_UNDERSTOOD else UNSURE_NEED
    if under_way is None or turn.confidence >= least_sure or turn.text[:1] == "/":
        return turn
    if (need is None and turn.intent not in NOT_UNDERSTOOD) or shown.AND_FOR.match(turn.text):
        return turn
    if _FOR_SOMEONE.search(turn.plain) and turn.display.results:
        return turn.as_said("repondre", turn.entities).with_slots(theme=under_way)
    if _stays(turn.intent, under_way, turn):
        return turn
    best, probability = turn.likeliest(lambda intent: _stays(intent, under_way, turn))
    least = LIKELY if turn.intent == "nlu_fallback" else turn.confidence
    if not best or probability * STAYING < least:
        return turn
    # The bot has already kept the need that it read.
    return turn.as_said(best, turn.entities).with_slots(theme=under_way)


def _stays(intent: str, under_way: str, turn: Turn) -> bool:
    if split_need(intent)[0] == under_way:
        return True
    # What is not understood where a town is awaited may be one.
    town_awaited = turn.question in towns.QUESTIONS and turn.intent not in NOT_UNDERSTOOD
    return intent in FOLLOWING and (bool(turn.display.results) or town_awaited)
