"""Names that people use for services and schemes: what they are, where they are, who to ask."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from actions import contacts, evenements, records, services, shown, texts, towns
from actions.conversation import Answer, Turn, split_need
from actions.directory import search
from actions.directory.search import Match

NAMES_FILE = Path(__file__).parents[1] / "data" / "noms.yml"
NAME = "nom"  # what the slot `theme` holds while we wait for the town of a name
_WHAT = re.compile(
    r"\b(?:c est|cest|c|ca veut dire) (?:quoi|koi|qui|ki)\b(?! qui\b)"
    r"|\bqu est ce que c est\b|\bkeskece\b|\b(?:meme chose|pareil) que\b"
    r"|\bdifference (?:avec|entre)\b"
)
FEW = 2  # places of a name worth showing while the town is unknown


@cache
def known_names() -> dict[str, dict[str, Any]]:
    """The names people use, by key (`data/noms.yml`)."""
    names: dict[str, dict[str, Any]] = yaml.safe_load(NAMES_FILE.read_text("utf-8"))
    return names


def is_asked_about(turn: Turn) -> bool:
    """« l'ali c'est quoi, c'est un monsieur ? »: a name asked among other words.

    « mon référent c'est qui » asks for the person.
    """
    key = turn.entities.get("dispositif")
    if key not in known_names() or key == "referent":
        return False
    same_need = split_need(turn.intent)[0] == known_names()[key]["theme"]
    if not (same_need or turn.display.results):
        return False
    return _WHAT.search(turn.plain) is not None


def find_named(key: str, turn: Turn, session: Session, limit: int) -> list[Match]:
    """Who holds a known name for the town of this turn, or anywhere while it is unknown."""
    known = known_names()[key]
    if known.get("role") and turn.code_insee:
        roles = [known["role"]]
        return search.find_contacts(session, turn.code_insee, turn.today, roles, limit)
    return search.search_by_name(session, known["recherche"] or "", turn.code_insee, limit)


def explain_name(turn: Turn, session: Session) -> Answer:
    """Say in one sentence what a known name is, then where it is or who to ask.

    Raises:
        KeyError: neither the message nor the question under way holds a known name.
    """
    key = turn.entities.get("dispositif") or turn.detail or ""
    known = known_names()[key]
    # The town came as an answer, or a detail did: « j'ai six ans d'expérience », of the VAE.
    explained = turn.intent == "donner_commune" or not turn.entities.get("dispositif")
    intro = "" if explained else f"{known['explication']}\n"
    kept = {"theme": known["theme"] or "humain", "detail_besoin": None}
    if known["theme"] == "evenement":
        return evenements.answer(turn, session)
    if not known["recherche"] and turn.display.results:  # a word of the places shown
        return shown.repeat(turn, known["explication"])
    commune = towns.current(turn, session)
    found = find_named(key, turn, session, limit=FEW + 1)
    if found and (commune or len(found) <= FEW):
        results = records.tell(found[:FEW], turn, session)
        where = texts.NAME_IN_DIRECTORY if len(results) == 1 else texts.NAME_IN_PLACES
        return Answer(intro=intro + where, results=results, slots=kept)
    if commune is None:
        kept = {"theme": NAME, "detail_besoin": key, "question": towns.QUESTION}
        return Answer(intro=intro + texts.NAME_ASK_TOWN, slots=kept)
    if known["theme"] in services.THEMES:
        missing = f"{texts.NAME_NOT_IN_DIRECTORY} " if known["recherche"] else ""
        return _need_instead(turn.as_said(known["theme"]), session, intro + missing, kept)
    reply = Answer(intro=intro + texts.NAME_NOT_IN_DIRECTORY, slots=kept)
    return contacts.with_people(reply, turn, session, commune)


def _need_instead(turn: Turn, session: Session, intro: str, kept: dict[str, Any]) -> Answer:
    """The directory does not know this name: other places for the same need."""
    reply = services.answer(turn, session)
    reply.intro = f"{intro}{reply.intro}"
    reply.slots.update(kept)
    return reply


def explanation(turn: Turn) -> str:
    """The sentence to say of a name that is to be explained wherever it is read; else nothing.

    Who looks for a forum and is disabled is told of the one that is for them.
    """
    says_so = turn.entities.get("handicap") == "oui" or "handicap" in turn.plain
    under_forums = turn.display.theme == "evenement"
    said_before = turn.fact("handicap") == "oui" and not under_forums
    about_forums = turn.theme == "evenement" or (under_forums and says_so)
    if about_forums and (says_so or said_before):
        return str(known_names()["handiforum"]["explication"])
    known = known_names().get(turn.entities.get("dispositif") or "", {})
    return str(known["explication"]) if known.get("seul") == "expliquer" else ""
