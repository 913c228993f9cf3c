"""What follows a cry for help: the number again, whom to call near, until another need is said.

The number itself is given by the bot alone (`utter_urgence`). For a few messages after it, what a
person writes is read in its light: « pas de crédit » asks no bank, « il dort » no bed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from actions import contacts, records, services, texts, towns
from actions.context import is_said
from actions.conversation import Answer, Choice, Turn, split_need
from actions.directory import search
from actions.directory.text import stems
from actions.directory.words import DAYS

LASTING = 4  # messages after a cry that are read in its light, unless another need is said
CLEAR = 0.6  # confidence from which a need said after a cry is another subject
SURE = 0.9  # … where what is learnt of such messages reads otherwise
BRIEFLY = "utter_machine"  # how these answers say that a machine speaks: after the number
# Help that comes at once: no service by day is named.
AT_ONCE = frozenset({"medical", "incendie", "violence_immediate", "violence_silence"})
# Situations that a social service or a CCAS can help with, once the number is given.
SOCIAL_SITUATIONS = {
    *("sans_abri", "attente_115", "faim"),
    *("expulsion", "coupure", "sans_ressources", "detresse"),
}
AT_ANY_HOUR = ("sans_abri", "attente_115", "faim")  # whose number answers when desks are closed
# What is of the violence said before, once it was.
OF_THE_VIOLENCE = ("sans_abri", "detresse")
VIOLENCE = ("violence", "violence_immediate", "violence_silence")
CRY = "urgence"  # the kind of answer that gave a number
URGENT_ROLES = ("service_social", "ccas")
ALSO_ASKED = 0.4  # probability from which a cry also asks for a place
ELSEWHERE = ("recommencer", "choisir", "pourquoi", "effacer", "stop")  # never about the number

# The situation that each long number is called for.
CALLED_FOR = {
    "112": "violence_immediate",
    "114": "violence_silence",
    "115": "sans_abri",
    "119": "enfant_danger",
    "3114": "suicide",
    "3919": "violence",
}
LISTENED_TO = ("suicide", "detresse", "violence")  # situations: whose number listens
WAITING = ("pas_appeler", "hesite", "dites_le")  # reactions that put the call off
BODILY = ("medical", "incendie")  # situations where « je me sens bien » puts it off too
AT_A_DESK = ("expulsion", "coupure", "sans_ressources")  # situations: first, who is near, by day
SHORT = 10  # words: a longer message that names a number says something else too

_LONG_NUMBER = re.compile(r"\b(?:112|114|115|119|3114|3919)\b")
_NUMBER = re.compile(rf"{_LONG_NUMBER.pattern}|\b(?:15|17|18)\b")  # « le 15 » may be a day
_ASKS = re.compile(
    r"\b(?:quoi|koi|kesako|qui|ki|comment|gratuit|payant|anonyme|heure|ouvert|marche|what|free"
    r"|facture|peux|peut|parlent|parle)\b"
)
# The first that matches is answered; on the message in lower case, without accents nor signs.
_REACTIONS = (
    (
        "sans_parler",
        r"\b(?:j?peux|j?peu|peut|pouvons) (?:pas|plus) (?:\w+ )?parler\b"
        r"|\bil (?:est la|entend|m entend|revient|est revenu)\b|\bmoins fort\b"
        r"|\bcan t (?:talk|speak)\b|\b(?:peux|peut|puis|possible)\b.*\bsms\b",
    ),
    (
        "sans_credit",
        r"\b(?:credit|forfait|unites?|batterie|recharge|saldo|balance|flous|pas d argent)\b",
    ),
    (
        "sans_reponse",
        r"\brepond(?!re\b)|decroch"
        r"|\bdeja (?:\w+ )?(?:appele|essaye|telephone)\b(?!.*\b(?:arriv|vien))"
        r"|\b(?:est|c|sonne|ligne|toujours) occupee?\b|\bsonne\b|satur|injoignable"
        r"|raccroch|\bcomplets?\b|\b(?:pas|plus) de places?\b|\bno (?:place|answer|room|one)\b"
        r"|\bnobody\b|\bdisent\b|\bveulent pas\b|\bcontesta|\brisponde|\bcevap\b|\batende",
    ),
    (
        "facture",
        r"\b(?:sur|voi\w*) (?:la |ma |les )?factures?\b|\bfactures? (?:de |du )?tel\w*",
    ),
    (
        "discretion",
        r"\btraces?\b|\bfouille|\b(?:il|elle|mari|pere) (?:le |la |les )?verra\b"
        r"|\b(?:il|elle) (?:le |la |les )?va (?:le |la |les )?voir\b|\bdenonc\w*|\bretirer\b"
        r"|\b(?:prendre|placer) (?:mes|mon|ma|les|nos) (?:enfants?|fils|filles?|bebe)\b",
    ),
    (
        "ok",
        r"^(?!.*\b(?:pas|plus|non)\b).*\b(?:vais|va) (?:les |l )?(?:r?appel\w*|telephoner)\b",
    ),
    (
        "mieux",
        r"\b(?:il|elle|ils|on|pompiers|samu|police|secours|ambulance|soeur|mere|voisine?) "
        r"(?:\w+ )?arriv\w+(?! pas)|\bviennent\b|\by vont\b|\ben route\b|\bcoming\b|\bon the way\b"
        r"|\bva mieux\b|\ben securite\b"
        r"|^(?!.*\b(?:pas|plus|frapp\w*|tap\w*|menac\w*)\b).*"
        r"\b(?:suis|est|sommes|vais|va) (?:\w+ ){0,3}(?:a l abri|chez (?:ma|mon|une?|le|la) "
        r"(?:soeur|mere|tante|frere|pere|amie?|copine|voisine?))\b"
        r"|\bc(?: est)? bon\b|\breparti\w*\b|\b(?:est|sont) venue?s?\b|\bdepanne\b"
        r"|\btrouve une solution\b|\bj ?ai appele\b(?!.*\bpas\b)|\bca va aller\b",
    ),
    (
        "non",
        r"\bpas me (?:tuer|suicider|pendre|foutre|jeter|faire)\b|\bpas (?:envie de )?mourir\b"
        r"|\bpas d idees? noires?\b|\bblague|\brigol|\bpour rire\b|\bdeconn|\b(?:mdr|lol|haha)\b"
        r"|\bva(?:is)? (?:tres )?bien\b|\bpas (?:si )?grave\b"
        r"|\bpas besoin\b|^(?:non )?(?:mais )?ca va\b(?! pas)",
    ),
    (
        "pas_appeler",
        r"\blaiss\w* (?:tomber|c |cest )|\blaisse[zr]?$"
        r"|\b(?:pas|plus) (?:\w+ )?(?:envie|courage|force|capable) d ?appel\w*"
        r"|\b(?:veux|peux|ose|vais|jveu|jpeu|jose) (?:pas|plus) (?:\w+ )?appel\w*"
        r"|\bpas (?:un |de )?(?:numero|telephone)\b|\bpeur d ?appel\w*",
    ),
    (
        "langue",
        r"\bparl\w* (?:\w+ )?(?:arabe|anglais|espagnol|portugais|turc|russe|ukrainien|chinois"
        r"|italien|roumain|tamoul|bengali|ma langue)\b|\bpas (?:bien )?francais\b",
    ),
    ("quoi_dire", r"\bdis quoi\b|\bdire quoi\b|\bquoi (?:leur |lui )?dire\b|\bexplique"),
)
_OF_RSA = re.compile(
    r"\b(?:rsa|caf|msa|droits|allocs?|allocations?|prime|sanction\w*|radi\w*|suspen\w*"
    r"|(?:15|quinze) ?h\w*|perd\w*|oblig\w*|referente?|coup\w*|verse\w*|touch\w*|declar\w*"
    r"|prev[ie]+n\w*)\b"
)
_LANGUAGE = re.compile(r"\b(?:francai\w*|fransai\w*|langue|alpha\w*|cours|lire|ecrire|french)\b")
# « il est au travail », « il rentre ce soir »: who hits is away
_AWAY = re.compile(
    r"\bil (?:est|n est) (?:pas|plus) (?:la|ici|rentre|a la maison)\b|\bil rentre\b|\bil dort\b"
    r"|\bil est (?:au|a son|en|chez) \w+|\bil est (?:parti|sorti)\b|\bil travaille\b"
)
_SOON = re.compile(r"\bminutes?\b|\bbientot\b|\btout de suite\b|\bmaintenant\b|\barrive\b")
_TAKEN = re.compile(  # « je les ai pris »
    r"\bj(?:e)? ?(?:l|les|en|la) ?ai (?:tou\w* )?(?:deja )?(?:pris|avale|bu)\w*"
    r"|\bj ?ai (?:tout|deja) (?:pris|avale|bu)\w*|\bc est fait\b"
)
# Who can be seen by day, asked for by name.
_BY_DAY = re.compile(r"\b(?:assistante?s? sociale?s?|service social|ccas|pmi)\b")
_NO_POLICE = re.compile(
    r"\b(?:pas|sans|jamais) (?:\w+ ){0,3}(?:police|flics?|gendarmes?|commissariat|plainte)\b"
)
_MAY_I = re.compile(r"\bje (?:peux|pourrais)\b|\bpuis je\b")
_WHO_HELPS = re.compile(
    r"\bassociations?\b|\b(?:qui|quelqu un) (?:\w+ )?(?:peut|pourrait) m ?aider\b"
)
_GRAVE_ENOUGH = re.compile(
    r"\b(?:pas|assez) (?:si |tres |vraiment )?graves?\b|\bsais pas si (?:je dois|j ose|il faut)\b"
)
# « et lundi je vais où ? », « pour demain j'appelle qui ? »
_LATER = re.compile(
    rf"\b(?:demain|{'|'.join(DAYS)}|ensuite)\b.*\b(?:qui|ki|(?:vais|aller?) ou|ou (?:je|on))\b"
    rf"|\b(?:qui|ki|ou (?:je|on))\b.*\b(?:demain|{'|'.join(DAYS)}|ensuite)\b"
)
# « où je peux aller avec mon fils », « je dors où »
_WHERE = re.compile(
    r"\bou (?:\w+ ){0,3}(?:aller?|vais|va|ira\w*|dors|dormir|refugier|cacher)\b"
    r"|\b(?:aller?|dors?|dormir|vais|va|ira\w*) ou\b"
)
_CLOSED = re.compile(r"\bferme(?:s|e|es)?\b")
_LEAVES = re.compile(
    r"\b(?:le quitte|je (?:le )?pars(?! a )|(?<!a )partir(?! de)|fuir|fuis|m en (?:vais|aller))\b"
)
REACTIONS = [(name, re.compile(pattern)) for name, pattern in _REACTIONS]
# What is learnt of messages that follow a number (`data/suites/urgence.yml`): what is answered, by
# intent, else by the field that is asked or told.
OF_INTENT = {
    "hesite": "hesite",
    "nier": "pas_appeler",
    "affirmer": "ok",
    "excuse": "ok",
    "pas_ca": "non",
    "secret": "discretion",
    "si_complet": "sans_reponse",
    "humain_ecoute": "seul",
    "machine": "machine",
    "plainte": "colere",
    "a_qui": "demandez",
    "repondre": "dites_le",
}
OF_FIELD = {
    "essaye": "sans_reponse",
    "plus_besoin": "mieux",
    "frais": "sans_credit",
    "horaires": "",
    "langues": "langue",
    "quoi": "quoi",
    "conseil": "quoi_dire",
    "telephone": "",
}
ASKS_OR_TELLS = ("detail", "repondre")  # intents that have a field
# Intents that ask who is near, by day.
OF_PEOPLE = ("humain", "agence", "plus", "donner_commune", "autre_ville", "lettre")
WHERE = ("adresse", "acces", "trajet", "distance")  # fields
LIKELY = 0.4  # probability from which one is read
WHOSE_NUMBER = {situation: number for number, situation in CALLED_FOR.items()}
WHOSE_NUMBER |= {"faim": "115", "attente_115": "115", "medical": "15", "incendie": "18"}
_SILENT = dict(REACTIONS)["sans_reponse"]


def urgent(turn: Turn, session: Session) -> Answer | None:
    """Beside the number: the social service, where one can help, and what else was asked."""
    situation = turn.entities.get("situation")
    reply = _social_service(turn, session) if situation in SOCIAL_SITUATIONS else None
    asked, probability = turn.likeliest(_is_a_search)
    if probability < ALSO_ASKED or situation in AT_ONCE:
        return reply
    reply = reply or Answer()
    theme, detail = split_need(asked)
    reply.slots |= {"theme": theme, "detail_besoin": detail}
    return _offer(reply, asked, services.need_name(theme, detail), towns.at(turn, session))


def _offer(reply: Answer, intent: str, name: str, at: str) -> Answer:
    """Offer a search that the cry came with, or interrupted."""
    resume = texts.RESUME.format(need=name, at=at and f" {at}")
    reply.closing = "\n".join(filter(None, (reply.closing, resume)))
    reply.choices = [Choice(texts.ALSO_CHOICE.format(need=name), f"/{intent}")]
    reply.slots["autre_theme"] = intent
    reply.slots.setdefault("question", "autre_theme")
    return reply


def _is_a_search(intent: str) -> bool:
    return split_need(intent)[0] in services.THEMES


def _social_service(turn: Turn, session: Session) -> Answer | None:
    """The social service by name and phone, or the question of the town."""
    if towns.current(turn, session) is None:
        return towns.ask_after_distress(turn, session, texts.URGENT_ASK_TOWN)
    found = urgent_people(turn, session)
    return Answer(intro=texts.URGENT_CONTACT, results=found) if found else None


def urgent_people(turn: Turn, session: Session) -> list[dict[str, Any]]:
    """The social service or CCAS of the town that can be called, else whoever can."""
    commune = towns.current(turn, session)
    if commune is None or not towns.is_covered(commune):
        return []
    found = records.people(turn, session, commune, URGENT_ROLES, limit=1)
    if found and found[0]["telephone"]:
        return found
    reachable = search.nearest_with_phone(
        session, commune.code_insee, turn.today, (*records.HUMAN_ROLES, "departement")
    )
    return records.tell([reachable], turn, session) if reachable else found


def said(turn: Turn, session: Session) -> Answer | None:
    """The answer to what is about a number, or follows one; None for anything else."""
    if turn.text[:1] == "/" or turn.intent in ELSEWHERE:
        return None
    words = turn.plain
    number = (_NUMBER if turn.crisis else _LONG_NUMBER).search(words)
    if number and _ASKS.search(words) and len(words.split()) <= SHORT:
        return _kept(turn, Answer(intro=texts.NUMBER_FACTS[number[0]], machine=BRIEFLY))
    if turn.crisis is None and turn.slots.get("violence") and _LEAVES.search(words):
        reply = said(replace(turn, crisis="violence"), session)  # « et mes enfants, si je pars ? »
        return reply and replace(reply, slots={**reply.slots, "detresse": True})
    resumes = turn.intent == "affirmer" and turn.question == "autre_theme"
    if turn.crisis is None or resumes:
        return None
    asks_where = _WHERE.search(words) or (_LATER.search(words) and not _SILENT.search(words))
    if asks_where and not is_another_need(turn):
        return local_contact(turn, session)
    if number and _SILENT.search(words):
        return _again(turn, session, "sans_reponse")
    if turn.crisis in AT_ANY_HOUR and _CLOSED.search(words) and "?" not in turn.text:
        return _again(turn, session, "ferme")
    if _asks_of_a_place(turn):
        return None
    if turn.intent == "detail" and _is_of_the_search(turn):  # « les cours, c'est le matin ? »
        return services.answer(turn.as_said(turn.theme or ""), session)
    of_agencies = split_need(turn.intent)[0] == "agence"  # « y a une assistante sociale ? »
    if _BY_DAY.search(words) and (of_agencies or not is_another_need(turn)):
        return local_contact(turn, session)
    if turn.crisis in VIOLENCE and _WHO_HELPS.search(words):
        return local_contact(turn, session)
    if turn.crisis in VIOLENCE and _NO_POLICE.search(words):
        return _kept(turn, Answer(intro=texts.NO_POLICE, machine=BRIEFLY))
    if turn.crisis in VIOLENCE and _GRAVE_ENOUGH.search(words):
        return _again(turn, session, "assez_grave")
    if turn.crisis in VIOLENCE and _AWAY.search(words) and _SOON.search(words):
        return _again(replace(turn, crisis="violence_immediate"), session, "sans_parler")
    if turn.crisis in ("suicide", "detresse") and _TAKEN.search(words):
        return _again(replace(turn, crisis="medical"), session, "n_attendez_pas")
    if turn.crisis in VIOLENCE and _AWAY.search(words) and not is_another_need(turn):
        return _kept(turn, Answer(intro=texts.WHILE_AWAY, machine=BRIEFLY))
    reaction = next((name for name, pattern in REACTIONS if pattern.search(words)), None)
    if reaction == "ok" and is_another_need(turn):  # « je vais appeler. et pour la crèche »
        return None
    if reaction or turn.intent == "affirmer":
        return _again(turn, session, reaction or "ok")
    if turn.names_town:
        return None if is_another_need(turn) else local_contact(turn, session)
    if is_another_need(turn):
        return None
    return _learnt(turn, session)


def _learnt(turn: Turn, session: Session) -> Answer | None:
    """What the message means after a number, as it was learnt; None for another subject."""
    if contacts.asks_to_call(turn) and not _MAY_I.search(turn.plain):
        return _again(turn, session, "pas_a_votre_place")
    meant, probability = turn.likeliest_after(CRY)
    if probability < LIKELY:
        return _again(turn, session)
    need, said_alone = split_need(meant)[0], split_need(turn.intent)[0]
    if meant == "hors_sujet" or (need not in (None, "humain") and need == said_alone):
        return None
    if meant.startswith(f"{CRY}_"):  # another one, or the same said again
        other = meant.removeprefix(f"{CRY}_")
        is_graver = other in AT_ONCE or turn.crisis not in AT_ONCE
        return _again(replace(turn, crisis=other) if is_graver else turn, session)
    field = turn.entities.get("champ") if meant in ASKS_OR_TELLS else None
    not_that_number = meant == "pas_ca" and turn.crisis in AT_A_DESK  # « le 115 c'est pas pour ça »
    by_day = meant in OF_PEOPLE or not_that_number or field in WHERE
    if by_day and turn.crisis not in AT_ONCE:
        return local_contact(turn, session)
    if meant == "detail":
        return _again(turn, session, OF_FIELD.get(field or "", "demandez"))
    reaction = OF_FIELD.get(field or "") or OF_INTENT.get(meant, "")
    if reaction == "non" and "?" in turn.text:  # « c'est pas de la violence, non ? »
        reaction = "hesite"
    return _again(turn, session, reaction)


def local_contact(turn: Turn, session: Session) -> Answer:
    """The town said after a number: who can help there by day; the search under way can wait."""
    call = texts.CALL.get(turn.crisis or "", texts.CALL_SHOWN)
    shelter = f"{texts.SHELTER}\n" if turn.crisis in VIOLENCE else ""
    if towns.current(turn, session) is None:
        asked = towns.ask_after_distress(turn, session)
        first = texts.FIRST_CALL.format(call=call)
        return replace(asked, intro=f"{first}\n{shelter}{asked.intro}", machine=BRIEFLY)
    at = towns.at(turn, session)
    asks_for_people = split_need(turn.intent)[0] == "humain" or _BY_DAY.search(turn.plain)
    by_day = turn.crisis not in AT_ONCE or asks_for_people
    found = urgent_people(turn, session) if by_day else []
    if turn.crisis and turn.crisis not in SOCIAL_SITUATIONS and not _BY_DAY.search(turn.plain):
        found = [record for record in found if record["role"] in URGENT_ROLES]
    if found:
        intro = f"{texts.FIRST_CALL.format(call=call)}\n{shelter}{texts.URGENT_CONTACT}"
    elif turn.crisis in SOCIAL_SITUATIONS:
        intro = texts.URGENT_NO_CONTACT.format(at=at, call=call)
    else:
        intro = f"{texts.TELL_THEM.format(call=call)}\n{shelter}"
    return _with_search(turn, Answer(intro=intro, results=found, machine=BRIEFLY), at)


def _with_search(turn: Turn, reply: Answer, at: str) -> Answer:
    """Offer the search under way, if there is one."""
    if turn.theme not in services.THEMES:
        return reply
    return _offer(reply, turn.theme, services.need_name(turn.theme, turn.detail), at)


def _again(turn: Turn, session: Session, reaction: str = "") -> Answer:
    """The number once more, with what answers this reaction."""
    if reaction == "non" and contacts.says_talk(turn):  # « pas mourir, juste parler »
        listening = contacts.people_or_town(turn, session, texts.LISTENING)
        listening.slots["detresse"] = False
        return replace(listening, machine=BRIEFLY)
    number = _LONG_NUMBER.search(turn.plain)  # « j'ai appelé le 115, ça répond pas »
    situation = CALLED_FOR[number[0]] if number else turn.crisis or ""
    if situation in BODILY and reaction in (*WAITING, "seul", "non"):
        reaction = "n_attendez_pas"
    elif situation in AT_ONCE and reaction in WAITING:
        reaction = "sans_parler"
    if situation in AT_ONCE and reaction == "sans_reponse":
        reaction = "rappelez"
    if reaction == "quoi_dire" and situation in LISTENED_TO:
        reaction = "dire_ce_qu_on_sent"
    if reaction == "quoi":
        return _kept(turn, Answer(intro=_what_it_is(situation), machine=BRIEFLY))
    call = texts.CALL.get(situation, texts.CALL_SHOWN)
    reply = Answer(intro=texts.AFTER_NUMBER[reaction].format(call=call), machine=BRIEFLY)
    if turn.slots.get("langue", "fr") != "fr":
        reply.response = "utter_urgence"  # which the person can read
    if reaction in ("mieux", "non"):
        reply.slots |= {"detresse": False, "violence": False}
        return _with_search(turn, reply, "")
    return _kept(turn, reply)


def _what_it_is(situation: str) -> str:
    number = WHOSE_NUMBER.get(situation)
    call = texts.CALL.get(situation, texts.CALL_SHOWN)
    return texts.NUMBER_FACTS[number] if number else texts.AFTER_NUMBER[""].format(call=call)


def _kept(turn: Turn, reply: Answer) -> Answer:
    """Ask for the town again while it would help, and keep what was shown."""
    reply.slots["affichage"] = turn.display.to_slot()
    reply.slots["theme"] = turn.display.theme  # whatever need the bot read in these words
    if turn.question == towns.AFTER_DISTRESS:
        reply.closing = texts.URGENT_ASK_TOWN
        reply.slots["question"] = towns.AFTER_DISTRESS
    return reply


def _asks_of_a_place(turn: Turn) -> bool:
    """A question on a place shown; « quel numéro ? » under an older list is the number."""
    field, count = turn.entities.get("champ"), len(turn.display.results)
    if turn.intent != "detail" or not (field or turn.ranks) or not count:
        return False
    return field != "telephone" or count == 1


def _is_of_the_search(turn: Turn) -> bool:
    """Whether words name the search that the cry came with, of which nothing is shown yet."""
    if turn.theme not in services.THEMES or turn.display.results:
        return False
    return not set(stems(turn.text)).isdisjoint(stems(services.need_name(turn.theme, turn.detail)))


def is_another_need(turn: Turn) -> bool:
    """Whether the message clearly asks for something else than help."""
    need, _ = split_need(turn.intent)
    if need in (None, "humain") or (need == "francais" and not _LANGUAGE.search(turn.plain)):
        return False  # « je peux parler à une dame ? », « là je peux parler » ask for help
    if need == "info_rsa" and not _OF_RSA.search(turn.plain):
        return False  # « et mes enfants si je pars ? »
    learnt = turn.likeliest_after(CRY)[0]
    agrees = not learnt or need == "agence" or split_need(learnt)[0] == need
    doubtful = not agrees and turn.confidence < SURE
    return is_said(turn, CLEAR) and not doubtful


def situation(slots: Mapping[str, Any], intents: list[dict[str, Any]]) -> str | None:
    """The situation of a cry for help among the last messages, until another need is answered.

    After violence, no roof and strong distress are of it.

    Args:
        slots: `situation`, `violence`, and `detresse`, which is false once another need was
            answered or the person says it is over.
        intents: those of the person's messages before this one, latest first, by `name`.
    """
    if not slots.get("detresse"):
        return None
    if not any(intent.get("name") == CRY for intent in intents[:LASTING]):
        return None
    of_violence = slots["situation"] in OF_THE_VIOLENCE and slots.get("violence")
    return "violence" if of_violence else str(slots["situation"])
