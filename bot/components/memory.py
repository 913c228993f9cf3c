"""What a function gives for a word, remembered: people write the same few thousand words."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

WORDS = 20_000
LONGEST = 30  # characters

Given = TypeVar("Given")


def remember(function: Callable[[str], Given]) -> Callable[[str], Given]:
    """Remember what a function of one word gives, for the words that come again.

    Longer ones are computed each time: whatever is sent, little memory is taken.
    """
    remembered = lru_cache(WORDS)(function)

    @wraps(function)
    def of_word(word: str) -> Given:
        return remembered(word) if len(word) <= LONGEST else function(word)

    return of_word
