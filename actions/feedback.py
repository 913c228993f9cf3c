"""« C'est fermé », « mauvaise adresse », « ça existe plus »: a report on what was just shown.

Recognised by words, whatever the intent, when places were shown just before. One report alone is
only queued for staff; two independent ones (two conversations) lower the trust in the place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from actions import contacts, texts, towns
from actions.conversation import Answer, Choice, Turn, split_need
from actions.directory import followup, search
from actions.directory.followup import journal
from actions.directory.schemas import Match
from actions.directory.text import simplify, stems
from actions.directory.words import MONTHS

QUESTION = "signalement"  # begins the slot `question` while we wait for which place is wrong
CLOSED, GONE, ADDRESS, PHONE, HOURS, OTHER = (
    "ferme",
    "disparu",
    "adresse",
    "telephone",
    "horaires",
    "autre",
)

# On the message in lower case, without accents nor signs. The first that matches counts.
_PHONE = r"(?:numero|telephone|tel)"
REASONS: Sequence[tuple[str, re.Pattern[str]]] = (
    (
        PHONE,
        re.compile(
            rf"\b(?:faux|mauvais) {_PHONE}\b"
            rf"|\b{_PHONE}\b.*\b(?:faux|mauvais|errone|marche (?:pas|plus)"
            rf"|(?:pas|plus) attribue|est pas bon|est pas le bon)\b|\bpas le bon {_PHONE}\b"
        ),
    ),
    (
        HOURS,
        re.compile(
            r"\b(?:faux|mauvais) horaires?\b|\bpas les bons horaires\b"
            r"|\bhoraires?\b.*\b(?:faux|mauvais|pas bons?|ont change|pas a jour)\b"
        ),
    ),
    (
        ADDRESS,
        re.compile(
            r"\b(?:fausse|mauvaise) adresse\b|\bpas (?:la bonne|a cette) adresse\b"
            r"|\badresse\b.*\b(?:fausse|mauvaise|pas bonne|pas la bonne|plus bonne"
            r"|existe (?:pas|plus))\b"
            r"|\b(?:ont|a|sont|est) demenage"
        ),
    ),
    (
        GONE,
        re.compile(
            r"\bexiste(?:nt)? plus\b|\bexiste(?:nt)? pas$"
            r"|\by a (?:plus (?:personne|rien)|rien la bas)\b"
            r"|\b(?:sont|est) plus la$|\ba disparu\b"
        ),
    ),
    (
        CLOSED,
        re.compile(
            r"\b(?:c|est|sont|cest|a|ont|etait|etaient|toujours) (?:\w+ )?fermee?s?\b(?! a \d)"
            r"|^(?:(?:le|la|l|les|numero|lieu|porte|\d+) )*fermee?s?(?: definitivement)?$"
        ),
    ),
)
# « le 2 », « du premier »: which place, in a message that is a report already. Not the number of
# a house, nor a day.
ORDINALS = {
    **dict.fromkeys(("premier", "premiere"), 1),
    **dict.fromkeys(("deuxieme", "second", "seconde"), 2),
    "troisieme": 3,
    **dict.fromkeys(("dernier", "derniere"), -1),
}
_NO_PLACE = "|".join(
    ("rue", "avenue", "boulevard", "bd", "place", "allee", "chemin", "bis", *map(simplify, MONTHS))
)
NUMBERED = re.compile(
    rf"\b(?:le|la|du|au|numero|n) (?:numero )?([1-9])\b(?! (?:{_NO_PLACE})\b)"
    rf"|\b(?:le|la|du|au) ({'|'.join(ORDINALS)})\b"
)
# With « plainte », a word of doubt is enough.
DOUBT = re.compile(r"\b(?:faux|fausse|erreur)\b")
# A question, or a closing that is usual: nothing wrong is said.
NOT_A_REPORT = re.compile(
    r"\b(?:est ce que|quand|quel|quelle|heure|si c|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche|demain|aujourd hui|vacances|midi|matin|soir|aout|ferie|ma|mon|mes|moi)\b"
)
INSULT = re.compile(r"\b(?:la ferme|ferme la|ta gueule)\b")
MOST_WORDS = 12  # a longer message says something else too
# « la crèche est fermée » reads as a need; « la dame qui garde mon fils a déménagé » is one.
MOST_WORDS_OF_A_NEED, SURE_NEED = 6, 0.6


def said(turn: Turn, session: Session) -> Answer | None:
    """The answer to a report, or to which place it is about; None when the turn is neither."""
    reason = heard(turn)
    return answer(turn, session, reason) if reason else named(turn, session)


def heard(turn: Turn) -> str | None:
    """Why a place just shown is said wrong; None when the message says nothing of the kind."""
    if not turn.display.results or "?" in turn.text or turn.entities.get("code_insee"):
        return None
    words = turn.plain
    if turn.text.startswith("/") or len(words.split()) > _most_words(turn):
        return None
    if INSULT.search(words) or _asks(words, turn.intent):
        return None
    reason = next((name for name, pattern in REASONS if pattern.search(words)), None)
    if reason is None and turn.intent == "plainte" and DOUBT.search(words):
        return OTHER
    return reason


def _most_words(turn: Turn) -> int:
    """How long a report may be, by what the message was understood as."""
    about_else = split_need(turn.intent)[0] or turn.intent == "hors_sujet"
    return MOST_WORDS_OF_A_NEED if about_else and turn.confidence >= SURE_NEED else MOST_WORDS


def _asks(words: str, intent: str) -> bool:
    """Whether the words ask something, or speak of oneself; an angry message never asks."""
    return intent != "plainte" and bool(NOT_A_REPORT.search(words))


def answer(turn: Turn, session: Session, reason: str) -> Answer:
    """Thank, record the report against its place, and name who can answer; ask which if unsure."""
    shown = search.get_records(session, turn.display.results, turn.code_insee)
    meant = _meant(turn, shown)
    if meant is None and len(shown) > 1:
        return _ask_which(turn, session, reason, shown)
    return _noted(turn, session, reason, meant or shown[0]) if shown else Answer(texts.WRONG_RECORD)


def pointed(turn: Turn, report: Mapping[str, str], session: Session) -> Answer:
    """The answer to a report made on the card of a place, whenever it was shown."""
    found = search.get_records(session, [report["fiche"]], turn.code_insee)
    return (
        _noted(turn, session, report["raison"], found[0]) if found else Answer(texts.WRONG_RECORD)
    )


def is_asked(turn: Turn) -> bool:
    """Whether we wait for which place is wrong."""
    return (turn.question or "").startswith(QUESTION)


def named(turn: Turn, session: Session) -> Answer | None:
    """The answer to « De quel lieu parlez-vous ? » by its name; None when it is something else."""
    if not is_asked(turn) or turn.entities.get("code_insee"):
        return None
    shown = search.get_records(session, turn.display.results, turn.code_insee)
    match = _by_name(turn, shown)
    return chosen(turn, session, turn.display.results.index(match.record.id) + 1) if match else None


def chosen(turn: Turn, session: Session, number: int) -> Answer:
    """The person said which of the places shown is wrong (from 1)."""
    reason = (turn.question or "").partition(":")[2] or OTHER
    found = search.get_records(session, [turn.display.results[number - 1]], turn.code_insee)
    return _noted(turn, session, reason, found[0]) if found else Answer(texts.WRONG_RECORD)


def _meant(turn: Turn, shown: Sequence[Match]) -> Match | None:
    """The place that a number, its own words, or the look just before designate."""
    display = turn.display
    by_id = {match.record.id: match for match in shown}
    number = _number(turn)
    if number:
        ids = display.results
        position = len(ids) if number == -1 else number
        return by_id.get(ids[position - 1]) if 1 <= position <= len(ids) else None
    return _by_name(turn, shown) or by_id.get(display.focus or "")


def _number(turn: Turn) -> int | None:
    """The number of a place that the message says, -1 for the last one."""
    if turn.entities.get("numero"):
        return int(turn.entities["numero"])
    found = NUMBERED.search(turn.plain)
    return (int(found[1]) if found[1] else ORDINALS[found[2]]) if found else None


def _by_name(turn: Turn, shown: Sequence[Match]) -> Match | None:
    """The only place shown whose own words the message holds."""
    words = set(stems(turn.text))
    meant = [match for match in shown if words & _own_words(match, shown)]
    return meant[0] if len(meant) == 1 else None


def _own_words(match: Match, shown: Sequence[Match]) -> set[str]:
    """The words of a place's name that no other place shown has."""
    others = {stem for other in shown if other is not match for stem in stems(_name(other))}
    return set(stems(_name(match))) - others


