"""Subjects beside our field (housing, residence permits…), from `data/sujets_proches.yml`."""

from __future__ import annotations

import re
from pathlib import Path

from bot.components.tokenizer import MAX_CHARACTERS, without_accents
from bot.tables import read_yaml

SUBJECTS_FILE = Path(__file__).parents[2] / "data" / "sujets_proches.yml"


class NearSubjects:
    """Names the near subject of a message by its words."""

    def __init__(self, path: Path = SUBJECTS_FILE) -> None:
        """Read the words of each subject."""
        subjects: dict[str, list[str]] = read_yaml(path)
        self._patterns = {
            subject: re.compile(rf" (?:{'|'.join(map(_pattern, phrases))}) ")
            for subject, phrases in subjects.items()
        }

    def find(self, text: str) -> str | None:
        """The first near subject, in the order of the file, whose words the text holds."""
        line = f" {_line(text[:MAX_CHARACTERS])} "
        return next((name for name, words in self._patterns.items() if words.search(line)), None)


def _line(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", without_accents(text)))


def _pattern(phrase: str) -> str:
    stem = _line(phrase).replace(" ", "[sx]? ")
    return stem + (r"\w*" if phrase.endswith("*") else "[sx]?")
