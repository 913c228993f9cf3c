"""What follows an answer: is it read as it is meant, under what was shown?

`tests/bot/suites.yml` holds messages that follow a first answer. The bot reads each alone; then
`actions/context.py` reads it in the conversation, as it does here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from actions.context import in_context
from actions.conversation import Display, Turn, split_need
from bot.train import ROOT
from tests.bot.evaluate.figures import Figures, Parsed, Sentence, share

FOLLOW_UPS = ROOT / "tests/bot/suites.yml"
ABOUT_PLACES, SAME_NEED, OTHERS = "lieux", "meme", "autres"
STAYING = {ABOUT_PLACES, SAME_NEED, OTHERS}
# What an intent means after an answer; a need under way is `SAME_NEED`, another one its name.
_MEANT = {
    "detail": ABOUT_PLACES,
    "choisir": ABOUT_PLACES,
    "pourquoi": ABOUT_PLACES,
    "reformuler": ABOUT_PLACES,
    "repondre": SAME_NEED,
    "plus": OTHERS,
    "autre_ville": "ville",
    "donner_commune": "ville",
    "au_revoir": "merci",
    "affirmer": "oui",
    "nier": "non",
    "passer": "non",
    "si_complet": ABOUT_PLACES,
    "deplacer": ABOUT_PLACES,
    "lettre": ABOUT_PLACES,
    "a_qui": ABOUT_PLACES,
    "secret": "aide_bot",
    "machine": "aide_bot",
    "pas_ca": SAME_NEED,
    "excuse": "merci",
    "hesite": SAME_NEED,
    "nlu_fallback": "hors_sujet",
}


def follow_up_figures(sentences: list[Sentence], parsed: list[Parsed]) -> Figures:
    """Shares read as meant: exactly; in the subject or out of it; of those that stay, that leave.

    A question on what was shown, a detail and others wanted stay in the subject: which of them it
    is makes `exact` only.
    """
    read = [_meant(found, sentence) for sentence, found in zip(sentences, parsed, strict=True)]
    pairs = list(zip(sentences, read, strict=True))
    return {
        "messages": len(sentences),
        "exact": share(meant in s["lu"] for s, meant in pairs),
        "right": share(_is_right(s, meant) for s, meant in pairs),
        "stays": share(_is_right(s, meant) for s, meant in pairs if _stays(s)),
        "leaves": share(_is_right(s, meant) for s, meant in pairs if not _stays(s)),
    }


def misread(sentences: list[Sentence], parsed: list[Parsed]) -> list[tuple[Sentence, str]]:
    """The messages taken out of their subject, or kept in it, wrongly; and what was read."""
    read = [(s, _meant(found, s)) for s, found in zip(sentences, parsed, strict=True)]
    return [(sentence, meant) for sentence, meant in read if not _is_right(sentence, meant)]


def _is_right(sentence: Sentence, meant: str) -> bool:
    return meant in sentence["lu"] or (meant in STAYING and not STAYING.isdisjoint(sentence["lu"]))


def _stays(sentence: Sentence) -> bool:
    return not STAYING.isdisjoint(sentence["lu"])


def _meant(found: Parsed, sentence: Sentence) -> str:
    intent = in_context(_turn(found, sentence)).intent
    need, _ = split_need(intent)
    if need == sentence["theme"]:
        return SAME_NEED
    return need or ("urgence" if intent.startswith("urgence") else _MEANT.get(intent, intent))


def _turn(found: Parsed, sentence: Sentence) -> Turn:
    """The message as the action server gets it, under three places shown for this need."""
    shown = Display(results=("1", "2", "3"), theme=sentence["theme"])
    slots: dict[str, Any] = {"affichage": shown.to_slot(), "theme": sentence["theme"]}
    return Turn(
        intent=found["intent"]["name"],
        confidence=found["intent"]["confidence"],
        entities={each["entity"]: each["value"] for each in found["entities"]},
        text=sentence["text"],
        slots=slots,
        now=datetime.now(),
        likely={each["name"]: each["confidence"] for each in found["intent_ranking"]},
    )