def _name(match: Match) -> str:
    """The name under which the record was shown."""
    record = match.record
    return str(record.structure.nom if hasattr(record, "structure") else record.nom)


def _ask_which(turn: Turn, session: Session, reason: str, shown: Sequence[Match]) -> Answer:
    """Someone to call at once, and a question: which of the places shown is wrong."""
    town = towns.current(turn, session)  # one question at a time
    reply = _thanks(turn, session, texts.WRONG_RECORD) if town else Answer(texts.WRONG_RECORD)
    reply.results = reply.results[:1]  # alone, it takes no number: numbers are those of the places
    names = [_name(match) for match in shown]
    listed = [texts.REPORT_CHOICE.format(number=n, name=x) for n, x in enumerate(names, start=1)]
    reply.closing = f"{texts.REPORT_WHICH}\n" + "\n".join(listed)
    reply.choices = [
        Choice(line, f'/choisir{{"numero": "{number}"}}')
        for number, line in enumerate(listed, start=1)
    ]
    ids = tuple(match.record.id for match in shown)
    kept = replace(turn.display, results=ids, choices=tuple(reply.choices))
    reply.slots |= {"question": f"{QUESTION}:{reason}", "affichage": kept.to_slot()}
    return reply


def _noted(turn: Turn, session: Session, reason: str, match: Match) -> Answer:
    record, place = match.record, followup.place_of(match.record)
    new = journal.first_time(turn.sender, f"signalement {place}")
    if new:
        work = partial(
            followup.report, record_id=record.id, place_id=place, reason=reason, day=turn.today
        )
        journal.write(journal.engine_of(session), work)
    noted = texts.REPORT_NOTED if new else texts.REPORT_NOTED_ALREADY
    why = texts.REPORT_REASONS[reason]
    reply = _thanks(turn, session, noted.format(name=_name(match), reason=why))
    results = [told for told in reply.results if told["id"] != record.id]
    reply.results = results
    ids = tuple(told["id"] for told in results)
    kept = replace(
        turn.display,
        results=ids,
        choices=tuple(reply.choices),
        seen=(*turn.display.seen, *ids),
        focus=None,
    )
    reply.slots |= {"affichage": kept.to_slot()}
    return reply


def _thanks(turn: Turn, session: Session, intro: str) -> Answer:
    """The sentence, someone to call near the person, and the search under way kept."""
    reply = contacts.people_or_town(turn, session, intro)
    if turn.slots.get("theme"):
        reply.slots["theme"] = turn.slots["theme"]
    if split_need(str(turn.slots.get("theme")))[0]:
        reply.choices = [*reply.choices, Choice(*texts.MORE)]
    return reply
