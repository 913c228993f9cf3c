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
# « à qui je demande », « qui je dois appeler »
_WHOM = re.compile(
    r"\b(?:a|vers|avec|chez) (?:qui|ki)\b|\baki\b"
    r"|\b(?:qui|ki) (?:\w+ ){0,3}(?:contact|appel|joindre|voir|demand|aid)\w*"
)
SHORT = 10  # words: a longer message says something else too
ROLES = ("ali", "service_social", "departement", "france_services", "ccas")


def whom(turn: Turn, session: Session) -> Answer | None:
    """« à qui je demande ? », after a rule: who can answer; None for anything else."""
    words = simplify(turn.text)
    asks = turn.slots.get("theme") == week.THEME and _WHOM.search(words)
    if not asks or len(words.split()) > SHORT or turn.intent == week.THEME:
        return None
    turn = replace(turn, intent=week.THEME)
    commune = towns.current(turn, session)
    if commune is None:
        asked = towns.ask(turn, session, f"{texts.RSA_WHO}\n{texts.RSA_ASK_TOWN}")
        return services.remember(asked, turn)
    return contacts.with_people(Answer(intro=texts.RSA_WHO), turn, session, commune)


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
        # The rule was just said.
        unknown = contacts.beyond_me(turn, session, texts.ALL_OF_THE_RULE)
        return services.remember(unknown, turn)
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
