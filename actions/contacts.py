"""People to talk to: the human contact that ends every dead end, and near subjects."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from actions import french, records, texts, towns
from actions.conversation import RSA, Answer, Turn
from actions.directory import search
from actions.directory.models import Commune
from actions.directory.search import trades

_CALL = re.compile(
    r"\brappele\w*|\b(?:me|m|nous) rapp?el\w*"
    r"|\b(?:appele[rz]?|telephone[rz]?) (?:moi|nous)\b|\bcall me\b"
    r"|\bqu(?:e|el)?(?:qu un| on)? (?:me|m|nous) (?:r?appelle|contacte)\b"
    r"|\b(?:pouvez|peux|pourriez|peut) (?:vous |tu )?(?:\w+ )?"
    r"(?:prevenir|appeler|contacter|leur dire|lui dire|transmettre|joindre)\b"
)
WEARY = re.compile(
    r"\b(?:en|n en|j?en) peu[xt]? plus\b|\b(?:epuise\w*|a bout|j en ai marre|decourag\w*)\b"
    r"|\b(?:ser[st]? a rien|baisser? les bras|perds? (?:le moral|espoir|courage))\b"
)
_PSYCHOLOGIST = re.compile(r"\bpsy(?:s|\w*log\w*|chiatr\w*)?\b")
_TALK = re.compile(r"\bparle\w*\b")
OF_THE_FILE = ("situation", "droits", "demande", "inscription", "paiement")  # what the CAF answers
OF_THE_CONTRACT = ("contrat", "activites", "heures_reduites", "sanction")  # what one signed
CAF_DESKS = ("france_services", "service_social", "ccas")  # who helps with what the CAF asks
OF_MATERIAL_HELP = ("offre_partenaire", "aide_materielle")  # need, and its finer part
MATERIAL_HELPERS = ("service_social", "ccas")  # who gives or finds it
NEAR_SUBJECT = "sujet_proche"  # what the slot `theme` holds after such a question


def answer(turn: Turn, session: Session) -> Answer:
    """Someone wants a person, is lonely, or is angry: name who can answer, near them."""
    intro = texts.TALK_TO
    if turn.intent == "plainte":
        intro = texts.COMPLAINT
    elif _is_low(turn) and not _only_talks(turn):
        intro = texts.LISTENING
    elif asks_to_call(turn):
        intro = f"{texts.CANNOT_CALL}\n{texts.TALK_TO}"
    if _PSYCHOLOGIST.search(turn.plain):
        intro = f"{texts.NO_PSYCHOLOGIST}\n{intro}"
    return people_or_town(turn, session, intro)


def _is_low(turn: Turn) -> bool:
    """« j'en peux plus », « besoin de parler », or a wish to talk after dark thoughts denied."""
    denied = turn.slots.get("situation") == "suicide" and turn.slots.get("detresse") is False
    return denied or turn.intent == "humain_ecoute" or WEARY.search(turn.plain) is not None


def _only_talks(turn: Turn) -> bool:
    """« je veux juste parler à quelqu'un », after who to talk to: no more than a contact."""
    return turn.display.theme == "humain" and says_talk(turn)


def says_talk(turn: Turn) -> bool:
    """« juste parler »."""
    return _TALK.search(turn.plain) is not None


def asks_to_call(turn: Turn) -> bool:
    """« rappelez-moi », « vous pouvez prévenir ma référente ? »: what a machine cannot do."""
    return _CALL.search(turn.plain) is not None


def people_or_town(turn: Turn, session: Session, intro: str) -> Answer:
    """A sentence, then who can answer near the person, or the question of their town."""
    commune = towns.current(turn, session)
    if commune is None:
        asked = towns.ask(turn, session, texts.TALK_TO_ASK_TOWN)
        first = intro.removesuffix(texts.TALK_TO)
        asked.intro = f"{first.rstrip()}\n{asked.intro}" if first else asked.intro
        asked.slots["theme"] = "humain"
        return asked
    reply = with_people(Answer(intro=intro), turn, session, commune)
    reply.slots["theme"] = turn.theme or "humain"
    return reply


