"""The commune under way: asking for it, naming it, knowing whether we cover it."""

from __future__ import annotations

import os
import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import french, texts
from actions.conversation import TOWN_QUESTIONS, Answer, Choice, Turn
from actions.directory.models import Commune

QUESTION, AFTER_DISTRESS = TOWN_QUESTIONS
ELSEWHERE = ("donner_commune", "autre_ville")  # intents of a message about a place
_ANYWHERE = re.compile(r"\b(?:n ?importe ou|partout|peu importe|toute? l[ea]|dans tout)\b")
ALIKE = 4  # letters: « Saint-Martin » may be Saint-Martin-de-Queyrières


def covered_departements() -> list[str]:
    """Codes of the départements the operator covers (`JALON_DEPARTEMENTS`)."""
    return os.environ.get("JALON_DEPARTEMENTS", "93,92,05").replace(" ", "").split(",")


def current(turn: Turn, session: Session) -> Commune | None:
    """The commune wanted, or None when it is unknown, ambiguous or not in the official list.

    « n'importe où dans le 93 », « un forum dans le 93 »: the largest of the département. « et dans
    le 92 ? » is about another place than the town under way.
    """
    departement = turn.entities.get("departement")
    elsewhere = departement and turn.intent in ELSEWHERE and not turn.entities.get("code_insee")
    if turn.code_insee and not elsewhere:
        return session.get(Commune, turn.code_insee)
    anywhere = turn.theme == "evenement" or _ANYWHERE.search(turn.plain)
    if departement in covered_departements() and anywhere:
        largest = select(Commune).where(Commune.departement == departement)
        return session.scalars(largest.order_by(Commune.population.desc())).first()
    return None


def name_of(commune: Commune) -> str:
    """The name as people say it: « Paris 18e »."""
    return commune.nom.removesuffix(" Arrondissement")


def at(turn: Turn, session: Session) -> str:
    """« à Bondy »: the town of this turn, empty when it is unknown."""
    commune = current(turn, session)
    return french.at_place(name_of(commune)) if commune else ""


def is_covered(commune: Commune) -> bool:
    """Whether the operator answers for this commune."""
    return commune.departement in covered_departements()


def ask(turn: Turn, session: Session, intro: str = "") -> Answer:
    """Ask for the town, by choices when the name given has several."""
    possible = turn.entities.get("communes_possibles") or []
    communes = [found for code in possible if (found := session.get(Commune, code))]
    if communes:
        choices = [
            Choice(
                f"{name_of(commune)} ({commune.departement})",
                f'/donner_commune{{"code_insee": "{commune.code_insee}", '
                f'"commune": "{commune.nom}"}}',
            )
            for commune in communes
        ]
        alike = {name_of(commune)[:ALIKE] for commune in communes}
        return Answer(
            intro=texts.ASK_WHICH_TOWN if len(alike) == 1 else texts.ASK_ONE_TOWN,
            choices=choices,
            slots={"question": QUESTION, "code_insee": None, "commune": None},
        )
    of_towns = all(each.payload.startswith("/donner_commune") for each in turn.display.choices)
    waits = turn.question == QUESTION and turn.display.choices and not turn.display.results
    if waits and of_towns:
        still = {"question": QUESTION, "affichage": turn.display.to_slot()}
        return Answer(intro=intro or texts.ASK_ONE_TOWN, choices=turn.display.choices, slots=still)
    departement = turn.entities.get("departement")
    if departement and departement not in covered_departements():
        away = _outside(texts.DEPARTEMENT.format(departement=departement))
        return Answer(intro=away, closing=texts.AFTER_ONE_RESULT)
    if departement:
        question = texts.ASK_TOWN_IN_DEPARTEMENT.format(departement=departement)
        slots = {"question": QUESTION, "code_insee": None, "commune": None}
        return Answer(intro=question, slots=slots)
    return Answer(intro=intro or texts.ASK_TOWN, slots={"question": QUESTION})


def ask_after_distress(turn: Turn, session: Session, intro: str = "") -> Answer:
    """Ask for the town to name who can help there; the search under way waits."""
    asked = ask(turn, session, intro)
    asked.slots["question"] = AFTER_DISTRESS
    return asked


def outside(commune: Commune) -> str:
    """Say that we do not cover this commune, and who does."""
    return _outside(name_of(commune))


def _outside(place: str) -> str:
    return texts.OUTSIDE.format(place=place, departements=french.listing(covered_departements()))
