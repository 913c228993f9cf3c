"""The custom actions that Rasa calls: each reads the conversation, decides, answers, remembers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from itertools import takewhile
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session, sessionmaker

from actions import (
    accompagnement,
    by_words,
    contacts,
    crisis,
    evenements,
    feedback,
    info_rsa,
    names,
    presentation,
    services,
    shown,
    suite,
    texts,
)
from actions.context import in_context, likeliest
from actions.conversation import NOT_UNDERSTOOD, Answer, Display, Turn
from actions.directory.hours import PARIS
from actions.directory.text import simplify, word_set

logger = logging.getLogger(__name__)

MAX_SEEN = 60  # records remembered as already shown in one conversation

AROUND_A_NAME = word_set("non nan pardon plutot dsl euh c est")
PRESENTING_RESPONSES = (
    "utter_presentation",
    "utter_bienvenue",
    "utter_aide_bot",
    "utter_machine",
)

# Probabilities from which what else a doubtful cry may ask is answered: more is needed where the
# social service can help with the cry.
NOTHING_ASKED = ("nlu_fallback", "pourquoi", "reformuler", "passer", "stop", "au_revoir")
LIKELY_BUT_SHORT = "court"  # the entity `doute`: what follows is still read as after a cry
OF_WHAT_IS_SHOWN = ("detail", "repondre", "plus")  # intents
LIKELY_INSTEAD, LIKELY_INSTEAD_OF_HELP = 0.15, 0.4

Handler = Callable[[Turn, Session], Answer | None]


HANDLERS: dict[str, Handler] = {
    "action_services": suite.need,
    "action_accompagnement": accompagnement.answer,
    "action_evenements": evenements.answer,
    "action_info_rsa": info_rsa.answer,
    "action_contact": contacts.answer,
    "action_dispositif": suite.out_of_scope,
    "action_hors_sujet": suite.out_of_scope,
    "action_suite": suite.answer,
    "action_recommencer": suite.restart,
    "action_incompris": suite.not_understood,
    "action_contact_urgence": crisis.urgent,
}


def read_turn(tracker: Tracker) -> Turn:
    """The turn under way, from Rasa's tracker; a choice typed in words counts as picked."""
    message = tracker.latest_message
    said = (event for event in reversed(tracker.events) if event["event"] == "user")
    intents = [event["parse_data"]["intent"] for event in said]
    intent = message.get("intent", {})
    entities: dict[str, Any] = {}
    for entity in message.get("entities", []):
        entities.setdefault(entity["entity"], entity["value"])
    return Turn(
        intent=intent.get("name") or "nlu_fallback",
        confidence=float(intent.get("confidence") or 0),
        entities=entities,
        text=message.get("text") or "",
        slots=tracker.slots,
        now=datetime.now(PARIS),
        misunderstood=_misunderstood(intents),
        crisis=crisis.situation(tracker.slots, intents[1:]),
        sender=tracker.sender_id,
        likely={each["name"]: each["confidence"] for each in message.get("intent_ranking", [])},
        report=(message.get("metadata") or {}).get("signalement"),
    )


def _misunderstood(intents: list[dict[str, Any]]) -> int:
    names = (intent.get("name") or "nlu_fallback" for intent in intents)
    return sum(1 for _ in takewhile(NOT_UNDERSTOOD.__contains__, names))


def _presented(tracker: Tracker) -> bool:
    """Whether we said, in this session, that the person talks to a machine.

    The web page says it as it opens.
    """
    if tracker.get_latest_input_channel() == "web":
        return True
    return _uttered(tracker, PRESENTING_RESPONSES)


def _uttered(tracker: Tracker, responses: tuple[str, ...]) -> bool:
    """Whether the bot has said one of these responses of its domain."""
    return any(
        event["event"] == "bot" and event["metadata"].get("utter_action") in responses
        for event in tracker.events
    )


def picked_by_words(turn: Turn) -> str | None:
    """The payload of the choice whose words the person typed, if any.

    Of two towns, the words that only one has are enough: « sous bois ».
    """
    said = turn.plain
    for choice in turn.display.choices:
        if simplify(choice.title) == said:
            return choice.payload
    if not said or not turn.awaits_town:
        return None
    words = set(said.split()) - AROUND_A_NAME
    if not words:
        return None
    meant = [c.payload for c in turn.display.choices if words <= set(simplify(c.title).split())]
    return meant[0] if len(meant) == 1 else None


def render(reply: Answer, turn: Turn) -> dict[str, Any]:
    """One text without blank lines, its buttons, and the structured `custom` beside them."""
    lines = [reply.intro]
    alone = len(reply.results) == 1
    for number, record in enumerate(reply.results, start=1):
        lines.extend(presentation.lines(record, None if alone else number, reply.whole))
    lines.append(reply.closing)
    return {
        "text": "\n".join(line for line in "\n".join(lines).splitlines() if line.strip()),
        "buttons": [{"title": choice.title, "payload": choice.payload} for choice in reply.choices],
        "json_message": {
            "intro": reply.intro,
            "results": list(reply.results),
            "suite": reply.closing,
            **reply.extra,
            "explication": {
                "intent": turn.intent,
                "confidence": round(turn.confidence, 3),
                "theme": turn.theme,
                "commune": turn.slots.get("commune"),
                "code_insee": turn.code_insee,
            },
        },
    }


