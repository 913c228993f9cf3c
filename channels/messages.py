"""What a person typed, made safe to hand to Rasa."""

from __future__ import annotations

import unicodedata

MAX_TEXT = 1000  # characters
_KEPT_CONTROLS = "\n\t"
_LEADING_JUNK = ("C", "Z")  # Unicode categories: controls and invisible marks, separators
_SLASHES = "/\u2044\u2215\u29f8\uff0f"


def clean(text: str) -> str:
    """Strip, drop control characters, and keep Rasa from reading an intent in a leading slash.

    Rasa takes any message that starts with « / » as an intent and its entities, after stripping
    it; a component may normalise further. So slashes of every width are dropped from the start,
    with all that is invisible around them.
    """
    kept = "".join(c for c in text if c in _KEPT_CONTROLS or _is_text(c)).rstrip()
    start = 0
    while start < len(kept) and _is_leading_junk(kept[start]):
        start += 1
    return kept[start:]


def _is_text(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cs")


def _is_leading_junk(char: str) -> bool:
    return char in _SLASHES or unicodedata.category(char)[0] in _LEADING_JUNK
