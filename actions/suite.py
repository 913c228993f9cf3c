"""What follows an answer: a town, a number, « plus », « pourquoi », yes, no, another town."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from actions import (
    accompagnement,
    contacts,
    evenements,
    feedback,
    french,
    info_rsa,
    joint,
    names,
    presentation,
    records,
    services,
    texts,
    towns,
    week,
)
from actions.conversation import NOT_UNDERSTOOD, Answer, Choice, Turn, split_need
from actions.directory import search
from actions.directory.text import simplify

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
    names.NAME: names.explain_name,
    contacts.NEAR_SUBJECT: contacts.near_subject,
}
ABOUT_THE_NUMBER = (*NOT_UNDERSTOOD, "passer", "affirmer", "nier", "plainte", "repondre")
NO_ANSWER_WORDS = ("repond", "decroch", "occupe", "sonne", "satur", "injoignable", "raccroch")
UNSURE = 0.7  # confidence under which « out of scope » yields to a town in the message
WORDS_OF_A_TOWN = 4  # a longer answer to « Dans quelle ville ? » is about something else
SHOW_WORDS = frozenset({"montre", "montrez", "montrer", "voir", "vas", "allez", "vasy"})
THIS_ONE = frozenset({"celui", "celle", "ceux", "celles", "ca", "cela"})
ABOUT_ONESELF = ("info_rsa", "agence")  # needs whose follow-up questions only a person can answer
FACT_QUESTIONS = ("rsa", "moins_26")
COMPARED_FIELDS = ("date", "frais", "distance", "acces")  # asked of all the results at once


def need(turn: Turn, session: Session) -> Answer:
    """Answer the need of this turn, or of the conversation; ask for it when there is none."""
    if turn.theme:
        return NEED_HANDLERS[turn.theme](turn, session)
    return menu(_ask_need(turn, session))


def _ask_need(turn: Turn, session: Session) -> str:
    at = _at_the_town(turn, session)
    return texts.ASK_NEED.format(at=at) if at else texts.ASK_NEED_ALONE


def _at_the_town(turn: Turn, session: Session) -> str:
    """« à Bondy »: the town of this turn, empty when it is unknown."""
    commune = towns.current(turn, session)
    return french.at_place(towns.name_of(commune)) if commune else ""


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
        "repondre": _answered,
        "affirmer": _yes,
        "nier": _no,
    }
    return handlers[turn.intent](turn, session)


def _answered(turn: Turn, session: Session) -> Answer:
    """A detail of what is asked, or one of the choices that combine several places."""
    together = joint.said(turn, session) or week.said(turn, session)
    return together or need(turn, session)


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
        meant = _town_among_choices(turn)
        if meant:
            return said(turn, meant, session)
        asked = towns.ask(turn, session)
        if turn.question == towns.AFTER_DISTRESS:
            asked.slots["question"] = towns.AFTER_DISTRESS
        return asked
    if turn.question == towns.AFTER_DISTRESS:
        return _promised_contact(turn, session)
    if turn.after_distress:
        return _offer_to_resume(turn, session)
    return need(turn, session)


def _town_among_choices(turn: Turn) -> str | None:
    """« dans le 93 », after « Laquelle ? »: the payload of the only choice that is there."""
    inside = f"({turn.entities.get('departement')})"
    there = [choice.payload for choice in turn.display.choices if choice.title.endswith(inside)]
    return there[0] if len(there) == 1 else None


def is_about_the_number(turn: Turn) -> bool:
    """Whether a message right after an emergency number asks for nothing else."""
    if _is_unanswered(turn):
        return True
    if turn.entities.get("sujet_proche") or turn.entities.get("dispositif"):
        return False
    misspelled_town = turn.question == towns.AFTER_DISTRESS and turn.intent in NOT_UNDERSTOOD
    return turn.intent in ABOUT_THE_NUMBER and not misspelled_town


def after_distress(turn: Turn) -> Answer:
    """Stay with the number just given, and do not start anything else."""
    return Answer(intro=texts.KEEP_CALLING if _is_unanswered(turn) else texts.STILL_HERE)


def _is_unanswered(turn: Turn) -> bool:
    words = simplify(turn.text)
    return any(word in words for word in NO_ANSWER_WORDS)


def _offer_to_resume(turn: Turn, session: Session) -> Answer:
    """A town said right after an emergency number: the search waits until it is wanted."""
    if not turn.theme:
        return Answer(intro=texts.STILL_HERE)
    name = services.need_name(turn.theme, turn.detail)
    at = _at_the_town(turn, session)
    return Answer(
        intro=texts.STILL_HERE_RESUME.format(need=name, at=at),
        choices=[Choice(texts.ALSO_CHOICE.format(need=name), f"/{turn.theme}")],
        slots={"question": "autre_theme", "autre_theme": turn.theme},
    )


def _promised_contact(turn: Turn, session: Session) -> Answer:
    """The contact promised with the emergency number, then the search that was under way."""
    reply = need(turn, session) if turn.theme else Answer()
    promised = contacts.urgent_people(turn, session)
    told = {record["id"] for record in promised}
    reply.results = [*promised, *(r for r in reply.results if r["id"] not in told)]
    if promised:
        reply.intro = texts.URGENT_CONTACT
    elif not turn.theme:
        reply.intro = texts.URGENT_NO_CONTACT.format(at=_at_the_town(turn, session))
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
        if feedback.is_asked(turn):
            return feedback.chosen(turn, session, number)
        return _record(turn, session, number)
    return said(turn, display.choices[number - len(display.results) - 1].payload, session)


def _repeat(turn: Turn, intro: str) -> Answer:
    """A sentence, while what was shown stays choosable."""
    return Answer(
        intro=intro, choices=turn.display.choices, slots={"affichage": turn.display.to_slot()}
    )


def _detail(turn: Turn, session: Session) -> Answer:
    display = turn.display
    if not display.results:
        return need(turn, session)
    number = _number_said(turn)
    if number is None and turn.entities.get("champ") in COMPARED_FIELDS:
        return _field_of_each(turn, session)
    if not 1 <= (number or 1) <= len(display.results):
        return _repeat(turn, texts.NO_SUCH_RESULT)
    return _record(turn, session, number or 1)


def _number_said(turn: Turn) -> int | None:
    """The number of the result meant: said in this message, or looked at just before."""
    display = turn.display
    if turn.entities.get("numero"):
        number = int(turn.entities["numero"])
        return len(display.results) if number == -1 else number
    if display.focus in display.results:
        return display.results.index(display.focus) + 1
    return 1 if len(display.results) == 1 else None


def _record(turn: Turn, session: Session, number: int) -> Answer:
    """One record again, whole; the field asked for is said unknown when it is."""
    chosen = turn.display.results[number - 1]
    told = records.tell(search.get_records(session, [chosen], turn.code_insee), turn, session)
    if not told:
        return _repeat(turn, texts.NO_LONGER_THERE)
    [record] = told
    field = turn.entities.get("champ")
    intro = "" if field or turn.intent != "detail" else texts.ALL_I_KNOW
    if field and not presentation.field(record, field):
        intro = texts.FIELD_UNKNOWN[field]
    return Answer(
        intro=intro,
        results=[record],
        whole=True,
        closing=texts.AFTER_ONE_RESULT,
        slots={"affichage": replace(turn.display, focus=chosen).to_slot()},
    )


def _field_of_each(turn: Turn, session: Session) -> Answer:
    """« c'est gratuit ? », « c'est loin ? »: one line for each result shown."""
    field = turn.entities["champ"]
    found = search.get_records(session, turn.display.results, turn.code_insee)
    told = records.tell(found, turn, session)
    values = [presentation.field(record, field) for record in told]
    if not any(values):
        return _repeat(turn, texts.FIELD_UNKNOWN_OF_ALL[field])
    lines = [
        texts.FIELD_OF_ONE.format(number=n, name=record["nom"], value=value or texts.NOT_KNOWN)
        for n, (record, value) in enumerate(zip(told, values, strict=True), start=1)
    ]
    closing = _nearest(turn, session) if field == "distance" else ""
    return replace(_repeat(turn, "\n".join(lines)), closing=closing)


def _nearest(turn: Turn, session: Session) -> str:
    """The nearest place for the need under way, whether it is among those shown or not."""
    commune = towns.current(turn, session)
    if commune is None or turn.theme not in services.THEMES:
        return ""
    match = services.nearest(turn, session, commune)
    if match is None:
        return ""
    [record] = records.tell([match], turn, session)
    return texts.NEAREST_OF_ALL.format(name=record["nom"])


def _more(turn: Turn, session: Session) -> Answer:
    if turn.theme in services.THEMES and not turn.entities.get("code_insee"):
        return services.more(turn, session)
    return need(turn, session)


def _why(turn: Turn, session: Session) -> Answer:
    ids = turn.display.results
    if not ids:
        return need(turn, session)
    number = _number_said(turn)
    if number is not None and 1 <= number <= len(ids):
        ids = ids[number - 1 : number]
    found = search.get_records(session, ids, turn.code_insee)
    asked = services.asked_of_places(turn)
    said = search.verdicts_of(session, ids, asked, services.publics(turn))
    lines = [texts.REASONS_INTRO]
    for record in records.tell(found, turn, session):
        why = dict.fromkeys([*record["raisons"], *said.get(record["id"], ())])
        reasons = french.listing(list(why)) or texts.NO_REASON
        lines.append(texts.REASONS.format(name=record["nom"], reasons=reasons))
        doubts = record["risque"]["raisons"] if record["risque"] else []
        if doubts:
            lines[-1] += f" {texts.NOT_SURE.format(doubts=french.listing(doubts))}"
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
    if asked == week.DETAIL:
        return week.answer(turn, session)
    if asked in towns.QUESTIONS:
        if turn.display.choices:
            reply = _repeat(turn, texts.ASK_WHICH_TOWN)
            reply.slots["question"] = asked
            return reply
        return towns.ask(turn, session)
    if len(turn.display.choices) == 1 and SHOW_WORDS & set(simplify(turn.text).split()):
        return said(turn, turn.display.choices[0].payload, session)
    return _repeat(turn, texts.NOTED) if turn.display.results else menu(texts.NOTED_YES)


def _no(turn: Turn, session: Session) -> Answer:
    asked = _asked(turn)
    if asked in FACT_QUESTIONS:
        return _fact(turn, asked, "non", session)
    if asked in towns.QUESTIONS:
        return menu(texts.TOWN_SKIPPED)
    if turn.theme in services.THEMES and services.unwanted(turn.text):  # « pas d'intérim »
        return services.answer(turn, session)
    reply = _repeat(turn, texts.NOTED) if "merci" in turn.text.lower() else menu(texts.NOTED_NO)
    words = simplify(turn.text).split()
    if len(words) > 2 and THIS_ONE.isdisjoint(words):  # « pas une crèche »: the need is given up
        reply.slots.update(theme=None, detail_besoin=None)
    return reply


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


def beside(turn: Turn, session: Session) -> Answer | None:
    """A name, a near subject or a child that the message holds, whatever else it says."""
    if turn.entities.get("sujet_proche"):
        return contacts.near_subject(turn, session)
    if turn.entities.get("dispositif") in names.known_names():
        return names.explain_name(turn, session)
    if services.is_another_child(turn):
        return services.answer(replace(turn, intent=services.CHILDCARE), session)
    return None


def out_of_scope(turn: Turn, session: Session) -> Answer:
    """A subject that is not ours: who handles it, when we know; the menu otherwise."""
    known = beside(turn, session)
    if known:
        return known
    if turn.misunderstood >= 2:
        return with_menu_and_people(turn, session, texts.OUT_OF_SCOPE_AGAIN)
    if turn.question in towns.QUESTIONS and _may_be_a_town(turn.text):
        return not_understood(turn, session)
    if turn.theme and turn.entities.get("code_insee") and turn.confidence < UNSURE:
        return _town(turn, session)  # « j'ai dit Aubervilliers »
    if turn.slots.get("theme") in ABOUT_ONESELF:
        return _beyond_me(turn, session)
    return menu(texts.OUT_OF_SCOPE)


def _may_be_a_town(text: str) -> bool:
    words = text.casefold().split()
    return len(words) <= WORDS_OF_A_TOWN and "?" not in text and words[:1] not in (["et"], ["mais"])


def _beyond_me(turn: Turn, session: Session) -> Answer:
    """A question about one's own case that no rule answers: who can."""
    reply = Answer(intro=f"{texts.BEYOND_ME}\n{texts.RSA_WHO}", slots={"question": turn.question})
    commune = towns.current(turn, session)
    if commune is None:
        reply.closing = texts.RSA_ASK_TOWN
        reply.slots["question"] = towns.QUESTION
        return reply
    return contacts.with_people(reply, turn, session, commune)