def with_people(reply: Answer, turn: Turn, session: Session, commune: Commune) -> Answer:
    """Add to an answer the people of this commune who can help, or who to ask in person."""
    if not towns.is_covered(commune):
        reply.closing = f"{towns.outside(commune)}\n{texts.AFTER_ONE_RESULT}"
        return reply
    reply.results = records.people(turn, session, commune, roles(turn), limit=2)
    named = {record.get("role") for record in reply.results}
    if (turn.theme, turn.detail) == OF_MATERIAL_HELP and named.isdisjoint(MATERIAL_HELPERS):
        reply.closing = texts.MATERIAL_HELP
    elif not reply.results:
        reply.closing = texts.NO_CONTACT.format(at=french.at_place(towns.name_of(commune)))
    if reply.results and not reply.intro.endswith(":"):
        reply.intro = f"{reply.intro}\n{texts.WHO_TO_ASK}"
    return reply


def roles(turn: Turn) -> list[str]:
    """Whom to ask: who knows of this need, or of the file of the RSA; then who follows people."""
    if (turn.theme, turn.detail) == OF_MATERIAL_HELP:
        return [*MATERIAL_HELPERS, "france_services"]
    first = [] if turn.fact("rsa") == "non" else ["ali"]
    if turn.theme == RSA and turn.detail in OF_THE_FILE:
        helpers = [role for fact, role in records.HELPERS.items() if turn.fact(fact) == "oui"]
        first = [*helpers, *CAF_DESKS]
    elif turn.theme == RSA:
        first += ["service_social", "departement"]
    elif turn.theme in trades.THEMES:  # France Travail knows of them
        first.append("france_travail")
    return list(dict.fromkeys([*first, *records.HUMAN_ROLES]))


def rule(detail: str | None) -> texts.Rule:
    """What may be said of the RSA for this finer part of it."""
    return texts.RSA_RULES.get(detail) or texts.RSA_RULES[None]


def ask_town(reply: Answer, turn: Turn) -> None:
    """End an answer on the question of the town, to say whom to contact there; asked once."""
    reply.slots["question"] = towns.QUESTION
    if not turn.awaits_town:
        reply.closing = texts.RSA_ASK_TOWN


def beyond_me(turn: Turn, session: Session, said: str = "") -> Answer:
    """A question about one's own case that no rule answers: who can."""
    who = rule(turn.detail if turn.theme == RSA else None).who
    unknown = f"{texts.BEYOND_ME}\n{who}"
    reply = Answer(intro=said or unknown, slots={"question": turn.question})
    commune = towns.current(turn, session)
    if commune is None:
        ask_town(reply, turn)
        return reply
    return with_people(reply, turn, session, commune)


def near_subject(turn: Turn, session: Session) -> Answer:
    """A subject beside ours: who handles it, by name where the directory knows."""
    subject = turn.entities.get("sujet_proche") or turn.detail or ""
    counter = texts.NEAR_SUBJECTS[subject]
    just_told = turn.display.theme == NEAR_SUBJECT and turn.slots.get("detail_besoin") == subject
    said = texts.NEAR_AGAIN if just_told and turn.intent != "donner_commune" else counter.text
    reply = Answer(intro=said, slots={"theme": NEAR_SUBJECT, "detail_besoin": subject})
    commune = towns.current(turn, session)
    if commune is None:
        ask_town(reply, turn)
    elif towns.is_covered(commune):
        named = (
            search.search_by_name(session, counter.names, commune.code_insee, limit=1)
            if counter.names
            else []
        )
        reply.results = records.tell(named, turn, session) + records.people(
            turn, session, commune, counter.roles, limit=1
        )
        if not reply.results:
            return with_people(reply, turn, session, commune)
    return reply
