"""What may be said of the RSA: the rule, its source, and who to ask."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy.orm import Session

from actions import contacts, records, services, texts, towns, week
from actions.conversation import Answer, Turn
from actions.directory.text import simplify

ABOUT_HOURS = ("contrat", "activites")
FEWER_HOURS = f"{week.THEME}_heures_reduites"
_FIFTEEN_HOURS = re.compile(rf"\b{week.FIFTEEN_HOURS}")
# What may lessen the hours, said as a detail: « j'ai un fils de 4 ans, je suis seule ».
_HARD = re.compile(
    r"\b(?:seule?|enceinte|malade|maladie|sante|depress\w+|medecin|arrete?|certificat|handicape?e?"
    r"|rqth|aah|invalid\w+|hopital|operee?|(?:enfant|fils|fille|bebe)s?)\b"
)
ROLES = ("ali", "service_social", "france_services", "ccas")


def answer(turn: Turn, session: Session) -> Answer:
    """One rule in plain words, dated and sourced, ending on who to ask."""
    if turn.detail == week.DETAIL:
        return week.answer(turn, session)
    commune = towns.current(turn, session)
    if commune and turn.intent == "donner_commune":
        return contacts.with_people(Answer(intro=texts.TALK_TO), turn, session, commune)
    if turn.intent == "repondre" and _HARD.search(simplify(turn.text)):
        turn = replace(turn, intent=FEWER_HOURS)
    if turn.detail is None and _FIFTEEN_HOURS.search(simplify(turn.text)):
        turn = replace(turn, intent=f"{week.THEME}_contrat")
    if turn.display.theme == week.THEME and turn.slots.get("detail_besoin") == turn.detail:
        return services.remember(contacts.beyond_me(turn, session), turn)  # the rule was just said
    rule = texts.RSA_RULES.get(turn.detail) or texts.RSA_RULES[None]
    source = texts.RSA_SOURCE.format(source=rule.source)
    reply = Answer(intro=f"{rule.text}\n{source}\n{texts.RSA_WHO}")
    if turn.display.results and turn.display.theme in services.THEMES:  # in passing: the list stays
        kept = {"theme": turn.display.theme, "detail_besoin": turn.slots.get("detail_besoin")}
        reply.slots = {"affichage": turn.display.to_slot(), **kept}
        return reply
    if commune is None:
        reply.closing = texts.RSA_ASK_TOWN
        reply.slots["question"] = towns.QUESTION
    elif towns.is_covered(commune):
        reply.results = records.people(turn, session, commune, ROLES, limit=1)
        if turn.detail in ABOUT_HOURS:
            week.offer(reply)
    return services.remember(reply, turn)