def not_understood(turn: Turn, session: Session) -> Answer:
    """A short useful answer; after two in a row, the menu and someone to talk to."""
    hesitation = turn.entities.get("hesitation")
    if hesitation:
        first, second = hesitation[:2]
        names = [services.need_name(*split_need(intent)) for intent in (first, second)]
        intro = texts.HESITATION.format(first=names[0], second=names[1])
        choices = [Choice(names[0], f"/{first}"), Choice(names[1], f"/{second}")]
        return Answer(intro=_capitalised(intro), choices=choices)
    known = beside(turn, session)
    if known:
        return known
    if turn.misunderstood >= 2:
        return with_menu_and_people(turn, session, texts.NOT_UNDERSTOOD_AGAIN)
    if turn.question in towns.QUESTIONS and (_may_be_a_town(turn.text) or not turn.theme):
        return Answer(intro=texts.TOWN_NOT_RECOGNISED, slots={"question": turn.question})
    if turn.entities.get("communes_possibles") or turn.entities.get("code_insee"):
        return _town(turn, session)
    if turn.slots.get("theme") in ABOUT_ONESELF:
        return _beyond_me(turn, session)
    if turn.display.results:
        return _repeat(turn, texts.NOT_UNDERSTOOD_OF_RESULTS)
    return Answer(intro=texts.NOT_UNDERSTOOD) if turn.theme else menu(texts.NOT_UNDERSTOOD)


def with_menu_and_people(turn: Turn, session: Session, intro: str) -> Answer:
    """The menu, and a human contact of the town when it is known."""
    reply = menu(intro)
    commune = towns.current(turn, session)
    if commune is None:
        reply.closing = texts.NO_TOWN_CONTACT
        return reply
    return contacts.with_people(reply, turn, session, commune)


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
