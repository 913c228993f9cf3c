"""How an SMS is counted, and how French is written with the letters of a plain SMS.

GSM 03.38 (3GPP TS 23.038) holds 160 septets in one SMS, 153 in each part of a longer one. One
character outside its alphabet turns the whole message into UCS-2: 70 and 67 units of 16 bits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # each takes two septets

_REPLACED = {
    "œ": "oe",
    "Œ": "OE",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "•": "-",
    "·": ".",
    "→": "->",
    "°": "o",
    "×": "x",
    "÷": "/",
    "⁄": "/",
    "´": "'",
    "`": "'",
    "\t": " ",
    "ð": "d",
    "Ð": "D",
    "ø": "ø",
    "ł": "l",
    "Ł": "L",
    "ı": "i",
}
_GUILLEMETS = re.compile(r"[«‹]\s*|\s*[»›]")
_SPACES = re.compile(r" {2,}")


@dataclass(frozen=True)
class Encoding:
    """One of the two ways to write an SMS; sizes in septets or in units of 16 bits."""

    name: str
    alone: int
    part: int


GSM7 = Encoding("GSM-7", 160, 153)
UCS2 = Encoding("UCS-2", 70, 67)


def encoding(text: str) -> Encoding:
    """GSM-7 when every character allows it, else UCS-2."""
    return GSM7 if all(c in BASIC or c in EXTENDED for c in text) else UCS2


def size(char: str, used: Encoding) -> int:
    """What one character takes: septets, or units of 16 bits."""
    if used is GSM7:
        return 2 if char in EXTENDED else 1
    return 2 if ord(char) > 0xFFFF else 1


def split(text: str) -> list[str]:
    """The segments that a phone receives; joined, they are the text, and no character is cut."""
    used = encoding(text)
    if sum(size(char, used) for char in text) <= used.alone:
        return [text] if text else []
    parts, current, taken = [], "", 0
    for char in text:
        needed = size(char, used)
        if taken + needed > used.part:
            parts.append(current)
            current, taken = "", 0
        current += char
        taken += needed
    return [*parts, current]


def count(text: str) -> int:
    """How many segments are paid for this text."""
    return len(split(text))


def plain(text: str) -> str:
    """The same text in the alphabet of a plain SMS, when its letters allow it.

    Keeps é è à ù É Ç and line ends; replaces or strips other accents, quotes, dashes and spaces;
    drops pictures and invisible marks. A text in another script (Arabic, Cyrillic…) has no such
    form: it comes back whole, only without control characters.
    """
    tidy = "".join(c for c in unicodedata.normalize("NFC", text) if not _is_control(c))
    latin = _SPACES.sub(" ", "".join(_latin(c) for c in _GUILLEMETS.sub('"', tidy)))
    return latin if encoding(latin) is GSM7 else tidy


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"


def _latin(char: str) -> str:
    if char in BASIC or char in EXTENDED:
        return char
    if char in _REPLACED:
        return _REPLACED[char]
    category = unicodedata.category(char)
    if category[0] == "Z":
        return "\n" if char in "\u2028\u2029" else " "
    bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    if bare != char and all(c in BASIC or c in EXTENDED or c in _REPLACED for c in bare):
        return "".join(_REPLACED.get(c, c) for c in bare)
    # Letters and digits of other scripts carry meaning; pictures and marks do not.
    return char if category[0] in "LN" else ""
