"""« Qui peut m'accompagner ? »: who follows people in this town, in order, and why."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions import french, records, services, texts, towns
from actions.conversation import Answer, Choice, Turn
from actions.directory import search

SHOWN = 4


def answer(turn: Turn, session: Session) -> Answer:
    """Who can accompany this person, from what is known; then one question that would change it."""
    turn = _with_said_facts(turn)
    commune = towns.current(turn, session)
    if commune is None:
        need = services.need_name(turn.theme, turn.detail)
        asked = towns.ask(turn, session, texts.ASK_TOWN_FOR.format(need=need))
        asked.slots["rsa"] = turn.fact("rsa")
        return services.remember(asked, turn)
    if not towns.is_covered(commune):
        return services.remember(
            Answer(intro=towns.outside(commune), closing=texts.AFTER_ONE_RESULT), turn
        )
    found = search.find_contacts(session, commune.code_insee, turn.today, _roles(turn))
    if turn.intent == "plus":
        found = [match for match in found if match.record.id not in turn.display.seen] or found
    if any(match.role == "ali" for match in found):
        found = [match for match in found if match.role != "departement"]
    people = records.tell(found, turn, session)
    for record in people:
        record["pourquoi"] = _reason(record["role"], turn)
    reply = Answer(
        intro=_intro(turn, towns.name_of(commune), people),
        results=people[:SHOWN],
        slots={"rsa": turn.fact("rsa")},
    )
    return services.remember(_with_question(reply, turn, people), turn)


def _with_said_facts(turn: Turn) -> Turn:
    """« mon agence RSA » says that the person receives it, unless they said the contrary."""
    if turn.fact("rsa") is None and "rsa" in turn.text.lower().split():
        return turn.with_slots(rsa="oui")
    return turn


def _roles(turn: Turn) -> list[str]:
    """The roles to look for, what surely fits this person first."""
    roles = []
    if turn.fact("handicap") == "oui":
        roles.append("cap_emploi")
    if turn.fact("moins_26") == "oui":
        roles.append("mission_locale")
    # Without an agency for the town, the département itself says who follows people on RSA.
    roles += ["plie"] if turn.fact("rsa") == "non" else ["ali", "departement"]
    roles += ["france_travail", "service_social"]
    if turn.fact("moins_26") in (None, "passe"):
        roles.append("mission_locale")
    return [*roles, "ccas", "france_services"]


def _reason(role: str, turn: Turn) -> str:
    if role == "ali" and turn.fact("rsa") != "oui":
        role = "ali_si_rsa"
    elif role == "mission_locale" and turn.fact("moins_26") != "oui":
        role = "mission_locale_si_jeune"
    elif role == "france_travail" and turn.fact("rsa") == "non":
        role = "france_travail_autre"
    return texts.ROLE_REASONS[role]


def _intro(turn: Turn, town: str, people: list[dict[str, object]]) -> str:
    template = texts.WHO_CAN_HELP_LOST if turn.detail == "referent" else texts.WHO_CAN_HELP
    intro = template.format(at=french.at_place(town))
    if turn.fact("rsa") != "non" and not any(record["role"] == "ali" for record in people):
        intro = f"{texts.NOBODY_COVERS.format(town=town)}\n{intro}"
    return intro


def _with_question(reply: Answer, turn: Turn, people: list[dict[str, object]]) -> Answer:
    """Ask at most one thing at a time, and only if it would change the list."""
    roles = {record["role"] for record in people}
    question: tuple[str, str] | None = None
    if turn.fact("rsa") is None:
        question = ("rsa", texts.ASK_RSA)
    elif turn.fact("moins_26") is None and "mission_locale" in roles:
        question = ("moins_26", texts.ASK_UNDER_26)
    if question is None:
        reply.closing = texts.AFTER_CONTACTS
        return reply
    name, reply.closing = question
    reply.choices = [
        Choice(texts.YES, f'/affirmer{{"{name}": "oui"}}'),
        Choice(texts.NO, f'/nier{{"{name}": "non"}}'),
        Choice(texts.SKIP, "/passer"),
    ]
    reply.slots["question"] = name
    return reply
