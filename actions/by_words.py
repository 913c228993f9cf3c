"""What the words of a message say, whatever its intent: a CV, a scam, a word to explain…"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from actions import (
    contacts,
    crisis,
    feedback,
    info_rsa,
    joint,
    questions,
    records,
    services,
    shown,
    suite,
    texts,
    towns,
    week,
)
from actions.context import CLEAR, TRANSPORT
from actions.conversation import NOT_UNDERSTOOD, RSA, Answer, Turn, split_need
from actions.directory.search import trades
from actions.directory.text import word_set

SURE_NEED = 0.9  # confidence from which French is asked for, where help to read is too
_SCAM = re.compile(
    r"\barnaqu\w*|\bescroc\w*|\bfaux (?:sms|mail|message|site|numero)\b|\bphishing\b"
)
_MESSAGE = re.compile(
    r"\b(?:sms|mails?|e mails?|messages?|appel\w*|lien|cpf|site|numero|textos?)\b"
)
_OTHER = re.compile(
    r"(?:(?:ok|oui|et|bon|pour|sinon|merci) )*(?:l|le|la) ?autre(?: (?:alors|aussi|svp|du coup))*"
)
_NO_CV = re.compile(
    r"\b(?:pas|aucun|jamais) (?:\w+ )?(?:de |fait de )?cv\b|\b(?:re)?fai\w* (?:mon |un |le )?cv\b"
    r"|\baid\w* (?:\w+ ){0,3}cv\b|\bcv d ?abord\b|\batelier (?:de |du )?cv\b"
)
_CV_DESKS = ("france_travail", "france_services")
# « vous allez le dire à la CAF ? », « mon référent va être au courant ? »
_TELLS_OTHERS = re.compile(
    r"\b(?:va|vas|allez|vont) (?:pas )?(?:\w+ ){0,4}(?:au courant|(?:dire|repeter|transmettre) a)\b"
    r"|\b(?:veux|voudrais|faut|doi[st]) pas (?:\w+ ){0,4}(?:au courant|sach\w*|savoir)\b"
    r"|\bce que j\w* (?:\w+ ){0,2}(?:va|part|arrive|sera|est) (?:\w+ ){0,3}(?:caf|referent\w*)\b"
    r"|\b(?:ca|sa|tout) (?:va|part|arrive) (?:\w+ )?(?:a|chez) (?:\w+ )?(?:caf|referent\w*)\b"
)
# « c'est quoi un ESAT ? »
_WHAT_IS = re.compile(
    r"^(?:et |mais )*(?:c est|cest|c) (?:quoi|koi) (?:un |une |le |la |les |l |des )?\w+"
    r"(?: \w+){0,2}$"
    r"|^(?:et |mais )*(?:une? |l[ae]s? |l |des )?\w+(?: \w+){0,2} (?:c est|cest|c) (?:quoi|koi)$"
)
_OF_THE_ANSWER = word_set("ca sa cela truc bot jalon adresse comme le les la votre vos ton")
_HELP_TO_READ = re.compile(
    r"\b(?:qui|ki|quelqu ?un|qqn|aid\w*|m ?aide\w*)\b.*\b(?:lire|comprend\w*|expliqu\w*|tradui\w*)"
    r" (?:\w+ ){0,3}(?:papiers?|lettres?|courriers?|documents?)\b"
    r"|\b(?:papiers?|lettres?|courriers?)\b.*\bcompr\w* (?:\w+ )?(?:rien|pas)\b"
    r"|\bcompr\w* (?:\w+ )?(?:rien|pas) (?:\w+ ){0,3}(?:papie\w*|lettres?|courriers?)\b"
    r"|\b(?:pas?|rien) (?:\w+ )?compr\w* (?:\w+ ){0,3}(?:papie\w*|lettres?|courriers?)\b"
)
MOST_WORDS = 10  # a longer message than « j'ai pas de CV » says something else too


def said(turn: Turn, session: Session) -> Answer | None:
    """The answer of the first of `HANDLERS` that has one."""
    for handler in HANDLERS:
        reply = handler(turn, session)
        if reply:
            return reply
    return None


def scam(turn: Turn, session: Session) -> Answer | None:
    """« on m'a appelé pour mon CPF, c'est une arnaque ? »: what to do of a message or a call."""
    words = turn.plain
    if not (_SCAM.search(words) and _MESSAGE.search(words)):
        return None
    return shown.repeat(turn, texts.MAY_BE_A_SCAM)


def a_cv(turn: Turn, session: Session) -> Answer | None:
    """« j'ai pas de CV », about work or forums: who helps to make one."""
    if not turn.display.theme or len(turn.words) > MOST_WORDS or not _NO_CV.search(turn.plain):
        return None
    commune = towns.current(turn, session)
    if commune is None:
        return replace(towns.ask(turn, session), intro=texts.FOR_A_CV_ASK_TOWN)
    found = records.people(turn, session, commune, _CV_DESKS, limit=2)
    kept = {"theme": turn.display.theme}
    return Answer(intro=texts.FOR_A_CV, results=found, slots=kept) if found else None