def remember(reply: Answer, turn: Turn) -> list[dict[str, Any]]:
    """The events that keep what the next turn needs: what was shown, and what was asked."""
    shown = tuple(record["id"] for record in reply.results)
    earlier = turn.display.seen if reply.further or turn.intent == "plus" else ()
    theme = reply.slots.get("theme", turn.slots.get("theme"))
    display = Display(
        shown,
        tuple(reply.choices),
        (*earlier, *shown)[-MAX_SEEN:],
        theme=theme,
        conditions=reply.conditions,
        trade=reply.trade,
        people=all(record.get("role") for record in reply.results),
    )
    slots = {"affichage": display.to_slot(), "question": None, **reply.slots}
    if turn.crisis and crisis.is_another_need(turn):
        slots["detresse"] = False
    return [SlotSet(name, value) for name, value in slots.items()]


def _decide(name: str, turn: Turn, session: Session) -> tuple[Answer | None, Turn]:
    """What this action answers, and the turn as it was meant."""
    if turn.report:
        return feedback.pointed(turn, turn.report, session), turn
    payload = picked_by_words(turn)
    if payload:  # what else its words could mean does not count
        turn = turn.with_slots(theme=turn.display.theme)
        picked = suite.said(turn, payload, session)
        picked.slots.setdefault("theme", turn.display.theme)
        return picked, turn
    explains = turn.entities.get("explique") or names.is_asked_about(turn)
    if explains and not info_rsa.asks_for_caf(turn):
        return names.explain_name(turn, session), turn
    if name == "action_contact_urgence":
        doubtful = _in_doubt(turn, session) if "doute" in turn.entities else None
        return doubtful or HANDLERS[name](turn, session), turn
    private = by_words.tells_nobody(turn, session)
    if private:
        return private, turn
    meant = in_context(turn)
    if meant is turn:
        return by_words.said(turn, session) or HANDLERS[name](turn, session), turn
    reply = _after_an_answer(meant, session)
    if reply is None:
        return HANDLERS[name](turn, session), turn
    reply.slots.setdefault("theme", meant.theme)
    services.offer_instead(reply, turn)
    return reply, meant


def _after_an_answer(meant: Turn, session: Session) -> Answer | None:
    """What was learnt as such is answered as such; else what words say comes first."""
    act = suite.ACTS.get(meant.intent)
    if act:
        told = feedback.said(meant, session) or by_words.scam(meant, session)
        return told or act(meant, session)
    return by_words.said(meant, session) or suite.follow(meant, session)


def _in_doubt(turn: Turn, session: Session) -> Answer | None:
    """After the number, when a message may be no cry: what else it is likely to ask."""
    intent, probability = likeliest(turn, but=NOTHING_ASKED)
    social = turn.entities.get("situation") in crisis.SOCIAL_SITUATIONS
    least = LIKELY_INSTEAD_OF_HELP if social else LIKELY_INSTEAD
    # Of what is usual there, little is much.
    follows = intent in OF_WHAT_IS_SHOWN and turn.display.results
    if not follows and probability < least:
        return None
    turn = turn.as_said(intent, turn.entities)
    reply = by_words.said(turn, session) or suite.follow(turn, session)
    if reply is None and social:  # who can help comes with the number
        return None
    reply = reply or shown.repeat(turn, "")
    if not turn.crisis and turn.entities["doute"] != LIKELY_BUT_SHORT:
        reply.slots["detresse"] = False
    return reply


def answer(
    name: str, tracker: Tracker, sessions: sessionmaker[Session]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Run one action: the messages to send, and the events for the tracker."""
    turn = read_turn(tracker)
    with sessions() as session:
        reply, meant = _decide(name, turn, session)
    if reply is None:
        return [], []
    explained = names.explanation(turn)
    if explained and explained not in reply.intro:
        reply.intro = f"{explained}\n{reply.intro}"
    of_something_else = turn.crisis and reply.machine != crisis.BRIEFLY and reply.intro
    if of_something_else and name != "action_contact_urgence":
        call = texts.CALL.get(turn.crisis or "", texts.CALL_SHOWN)
        reply.intro = f"{texts.STILL_THERE.format(call=call)}\n{reply.intro}"
        reply.machine = crisis.BRIEFLY
    former = turn.entities.get("ancienne_commune")
    is_weary = name != "action_contact_urgence" and contacts.WEARY.search(turn.plain)
    if is_weary and turn.theme in services.OFFERED and not turn.crisis:
        reply.intro = f"{texts.HARD}\n{reply.intro}"
    if former and reply.results:
        told_of = texts.FORMER_TOWN.format(former=former, town=turn.entities["commune"])
        reply.intro = f"{told_of}\n{reply.intro}"
    again = shown.is_told_again(reply, meant)
    reply.further |= again
    said = shown.briefly(reply) if again else reply
    told = {"response": said.response} if said.response else render(said, meant)
    # Nothing to add where the bot itself has said all there is to say.
    messages = [told] if reply.response or told["text"] else []
    events = remember(reply, meant)
    about_us = []
    if turn.entities.get("langue", "fr") != "fr" and not _uttered(tracker, ("utter_langue",)):
        about_us.append({"response": "utter_langue"})
    if (
        name != "action_contact_urgence"
        and not _presented(tracker)
        and reply.response != suite.ABOUT_THE_BOT
    ):
        about_us.append({"response": reply.machine})
    urgent = reply.machine == crisis.BRIEFLY or name == "action_contact_urgence"
    messages = [*messages, *about_us] if urgent else [*about_us, *messages]
    return messages, events


def register(sessions: sessionmaker[Session]) -> dict[str, Callable[..., Any]]:
    """Rasa's functions by name, each answering from this directory."""

    def action(name: str) -> Callable[..., Any]:
        async def run(
            dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
        ) -> list[dict[str, Any]]:
            messages, events = await asyncio.to_thread(answer, name, tracker, sessions)
            for message in messages:
                dispatcher.utter_message(**message)
            return events

        return run

    return {name: action(name) for name in HANDLERS}
