"""What follows an answer: a town, a number, « plus », « pourquoi », yes, no, another town."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from actions import (
    accompagnement,
    contacts,
    evenements,
    french,
    info_rsa,
    records,
    services,
    texts,
    towns,
)
from actions.conversation import Answer, Choice, Turn, split_need
from actions.directory import search

Handler = Callable[[Turn, Session], Answer]

NEED_HANDLERS: Mapping[str, Handler] = {
    "garde_enfants": services.answer,
    "francais": services.answer,
    "numerique": services.answer,
    "formation": services.answer,
    "offre_partenaire": services.answer,
    "agence": accompagnement.answer,
    "evenement": evenements.answer,
    "info_rsa": info_rsa.answer,
    "humain": contacts.answer,
}
FACT_QUESTIONS = ("rsa", "moins_26")
FIELD_KEYS = {"date": "date_maj"}  # where the entity `champ` has another name


def need(turn: Turn, session: Session) -> Answer:
    """Answer the need of this turn, or of the conversation; ask for it when there is none."""
    if turn.theme:
        return NEED_HANDLERS[turn.theme](turn, session)
    return menu(_ask_need(turn, session))


def _ask_need(turn: Turn, session: Session) -> str:
    commune = towns.current(turn, session)
    if commune is None:
        return texts.ASK_NEED_ALONE
    return texts.ASK_NEED.format(at=french.at_place(towns.name_of(commune)))


def menu(intro: str) -> Answer:
    """A sentence and the needs as choices."""
    return Answer(intro=intro, choices=[Choice(*choice) for choice in texts.MENU])


def answer(turn: Turn, session: Session) -> Answer:
    """Answer a message that only makes sense after another."""
    handlers: Mapping[str, Handler] = {
        "donner_commune": _town,
        "autre_ville": _another_town,
        "choisir": _choose,
        "plus": _more,
        "detail": _detail,
        "pourquoi": _why,
        "passer": _skip,
        "repondre": need,
        "affirmer": _yes,
        "nier": _no,
    }
    return handlers[turn.intent](turn, session)


def said(turn: Turn, payload: str, session: Session) -> Answer:
    """Answer as if the person had sent this payload (`/intent{"entity": "value"}`)."""
    intent, brace, body = payload.removeprefix("/").partition("{")
    entities: dict[str, Any] = json.loads(brace + body) if brace else {}
    turn = turn.as_said(intent, entities)
    slots = {name: value for name, value in entities.items() if name in turn.slots}
    wanted, _ = split_need(intent)
    reply = need(turn, session) if wanted else answer(turn, session)
    reply.slots = {**slots, **reply.slots}
    return reply


def _town(turn: Turn, session: Session) -> Answer:
    if towns.current(turn, session) is None:
        asked = towns.ask(turn, session)
        if turn.question == towns.AFTER_DISTRESS:
            asked.slots["question"] = towns.AFTER_DISTRESS
        return asked
    if turn.question == towns.AFTER_DISTRESS:
        return _after_distress(turn, session)
    return need(turn, session)


def _after_distress(turn: Turn, session: Session) -> Answer:
    """The contact promised with the emergency number, then the search that was under way."""
    reply = need(turn, session) if turn.theme else Answer()
    promised = contacts.urgent_people(turn, session)
    told = {record["id"] for record in promised}
    reply.results = [*promised, *(r for r in reply.results if r["id"] not in told)]
    if promised:
        reply.intro = texts.URGENT_CONTACT
    return reply


def _another_town(turn: Turn, session: Session) -> Answer:
    reply = towns.ask(turn, session, texts.ANOTHER_TOWN)
    reply.slots.update(code_insee=None, commune=None)
    return reply


def _choose(turn: Turn, session: Session) -> Answer:
    """« le 2 » counts through the results, then through the choices shown after them."""
    display = turn.display
    options = len(display.results) + len(display.choices)
    number = int(turn.entities.get("numero", 0))
    if number == -1:
        number = len(display.results) or options
    if not options:
        return menu(texts.NOTHING_SHOWN)
    if not 1 <= number <= options:
        return _repeat(turn, texts.NO_SUCH_RESULT)
    if number <= len(display.results):
        return _record(turn, session, number)
    return said(turn, display.choices[number - len(display.results) - 1].payload, session)


def _repeat(turn: Turn, intro: str) -> Answer:
    """A sentence, while what was shown stays choosable."""
    return Answer(
        intro=intro, choices=turn.display.choices, slots={"affichage": turn.display.to_slot()}
    )


def _detail(turn: Turn, session: Session) -> Answer:
    if not turn.display.results:
        return need(turn, session)
    number = int(turn.entities.get("numero") or 1)
    if number == -1:
        number = len(turn.display.results)
    if not 1 <= number <= len(turn.display.results):
        return _repeat(turn, texts.NO_SUCH_RESULT)
    return _record(turn, session, number)


def _record(turn: Turn, session: Session, number: int) -> Answer:
    """One record again, whole; the field asked for is said unknown when it is."""
    found = search.get_records(session, [turn.display.results[number - 1]], turn.code_insee)
    if not found:
        return _repeat(turn, texts.NO_SUCH_RESULT)
    [record] = records.tell(found, turn, session)
    field = turn.entities.get("champ", "")
    unknown = field in texts.FIELD_UNKNOWN and not record[FIELD_KEYS.get(field, field)]
    return Answer(
        intro=texts.FIELD_UNKNOWN[field] if unknown else "",
        results=[record],
        whole=True,
        closing=texts.AFTER_ONE_RESULT,
        slots={"affichage": turn.display.to_slot()},
    )


def _more(turn: Turn, session: Session) -> Answer:
    if turn.theme in services.THEMES:
        return services.more(turn, session)
    return need(turn, session)


def _why(turn: Turn, session: Session) -> Answer:
    ids = turn.display.results
    if not ids:
        return need(turn, session)
    found = search.get_records(session, list(ids), turn.code_insee)
    lines = [texts.REASONS_INTRO]
    for record in records.tell(found, turn, session):
        reasons = french.listing(record["raisons"]) or texts.NO_REASON
        lines.append(texts.REASONS.format(name=record["nom"], reasons=reasons))
    return Answer(intro="\n".join(lines), slots={"affichage": turn.display.to_slot()})


def _skip(turn: Turn, session: Session) -> Answer:
    if turn.question in FACT_QUESTIONS:
        return _fact(turn, turn.question, "passe", session)
    if turn.question in towns.QUESTIONS:
        return menu(texts.TOWN_SKIPPED)
    return menu(texts.ASK_NEED_ALONE)


def _yes(turn: Turn, session: Session) -> Answer:
    asked = _asked(turn)
    if asked in FACT_QUESTIONS:
        return _fact(turn, asked, "oui", session)
    if asked == "autre_theme":
        return said(turn, f"/{turn.slots['autre_theme']}", session)
    if asked in towns.QUESTIONS:
        return towns.ask(turn, session)
    return Answer(intro=texts.STILL_HERE) if turn.after_distress else menu(texts.NOTED_YES)


def _no(turn: Turn, session: Session) -> Answer:
    if turn.entities.get("code_insee"):  # « non, plutôt Romainville »
        return _town(turn, session)
    asked = _asked(turn)
    if asked in FACT_QUESTIONS:
        return _fact(turn, asked, "non", session)
    if asked in towns.QUESTIONS:
        return menu(texts.TOWN_SKIPPED)
    return Answer(intro=texts.STILL_HERE) if turn.after_distress else menu(texts.NOTED_NO)


def _asked(turn: Turn) -> str:
    """The question answered: the one its button names, else the last one."""
    return next((name for name in FACT_QUESTIONS if name in turn.entities), turn.question or "")


def _fact(turn: Turn, name: str, value: str, session: Session) -> Answer:
    reply = need(turn.with_slots(**{name: value, "question": None}), session)
    reply.slots.setdefault(name, value)
    return reply


def restart(turn: Turn, session: Session) -> Answer:
    """Forget the need, the town and the facts, and offer the menu."""
    reply = menu(texts.RESTARTED)
    forgotten = ("theme", "detail_besoin", "code_insee", "commune", "rsa", "moins_26", "handicap")
    reply.slots = dict.fromkeys(forgotten)
    return reply


def not_understood(turn: Turn, session: Session) -> Answer:
    """A short useful answer; after two in a row, the menu and someone to talk to."""
    if turn.entities.get("sujet_proche"):
        return contacts.out_of_scope(turn, session)
    hesitation = turn.entities.get("hesitation")
    if hesitation:
        first, second = hesitation[:2]
        names = [services.need_name(*split_need(intent)) for intent in (first, second)]
        intro = texts.HESITATION.format(first=names[0], second=names[1])
        choices = [Choice(names[0], f"/{first}"), Choice(names[1], f"/{second}")]
        return Answer(intro=_capitalised(intro), choices=choices)
    if turn.misunderstood >= 2:
        return with_menu_and_people(turn, session)
    if turn.question in towns.QUESTIONS:
        return Answer(intro=texts.TOWN_NOT_RECOGNISED, slots={"question": towns.QUESTION})
    if turn.entities.get("communes_possibles") or turn.entities.get("code_insee"):
        return _town(turn, session)
    return Answer(intro=texts.NOT_UNDERSTOOD)


def with_menu_and_people(turn: Turn, session: Session) -> Answer:
    """The menu, and a human contact of the town when it is known."""
    reply = menu(texts.NOT_UNDERSTOOD_AGAIN)
    commune = towns.current(turn, session)
    if commune is None:
        reply.closing = texts.NO_TOWN_CONTACT
        return reply
    return contacts.with_people(reply, turn, session, commune)


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
