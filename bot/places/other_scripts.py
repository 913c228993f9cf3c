"""Towns written in another script than the Latin one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.places.gazetteer import Gazetteer, fold

_OTHER_SCRIPT = re.compile("[\u0370-\u1fff\u2c00-\ud7ff\uf900-\ufdff]")


def find_other_scripts(text: str, gazetteer: Gazetteer) -> Iterator[tuple[str, int, int]]:
    """Find the towns written in another script: INSEE code, and characters `[start, end)`."""
    if not _OTHER_SCRIPT.search(text):
        return
    folded, origin = _folded_with_origin(text)
    for pattern in gazetteer.foreign_patterns:
        for match in pattern.finditer(folded):
            for code in gazetteer.foreign[match.group(1)]:
                yield code, origin[match.start()], origin[match.end() - 1] + 1


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the index of the one it comes from."""
    folded: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        for letter in fold(char):
            folded.append(letter)
            origin.append(index)
    return "".join(folded), origin