def help_to_read(turn: Turn, session: Session) -> Answer | None:
    """« qui peut me lire le papier ? »: who helps with a letter."""
    asks = _HELP_TO_READ.search(turn.plain) and len(turn.words) <= 2 * MOST_WORDS
    learns = split_need(turn.intent)[0] == "francais" and turn.confidence >= SURE_NEED
    if not asks or turn.crisis or learns or turn.intent == info_rsa.SANCTION:
        return None
    return contacts.people_or_town(turn, session, texts.HELP_TO_READ)


def tells_nobody(turn: Turn, session: Session) -> Answer | None:
    """« vous allez le dire à la CAF ? », « je veux pas que mon référent le sache »."""
    if turn.crisis or len(turn.words) > MOST_WORDS:
        return None
    if not _TELLS_OTHERS.search(turn.plain):
        return None
    return shown.repeat(turn, texts.NOBODY_IS_TOLD)


def what_is(turn: Turn, session: Session) -> Answer | None:
    """« c'est quoi l'Adie ? », of a place shown; « un ESAT ? », that we cannot explain."""
    of_a_word = turn.entities.get("champ") in (None, questions.WHAT_IT_IS)
    asks = of_a_word and _WHAT_IS.search(turn.plain)
    of_us = split_need(turn.intent)[0] == RSA or turn.intent in ("aide_bot", "plainte")
    if not asks or of_us or turn.crisis or turn.entities.get("dispositif"):
        return None
    told = shown.named(turn, session)
    if told:
        return told
    unknown = set(turn.words[-2:]) - _OF_THE_ANSWER
    if turn.intent not in (*NOT_UNDERSTOOD, "detail") or not unknown:
        return None
    commune = towns.current(turn, session)
    if commune is None:
        return Answer(intro=texts.CANNOT_EXPLAIN_ALONE, slots={"question": towns.QUESTION})
    return contacts.with_people(Answer(intro=texts.CANNOT_EXPLAIN), turn, session, commune)


def another_thing(turn: Turn, session: Session) -> Answer | None:
    """« et des vêtements ? », under places for a bike: it is no question about them."""
    if turn.display.theme != services.WORK or not turn.display.results or turn.text[:1] == "/":
        return None
    if questions.tells(turn, TRANSPORT):  # « j'ai pas de voiture »
        return None
    before = services.thing(turn.as_said("repondre"))
    for detail in trades.THINGS:
        intent = f"{services.WORK}_{detail}"
        meant = replace(turn, intent=intent, confidence=turn.likely.get(intent, 0.0))
        if meant.confidence >= CLEAR and services.thing(meant) not in ("", before):
            return suite.need(meant, session)
    return None


def the_other(turn: Turn, session: Session) -> Answer | None:
    """« et l'autre ? », after two needs: the one that was offered."""
    offered = turn.slots.get("autre_theme")
    if not offered or not _OTHER.fullmatch(turn.plain):
        return None
    return suite.said(turn, f"/{offered}", session)


HANDLERS: tuple[Callable[[Turn, Session], Answer | None], ...] = (
    crisis.said,
    the_other,
    another_thing,
    a_cv,
    help_to_read,
    what_is,
    feedback.said,
    scam,
    info_rsa.reach_caf,
    info_rsa.partner,
    info_rsa.also_counts,
    info_rsa.deadline,
    info_rsa.actualisation,
    joint.said,
    week.said,
    shown.bringing,
    shown.said,
)
