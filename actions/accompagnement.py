"""« Qui peut m'accompagner ? »: who follows people in this town, in order, and why."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.orm import Session

from actions import contacts, french, names, records, services, texts, towns
from actions.conversation import RSA, Answer, Choice, Turn
from actions.directory import search
from actions.directory.models import Commune
from actions.directory.search import Match

SHOWN = 4
PER_ROLE = 3  # looked at when the person wants others than those shown
LOST_CONTACT = "perdu_de_vue"  # finer need
ANYWHERE = ("france_services", "cap_emploi", "departement")  # they receive people of any town
ABOUT_REFERENT = ("referent", LOST_CONTACT)
_SILENT = re.compile(
    r"\b(?:repond\w*|[rj]?appel\w*|decroch\w*|joindre|joignable|injoignable|sonne|silence|nouvelles?)\b"
)
_CHANGE = re.compile(
    r"\bchang\w* (?:\w+ ){0,2}(?:referente?|conseillere?|assistante?|personne|agence)\b"
    r"|\b(?:peux|peut|puis|veux|voudrais|comment|pour|j?en) (?:\w+ ){0,3}chang\w*"
    r"|\bautre (?:referente?|conseillere?)\b"
)
_ON_RSA = re.compile(
    r"\brsa\b|\b(?:mon|ma|notre) (?:ali|agence locale|contrat d engagement(?! jeune))\b"
    r"|\b15 ?h(?:eures?)? (?:par semaine|d activites?)"
)
_FOR_ME = re.compile(r"\b(?:et|mais) (?:\w+ )?pour moi\b")


def answer(turn: Turn, session: Session) -> Answer:
    """Who can accompany this person, from what is known; then one question that would change it.

    A body asked for by its name is shown alone; people who ask for it know what they want.
    """
    turn = _with_said_facts(turn)
    if turn.display.theme == "agence" and _FOR_ME.search(turn.plain):  # not for one's son
        turn = turn.with_slots(detail_besoin=None, moins_26=None)
    commune = towns.current(turn, session)
    key = _asked_name(turn)
    if commune is None:
        need = services.need_name(turn.theme, turn.detail)
        asked = towns.ask(turn, session, texts.ASK_TOWN_FOR.format(need=need))
        asked.slots["rsa"] = turn.fact("rsa")
        if _CHANGE.search(turn.plain):
            asked.intro = f"{texts.CHANGE_REFERENT}\n{asked.intro}"
        return _remember(asked, turn, key)
    if not towns.is_covered(commune):
        outside = Answer(intro=towns.outside(commune), closing=texts.AFTER_ONE_RESULT)
        return _remember(outside, turn, key)
    if key and _names_a_body(key):
        return _remember(_body(turn, session, commune, key), turn, key)
    return _remember(_people(turn, session, commune), turn, key)


def _remember(reply: Answer, turn: Turn, key: str | None) -> Answer:
    """Keep the need, and the name asked for, until the town is known or others are wanted."""
    reply = services.remember(reply, turn)
    if key:
        reply.slots["detail_besoin"] = key
    return reply


def _asked_name(turn: Turn) -> str | None:
    """The known name of this message, or of the question under way.

    For who has lost contact, only a desk's: « mon référent ne répond plus » asks for no name.
    """
    key = turn.entities.get("dispositif") or turn.detail
    if key not in names.known_names():
        return None
    return None if turn.detail == LOST_CONTACT and not _names_a_body(key) else key


def _names_a_body(key: str) -> bool:
    """Whether the name is that of a desk; for an agency, others may follow people on RSA."""
    known = names.known_names()[key]
    is_a_desk = known["seul"] == "chercher" or known["theme"] != "agence"
    return bool(known["recherche"]) and is_a_desk and known.get("role") != "ali"


def _body(turn: Turn, session: Session, commune: Commune, key: str) -> Answer:
    """The body that the person named, or who to ask where the directory does not know it."""
    name = names.known_names()[key]["nom"]
    found = _unseen(names.find_named(key, turn, session, limit=SHOWN), turn)
    shown = found[: 1 if turn.intent != "plus" else SHOWN]
    of = french.of_place(towns.name_of(commune))
    if not shown:
        unknown = texts.BODY_NO_MORE if turn.intent == "plus" else texts.BODY_UNKNOWN
        reply = Answer(intro=unknown.format(name=name, of=of))
        return contacts.with_people(reply, turn, session, commune)
    results = records.tell(shown, turn, session)
    serves = any(_serves(record, commune) for record in results)
    intro = texts.BODY_FOUND if serves else texts.BODY_NEAR
    return Answer(
        intro=intro.format(name=name, of=of), results=results, closing=texts.AFTER_ONE_RESULT
    )


def _people(turn: Turn, session: Session, commune: Commune) -> Answer:
    each = PER_ROLE if turn.intent == "plus" else 1
    found = search.find_contacts(session, commune.code_insee, turn.today, _roles(turn), each)
    unseen = _unseen(records.nearest_followers(found), turn)
    people = records.tell(unseen, turn, session)
    if turn.intent == "plus":  # the agency of another town follows nobody here
        people = [each for each in people if _serves(each, commune) or each["role"] in ANYWHERE]
    if not people:
        return _no_more(commune)
    if _just_shown(people, turn):
        if not _asks_the_agency(turn):
            said = "\n".join([*_first_words(turn), texts.SAME_PEOPLE])
            return Answer(intro=said, slots={"affichage": turn.display.to_slot()})
        # « non, l'ALI »: it, or who decides it.
        people = [each for each in people if each["role"] in ("ali", "departement")] or people
    intro = texts.OTHER_PEOPLE if turn.intent == "plus" else _intro(turn, commune, people)
    reply = Answer(intro=intro, results=people[:SHOWN], slots={"rsa": turn.fact("rsa")})
    return _with_question(reply, turn, people)


def _no_more(commune: Commune) -> Answer:
    intro = texts.NO_MORE_PEOPLE.format(at=french.at_place(towns.name_of(commune)))
    return Answer(intro=intro, closing=texts.AFTER_CONTACTS)


def _serves(record: dict[str, Any], commune: Commune) -> bool:
    return bool(record["couvre_commune"]) or record["code_insee"] == commune.code_insee


def _just_shown(people: list[dict[str, Any]], turn: Turn) -> bool:
    """Whether the message asks again, in words, for those who stand above it."""
    asks_again = services.says_a_need(turn) and not turn.crisis
    return asks_again and {each["id"] for each in people[:SHOWN]} <= set(turn.display.results)


def _asks_the_agency(turn: Turn) -> bool:
    known = names.known_names().get(turn.entities.get("dispositif") or "", {})
    return known.get("role") == "ali"


def _unseen(found: list[Match], turn: Turn) -> list[Match]:
    """Without those already shown, when the person asks for others."""
    seen = turn.display.seen if turn.intent == "plus" else ()
    return [match for match in found if match.record.id not in seen]


def _with_said_facts(turn: Turn) -> Turn:
    """« mon agence RSA » says that the person receives it, unless they said the contrary.

    So does a question on the contract or the hours, just before.
    """
    detail = turn.slots.get("detail_besoin")
    of_a_contract = turn.display.theme == RSA and detail in contacts.OF_THE_CONTRACT
    if turn.fact("rsa") is None and (of_a_contract or _ON_RSA.search(turn.plain)):
        return turn.with_slots(rsa="oui")
    return turn


def _roles(turn: Turn) -> list[str]:
    """The roles to look for, what surely fits this person first."""
    # Without an agency for the town, the département itself says who follows people on RSA.
    agency = [] if turn.fact("rsa") == "non" else ["ali", "departement"]
    roles = agency if turn.fact("rsa") == "oui" else []
    if turn.fact("moins_26") == "oui":
        roles.append("mission_locale")
    if turn.fact("handicap") == "oui":
        roles.append("cap_emploi")
    roles += [role for role in agency if role not in roles]
    if turn.fact("moins_26") != "oui":
        roles.append("plie")
    roles += ["france_travail", "service_social"]
    if turn.fact("moins_26") in (None, "passe"):
        roles.append("mission_locale")
    return [*roles, "ccas", "france_services"]


def _intro(turn: Turn, commune: Commune, people: list[dict[str, object]]) -> str:
    at = french.at_place(towns.name_of(commune))
    roles = {record["role"] for record in people}
    lines = _first_words(turn)
    if turn.fact("rsa") != "non" and "ali" not in roles:
        lines.append(texts.NOBODY_COVERS.format(at=at))
    if turn.fact("moins_26") == "oui" and "mission_locale" not in roles:
        lines.append(texts.NO_MISSION_LOCALE.format(at=at))
    about_referent = turn.detail in ABOUT_REFERENT
    template = texts.WHO_CAN_HELP_REFERENT if about_referent else texts.WHO_CAN_HELP
    return "\n".join([*lines, template.format(at=at)])


def _first_words(turn: Turn) -> list[str]:
    """What the words of the message ask to be told first."""
    lines = []
    if turn.detail == LOST_CONTACT:  # « elle me répond jamais » is not the person's doing
        silent = _SILENT.search(turn.plain)
        lines = [texts.NO_ANSWER if silent else texts.BACK_IN_TOUCH]
    if _CHANGE.search(turn.plain):
        lines = [texts.CHANGE_REFERENT]
    if contacts.asks_to_call(turn):
        lines.append(texts.CANNOT_CALL)
    return lines


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
