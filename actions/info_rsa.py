"""What may be said of the RSA: the rule, its source, and who to ask."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions import contacts, records, services, texts, towns, week
from actions.conversation import Answer, Turn

ABOUT_HOURS = ("contrat", "activites")
ROLES = ("ali", "service_social", "france_services", "ccas")


def answer(turn: Turn, session: Session) -> Answer:
    """One rule in plain words, dated and sourced, ending on who to ask."""
    if turn.detail == week.DETAIL:
        return week.answer(turn, session)
    commune = towns.current(turn, session)
    if commune and turn.intent == "donner_commune":
        return contacts.with_people(Answer(intro=texts.TALK_TO), turn, session, commune)
    rule = texts.RSA_RULES.get(turn.detail) or texts.RSA_RULES[None]
    source = texts.RSA_SOURCE.format(source=rule.source)
    reply = Answer(intro=f"{rule.text}\n{source}\n{texts.RSA_WHO}")
    if commune is None:
        reply.closing = texts.RSA_ASK_TOWN
        reply.slots["question"] = towns.QUESTION
    elif towns.is_covered(commune):
        reply.results = records.people(turn, session, commune, ROLES, limit=1)
        if turn.detail in ABOUT_HOURS:
            week.offer(reply)
    return services.remember(reply, turn)
