"""What a question asks of the places shown: is it read as it is meant?

`tests/bot/questions.yml` holds such questions. Which field they ask is told whatever was shown;
whether they ask one at all is measured by `follow_ups.py`.
"""

from __future__ import annotations

from bot.train import ROOT
from tests.bot.evaluate.figures import Figures, Parsed, Sentence, entity, share

QUESTIONS = ROOT / "tests/bot/questions.yml"


def question_figures(sentences: list[Sentence], parsed: list[Parsed]) -> Figures:
    """Share of the questions whose field is right; among those of which one is read."""
    read = [fields(found) for found in parsed]
    pairs = list(zip(sentences, read, strict=True))
    return {
        "messages": len(sentences),
        "right": share(asked == [s["champ"]] for s, asked in pairs),
        "right_when_read": share(asked == [s["champ"]] for s, asked in pairs if asked),
    }


def misread_questions(
    sentences: list[Sentence], parsed: list[Parsed]
) -> list[tuple[Sentence, list[str]]]:
    """The questions of which another field is read, or none, or two."""
    read = zip(sentences, map(fields, parsed), strict=True)
    return [(sentence, asked) for sentence, asked in read if asked != [sentence["champ"]]]


def fields(found: Parsed) -> list[str]:
    """The fields that the bot read."""
    value = entity(found, "champ") or []
    return [value] if isinstance(value, str) else value
