"""What follows an answer: a town, a number, « plus », « pourquoi », yes, no, another town."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from actions import (
    accompagnement,
    contacts,
    crisis,
    evenements,
    feedback,
    info_rsa,
    joint,
    names,
    questions,
    records,
    services,
    shown,
    texts,
    towns,
    week,
)
from actions.context import CLEAR, RATHER, SETTLED, TRANSPORT, TRIED
from actions.conversation import RSA, Answer, Choice, Turn, split_need
from actions.directory import search
from actions.directory.search import trades
from actions.directory.text import word_set

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
# What makes sense of something shown or asked before only.
ABOUT_SOMETHING = ("detail", "plus", "pourquoi", "repondre", "autre_ville")
HARDSHIPS = ("sante", "handicap_mdph")  # near subjects that may lessen the hours of the RSA
LIKELY_NEED = 0.1  # probability from which it may be a need, when nothing was before
MAY_BE_OFFERED = 0.01  # … from which a « oui… » takes what was offered
MAY_BE = 0.03  # … from which the need to look for first may be said
MAY_BE_ANOTHER = 0.2  # … from which another need is said where one is given up
UNSURE = 0.7  # confidence under which « out of scope » yields to a town in the message
FEW_WORDS = 2  # of a field alone
SHORT_REFUSAL = 5  # words: a longer « non… » refuses something else than to say the town
WORDS_OF_A_TOWN = 4  # a longer answer to « Dans quelle ville ? » is about something else
_REACH = re.compile(r"\b\d+ ?(?:km|kilometres?|bornes?)\b")  # « jusqu'à 10 km ça va »
_LACKS_TRADE = re.compile(
    r"\b(?:pas|sans|aucun\w*|jamais|rien|zero|0)\b (?:\w+ ){0,3}"
    r"(?:experience|xp|diplomes?|qualification)\b"
    r"|\bjamais (?:vraiment )?(?:travaill|bosse)\w*"
)
OKAY = word_set("ok oki okay d accord dac dacc bien tres super parfait merci bon")
_NUMBER = re.compile(r"\d(?:[ .-]?\d){8,}")  # a phone, a social security number
_LACK = re.compile(
    r"(?:mais |non |et )*(?:j |je n |on |on n )(?:ai|a) pas (?:de |d |encore |le |la |mon )"
)
_AND_WHERE = re.compile(r"\w (?:c est |cest |y en a |ya |en a )?ou$")
_WHO_HANDLES = re.compile(r"\b(?:qui|ou|a qui)\b.*\b(?:occupe|voir|demande\w*|adresse\w*)\b")
_HELP_TO_WRITE = re.compile(r"\bm ?aide\w* (?:\w+ ){0,3}(?:rediger|ecrire|repondre)\b")
_NOTHING = re.compile(r"\b(?:rien|aucune?)\b")  # « ya rien à Dugny ? »
_NO_NEED = re.compile(r"\b(?:pas besoin|merci)\b")
_BY_PHONE = re.compile(r"\b(?:au|par) tel\w*|\bvisio\b|\ba distance\b")
_NOT_THEM = re.compile(r"\bpas (?:l|le|la|les|celui|celle|lui|elle|eux)\b")
_NOT_IN = re.compile(r"(?:(?:non|nn|nan|mais) )*pas (?:en|dans|au|a la) ")
SHOW_WORDS = word_set("montre montrez montrer voir vas allez vasy")
BOTH = word_set("deux 2")  # « les deux »: the first choice, then the second
OF_A_TOWN = word_set(
    "ville villes commune communes ailleurs departement demenage demenager demenagement quartier "
    "town city ciudad cidade citta"
)
AROUND = word_set(
    "loin cote pres proche proches autour alentour alentours environs voisin voisine voisins "
    "voisines"
)
ALREADY_TRIED = shown.THIS_ONE | word_set("eux refuse refusee")
_TOO_DEAR = re.compile(r"\btrop (?:cher|chere)\b")
_NEARER = re.compile(r"\bloin\b|\bplus (?:pres|proche)\b|\bchez moi\b")
ABOUT_ONESELF = ("info_rsa", "agence")  # needs whose follow-up questions only a person can answer
FACT_QUESTIONS = ("rsa", "moins_26")
# What the bot itself says, kept beside what was shown.
ABOUT_THE_BOT = "utter_aide_bot"


def need(turn: Turn, session: Session) -> Answer:
    """Answer the need of this turn, or of the conversation; ask for it when there is none."""
    if turn.theme:
        reply = NEED_HANDLERS[turn.theme](turn, session)
        if _is_shown(reply, turn):
            reply = shown.again(turn, session)
            if turn.theme != turn.display.theme:
                reply.slots |= {"theme": turn.theme, "detail_besoin": turn.detail}
        elif _same_list(reply, turn):
            reply = _nothing_else(reply, turn, session)
        return reply
    if any(turn.entities.get(fact) == "oui" for fact in records.HELPERS):  # « j'ai 19 ans »
        return accompagnement.answer(replace(turn, intent="agence"), session)
    asked = _ask_need(turn, session)
    if len(turn.display.choices) == 2:  # « plutôt un emploi, ou une formation ? » still waits
        return Answer(intro=asked, choices=turn.display.choices)
    return menu(asked)


def _is_shown(reply: Answer, turn: Turn) -> bool:
    """Whether these are places just shown: « et pour un vélo ? » has no other answer."""
    if turn.theme not in services.THEMES or turn.text[:1] == "/" or not reply.results:
        return False
    in_words = turn.intent == "repondre" or services.says_a_need(turn)
    if not in_words or turn.crisis or turn.entities.get("code_insee"):
        return False
    if all(record.get("role") for record in reply.results):  # no place, but people to ask
        return False
    known = set(turn.display.results)
    if turn.intent == "repondre":
        known.update(turn.display.seen)
    return all(record["id"] in known for record in reply.results)


def _same_list(reply: Answer, turn: Turn) -> bool:
    """« ya rien à Dugny ? »: the town under way again, and the list just shown."""
    said_again = turn.names_town and _NOTHING.search(turn.plain) and not turn.crisis
    same = [record["id"] for record in reply.results] == list(turn.display.results)
    return bool(said_again and same and reply.results)


def _nothing_else(reply: Answer, turn: Turn, session: Session) -> Answer:
    is_there = any(record["code_insee"] == turn.code_insee for record in reply.results)
    text = texts.NOTHING_ELSE_THERE if is_there else texts.NOTHING_THERE
    return shown.in_short(turn, session, text.format(at=towns.at(turn, session)))


def _ask_need(turn: Turn, session: Session) -> str:
    at = towns.at(turn, session)
    return texts.ASK_NEED.format(at=at) if at else texts.ASK_NEED_ALONE


def menu(intro: str) -> Answer:
    """A sentence and the needs as choices."""
    return Answer(intro=intro, choices=[Choice(*choice) for choice in texts.MENU])


def answer(turn: Turn, session: Session) -> Answer:
    """Answer a message that only makes sense after another."""
    if turn.intent in ABOUT_SOMETHING and not turn.theme and not turn.display.results:
        if turn.entities.get("champ") and len(turn.words) <= FEW_WORDS:  # « horaire »: of what?
            return menu(texts.NOTHING_SHOWN)
        likely, probability = turn.likeliest(_is_need)
        if probability >= LIKELY_NEED:  # said at once, it can only be a need
            return NEED_HANDLERS[split_need(likely)[0] or ""](replace(turn, intent=likely), session)
    return FOLLOWING[turn.intent](turn, session)


def follow(turn: Turn, session: Session) -> Answer | None:
    """Answer a need, or what follows an answer; None for what the bot itself answers."""
    wanted, _ = split_need(turn.intent)
    if wanted:
        return need(turn, session)
    return answer(turn, session) if turn.intent in FOLLOWING else None


def _is_need(intent: str) -> bool:
    return split_need(intent)[0] is not None


def _answered(turn: Turn, session: Session) -> Answer:
    """A detail of what is asked, or one of the choices that combine several places."""
    together = joint.said(turn, session) or week.said(turn, session)
    if together:
        return together
    if turn.awaits_town and len(turn.words) == 1 and turn.confidence < UNSURE:
        return not_understood(turn, session)  # a town that we do not know
    told = _told(turn, session)
    if told:
        return told
    if _wants_others(turn, AROUND) or _accepts_farther(turn):
        return _others(turn, session)
    if _lacks_a_trade(turn) and towns.current(turn, session):
        found = services.answer(replace(turn, intent=f"{services.WORK}_insertion"), session)
        return replace(found, intro=f"{texts.NO_EXPERIENCE}\n{found.intro}")
    helped = _helped(turn, session)
    if helped:
        return helped
    return need(turn, session)


def _accepts_farther(turn: Turn) -> bool:
    """« jusqu'à 10 km ça va », under places."""
    return _under_places(turn) and _REACH.search(turn.plain) is not None


def _under_places(turn: Turn) -> bool:
    return turn.theme in services.THEMES and bool(turn.display.results)


def _lacks_a_trade(turn: Turn) -> bool:
    """« j'ai pas d'expérience », about work: what employers of people in difficulty are for."""
    about_work = turn.theme == services.WORK and turn.detail in (None, "emploi")
    return about_work and _LACKS_TRADE.search(turn.plain) is not None


def _simply(turn: Turn, session: Session) -> Answer:
    """« c'est trop long », « je comprends pas »: the same in fewer words."""
    if turn.display.results:
        return shown.in_short(turn, session)
    if turn.display.theme == RSA:
        return info_rsa.in_short(turn, session)
    if turn.awaits_town:
        return Answer(intro=texts.ONLY_THE_TOWN, slots={"question": turn.question})
    if turn.display.choices:
        return shown.repeat(turn, texts.ONLY_A_NUMBER)
    if turn.slots.get("theme") in ABOUT_ONESELF:
        return contacts.beyond_me(turn, session)
    return menu(texts.IN_FEW_WORDS)


def _helped(turn: Turn, session: Session) -> Answer | None:
    """« j'ai 23 ans », « je suis RQTH », about work or training: the body that is for them."""
    commune = towns.current(turn, session)
    if commune is None or turn.theme not in trades.THEMES:
        return None
    for fact, role in records.HELPERS.items():
        if turn.entities.get(fact) == "oui":
            people = records.people(turn, session, commune, (role,), limit=1)
            if people:
                return Answer(intro=texts.HELPED_BY[fact], results=people)
    return None


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
    named = turn.names_town or turn.entities.get("departement")
    if not named and turn.display.theme == RSA and len(turn.words) > WORDS_OF_A_TOWN:
        return info_rsa.answer(turn.as_said("repondre", turn.entities), session)
    if towns.current(turn, session) is None:
        meant = _town_among_choices(turn)
        if meant:
            return said(turn, meant, session)
        if turn.question == towns.AFTER_DISTRESS:
            return towns.ask_after_distress(turn, session)
        return towns.ask(turn, session)
    if turn.question == towns.AFTER_DISTRESS:
        return crisis.local_contact(turn, session)
    return need(turn, session)


def _town_among_choices(turn: Turn) -> str | None:
    """« dans le 93 », after « Laquelle ? »: the payload of the only choice that is there."""
    inside = f"({turn.entities.get('departement')})"
    there = [choice.payload for choice in turn.display.choices if choice.title.endswith(inside)]
    return there[0] if len(there) == 1 else None


def _another_town(turn: Turn, session: Session) -> Answer:
    """« une autre ville »; « et à côté ? » wants other places, « plutôt le bâtiment » no town."""
    words = set(turn.words)
    if turn.entities.get("code_insee"):  # « pour ma femme, elle habite Stains »
        return _town(turn, session)
    if turn.display.results and words & AROUND:  # « et dans les communes voisines ? »
        return _more(turn, session)
    if _under_places(turn) and turn.theme in trades.THEMES and trades.named_in(turn.plain):
        return need(turn.as_said("repondre"), session)  # « plutôt l'esthétique »
    asks_for_one = not words.isdisjoint(OF_A_TOWN) or turn.entities.get("departement")
    if turn.display.results and not asks_for_one:
        return shown.noted(turn, session)
    if turn.display.theme == RSA and not asks_for_one:  # « il habite pas avec moi »
        return info_rsa.answer(turn.as_said("repondre", turn.entities), session)
    reply = towns.ask(turn, session, texts.ANOTHER_TOWN)
    reply.slots.update(code_insee=None, commune=None)
    if not reply.choices:
        reply.slots["affichage"] = turn.display.to_slot()
    return reply


def _choose(turn: Turn, session: Session) -> Answer:
    """« le 2 » counts through the results, then through the choices shown after them."""
    display = turn.display
    options = len(display.results) + len(display.choices)
    if not options:
        return menu(texts.NOTHING_SHOWN)
    ranks = [(len(display.results) or options) if n == -1 else n for n in turn.ranks]
    if not ranks and turn.text[:1] != "/":  # « celui de la mairie », « va pour le B1 »
        return shown.named(turn, session) or shown.repeat(turn, texts.NOTED)
    if not ranks or not all(1 <= number <= options for number in ranks):
        return shown.repeat(turn, texts.NO_SUCH_RESULT)
    number = max(ranks)
    if "pas" in turn.words and _under_places(turn):  # « pas le 2 »
        return _others(turn, session)
    if number <= len(display.results):
        if feedback.is_asked(turn):
            return feedback.chosen(turn, session, number)
        return shown.choose(turn, session)
    return said(turn, display.choices[number - len(display.results) - 1].payload, session)


def _detail(turn: Turn, session: Session) -> Answer:
    told = _told(turn, session)
    if told:
        return told
    searches = turn.theme in (*services.THEMES, "evenement") and turn.awaits_town
    if searches and not turn.display.results and not turn.names_town:
        asks_when = turn.theme == "evenement" and questions.field(turn) in ("date", "horaires")
        return shown.aside(turn, texts.NO_DATE_YET if asks_when else texts.FIRST_THE_TOWN)
    if not turn.display.results:
        return need(turn, session)
    if turn.theme == "evenement" and "handicap" in turn.plain:
        return need(turn.with_slots(handicap="oui"), session)
    if shown.names_a_trade(turn):  # « il y en a dans le bâtiment ? »: others may
        return need(turn.as_said("repondre", turn.entities), session)
    return shown.detail(turn, session)


def _told(turn: Turn, session: Session) -> Answer | None:
    """What people tell of themselves under an answer, when it changes what they need."""
    if not turn.display.results:
        return None
    if questions.tells(turn, TRIED):
        if turn.display.theme in ("agence", "humain", RSA):
            return _other_people(turn, session)
        return services.more(turn, session) if _under_places(turn) else None
    trade = trades.named_in(turn.plain) if RATHER.search(turn.plain) else ""
    if trade and turn.display.theme in trades.THEMES:  # « laisse tomber, plutôt la sécurité »
        return need(turn.as_said("repondre").with_slots(theme=turn.display.theme), session)
    if questions.tells(turn, SETTLED) and _another_need(turn)[1] < MAY_BE_ANOTHER:
        return _give_up(menu(texts.NOTED_NO))
    moves = questions.tells(turn, TRANSPORT) and not RATHER.search(turn.plain)
    if moves and _under_places(turn) and not _accepts_farther(turn):
        reply = shown.noted(turn, session)
        if turn.detail != "mobilite":
            services.offer_another(reply, shown.MOBILITY)
        return reply
    return None


def _another_need(turn: Turn) -> tuple[str, float]:
    """The likeliest need but the one under way: « non finalement plutôt un emploi »."""
    given_up = turn.display.theme
    return turn.likeliest(lambda name: split_need(name)[0] not in (None, given_up))


def _give_up(reply: Answer) -> Answer:
    """What was looked for is not wanted any more."""
    reply.slots.update(theme=None, detail_besoin=None)
    return reply


def _other_people(turn: Turn, session: Session, first: str = texts.NO_ANSWER_YET) -> Answer:
    others = turn.as_said("plus").with_slots(theme="agence", detail_besoin=None)
    reply = accompagnement.answer(others, session)
    told = records.tell(search.get_records(session, turn.display.results), turn, session)
    called = {record["telephone"] for record in told} - {None}
    left = [record for record in reply.results if record["telephone"] not in called]
    return replace(
        reply,
        intro=f"{first}\n{reply.intro}".strip(),
        results=left or reply.results,
        further=True,
    )


def _more(turn: Turn, session: Session) -> Answer:
    if turn.theme in services.THEMES and not turn.entities.get("code_insee"):
        return _others(turn, session)
    return need(turn, session)


def _why(turn: Turn, session: Session) -> Answer:
    if turn.display.results:
        return shown.why(turn, session)
    if turn.awaits_town:
        return Answer(intro=texts.WHY_TOWN, slots={"question": turn.question})
    return need(turn, session)


def _about_the_bot(turn: Turn, session: Session) -> Answer:
    if turn.entities.get("code_insee") and turn.slots.get("theme"):
        return _town(turn, session)  # « où est ce service à Nanterre ? »
    return replace(shown.repeat(turn, ""), response=ABOUT_THE_BOT)


def _others(turn: Turn, session: Session) -> Answer:
    """Other places than those shown; « trop loin », « plus près » ask first how far they are."""
    if turn.display.results and _NEARER.search(turn.plain):
        return shown.detail(turn.as_said("detail", {"champ": "distance"}), session)
    return services.more(turn, session)


def _skip(turn: Turn, session: Session) -> Answer:
    if turn.question in FACT_QUESTIONS:
        return _fact(turn, turn.question, "passe", session)
    if turn.names_town:  # « Bagnolet ou Les Lilas, peu importe »
        return _town(turn, session)
    if turn.awaits_town:
        return menu(texts.TOWN_SKIPPED)
    return menu(texts.ASK_NEED_ALONE)


def _yes(turn: Turn, session: Session) -> Answer:
    asked = _asked(turn)
    meant, probability = _another_need(turn)
    if len(turn.words) > 1 and not asked and probability >= MAY_BE_ANOTHER:  # « oui, travail »
        return need(replace(turn, intent=meant), session)
    if turn.display.results and _AND_WHERE.search(turn.plain):  # « oui, y en a où ? »
        return shown.detail(turn.as_said("detail", {"champ": "adresse"}), session)
    if asked in FACT_QUESTIONS:
        if OKAY.issuperset(turn.words) and not turn.entities.get(asked):  # it is no « oui »
            return shown.repeat(turn, texts.NOTED)
        return _fact(turn, asked, "oui", session)
    if asked == "autre_theme" or (not asked and _accepts_the_offer(turn)):
        return said(turn, f"/{turn.slots['autre_theme']}", session)
    if asked == week.DETAIL:
        return week.answer(turn, session)
    if len(turn.display.choices) == 2 and BOTH & set(turn.words):
        reply = said(turn, turn.display.choices[0].payload, session)
        reply.choices = [*reply.choices, turn.display.choices[1]]
        return reply
    if turn.awaits_town:
        if turn.display.choices:
            reply = shown.repeat(turn, texts.ASK_WHICH_TOWN)
            reply.slots["question"] = asked
            return reply
        return towns.ask(turn, session)
    if len(turn.display.choices) == 1 and SHOW_WORDS & set(turn.words):
        return said(turn, turn.display.choices[0].payload, session)
    return shown.repeat(turn, texts.NOTED) if turn.display.results else menu(texts.NOTED_YES)


def _accepts_the_offer(turn: Turn) -> bool:
    """« oui la garde aussi », after the need that was offered some messages before."""
    offered = split_need(turn.slots.get("autre_theme") or "")[0]
    of_it = turn.likeliest(lambda name: offered is not None and split_need(name)[0] == offered)
    return len(turn.words) > 1 and of_it[1] >= MAY_BE_OFFERED


def _no(turn: Turn, session: Session) -> Answer:
    asked = _asked(turn)
    if asked in FACT_QUESTIONS and len(turn.words) <= SHORT_REFUSAL:
        return _fact(turn, asked, "non", session)
    told = _told(turn, session)
    if told:
        return told
    if turn.display.results and _TOO_DEAR.search(turn.plain):
        return shown.detail(turn.as_said("detail", {"champ": questions.HELP_TO_PAY}), session)
    if turn.display.results and _LACK.match(turn.plain):  # « j'ai pas d'apport »
        return shown.noted(turn, session)
    refuses_to_say = len(turn.words) <= SHORT_REFUSAL or turn.confidence >= CLEAR
    if turn.awaits_town and refuses_to_say:
        return menu(texts.TOWN_SKIPPED)
    if _under_places(turn) and turn.theme in trades.THEMES and trades.named_in(turn.plain):
        return _others(turn, session)  # « non, pas dans le bâtiment »
    if _under_places(turn) and turn.theme in trades.THEMES and _NOT_IN.match(turn.plain):
        return _others(turn, session)  # « pas en fast food »
    if turn.theme in services.THEMES and services.unwanted(turn.text):  # « pas d'intérim »
        return services.answer(turn, session)
    words = turn.words
    if _wants_others(turn, ALREADY_TRIED | AROUND):  # « pas celui-là », « non mais à côté »
        others = _others(turn, session)
        shown_now = {record["id"] for record in others.results}
        if shown_now and shown_now <= set(turn.display.seen):
            return _give_up(menu(texts.NOTED_NO))  # there are no others
        return others
    wanted, sure = turn.likeliest(_is_need)
    if RATHER.search(turn.plain) and sure >= MAY_BE and "pas" not in words:
        return need(replace(turn, intent=wanted), session)  # « en fait non, plutôt un stage »
    # « laissez tomber la crèche » does not ask for one again.
    meant, probability = _another_need(turn)
    if len(words) > 2 and probability >= LIKELY_NEED and "pas" not in words:
        return need(replace(turn, intent=meant), session)  # « nan plutôt une formation »
    if turn.awaits_town and _NO_NEED.search(turn.plain):
        return Answer(intro=texts.NOTED)  # « je n'ai pas besoin d'adresse, merci »
    if turn.awaits_town:  # « non mais je veux juste discuter »
        return Answer(intro=texts.TOWN_STILL_ASKED, slots={"question": asked})
    of_people = turn.display.theme == "agence" and turn.display.results
    if of_people and _NOT_THEM.search(turn.plain):  # « non, pas l'ALI »
        return _other_people(turn, session, first="")
    reply = shown.repeat(turn, texts.NOTED) if "merci" in words else menu(texts.NOTED_NO)
    if len(words) > 2 and shown.THIS_ONE.isdisjoint(words):  # « pas une crèche »
        _give_up(reply)
    return reply


def _wants_others(turn: Turn, words: frozenset[str]) -> bool:
    """Whether what is shown will not do: one of these words, and more than one word."""
    return _under_places(turn) and len(turn.words) > 1 and not words.isdisjoint(turn.words)


def _asked(turn: Turn) -> str:
    """The question answered: the one its button names, else the last one."""
    return next((name for name in FACT_QUESTIONS if name in turn.entities), turn.question or "")


def _if_it_fails(turn: Turn, session: Session) -> Answer:
    """« et si c'est complet ? », « s'ils répondent pas ? »: other places, or other people."""
    if turn.display.theme == services.CHILDCARE and turn.detail == "creche":
        return services.answer(replace(turn, intent=services.CHILDMINDER), session)
    if _under_places(turn):
        return services.more(turn, session)
    if turn.display.theme in ("agence", "humain", RSA) and towns.current(turn, session):
        return _other_people(turn, session)
    return need(turn.as_said("repondre", turn.entities), session)


def _move_a_meeting(turn: Turn, session: Session) -> Answer:
    """« je peux décaler le rendez-vous ? », « le faire par téléphone ? »: only who gave it can."""
    by_phone = _BY_PHONE.search(turn.plain)
    return shown.aside(turn, texts.ASK_WHO_RECEIVES if by_phone else texts.MOVE_A_MEETING)


def _letter(turn: Turn, session: Session) -> Answer:
    """« qui peut me lire ce papier ? », « m'aider à répondre à la lettre ? »."""
    writes = _HELP_TO_WRITE.search(turn.plain)
    return contacts.people_or_town(
        turn, session, texts.CANNOT_WRITE if writes else texts.HELP_TO_READ
    )


def _whom(turn: Turn, session: Session) -> Answer:
    """« à qui je le demande ? »: whom to call of what is shown, or who answers for a rule."""
    if turn.names_town and not (_under_places(turn) or info_rsa.tells(turn)):
        return _town(turn, session)
    if turn.display.theme == RSA or (not _under_places(turn) and info_rsa.tells(turn)):
        return info_rsa.proof(turn, session) or info_rsa.who_answers(turn, session)
    if not turn.display.results:
        return contacts.people_or_town(turn, session, texts.TALK_TO)
    asked = "telephone" if _under_places(turn) else questions.ADVICE
    return shown.detail(turn.as_said("detail", {"champ": asked}), session)


def _secret(turn: Turn, session: Session) -> Answer:
    """« vous allez le dire à la CAF ? »."""
    return shown.aside(turn, texts.NOBODY_IS_TOLD)


def _machine(turn: Turn, session: Session) -> Answer:
    """« vous êtes une vraie personne ? »."""
    return shown.aside(turn, texts.A_MACHINE)


def _not_that(turn: Turn, session: Session) -> Answer:
    """« c'est pas ça que je demande »: the other need that it may say, or what is wanted."""
    if turn.names_town:  # « j'ai dit Aubervilliers, pas Villepinte »
        return _town(turn, session)
    meant, probability = _another_need(turn)
    if probability >= MAY_BE_ANOTHER:
        return need(replace(turn, intent=meant), session)
    return _give_up(menu(texts.NOT_THAT))


def _excused(turn: Turn, session: Session) -> Answer:
    """« désolé de m'être énervé »: it is forgotten, and what was shown stays."""
    return shown.aside(turn, texts.NO_OFFENCE)


def _thanked(turn: Turn, session: Session) -> Answer:
    """« merci c'est gentil pour ma formation »."""
    return replace(shown.repeat(turn, ""), response="utter_merci")


def _takes_leave(turn: Turn, session: Session) -> Answer:
    """« bon j'y vais, ma fille sort de l'école »."""
    return replace(shown.repeat(turn, ""), response="utter_au_revoir")


def _hesitates(turn: Turn, session: Session) -> Answer:
    """« j'ose pas y aller », « c'est pas pour moi je crois »."""
    if turn.display.theme == RSA:
        return contacts.beyond_me(turn, session, texts.ASK_WITHOUT_FEAR)
    return shown.aside(turn, texts.HESITATES)


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
    subject = turn.entities.get("sujet_proche")
    if turn.display.theme == RSA:  # of one's own case
        asks_what = not {"quoi", "koi"}.isdisjoint(turn.words)
        if subject in HARDSHIPS and info_rsa.tells_a_hardship(turn) and not asks_what:
            return info_rsa.answer(replace(turn, intent=info_rsa.FEWER_HOURS), session)
        if subject == "retraite" and not _WHO_HANDLES.search(turn.plain):
            return contacts.beyond_me(turn, session)
    if subject:
        return contacts.near_subject(turn, session)
    if turn.entities.get("dispositif") in names.known_names():
        return names.explain_name(turn, session)
    if services.is_another_child(turn):
        return services.answer(replace(turn, intent=services.CHILDCARE), session)
    return None


def out_of_scope(turn: Turn, session: Session) -> Answer:
    """A subject that is not ours: who handles it, when we know; the menu otherwise."""
    if _NUMBER.search(turn.text):
        return shown.repeat(turn, texts.NO_NUMBERS)
    known = beside(turn, session)
    if known:
        return known
    if turn.misunderstood >= 2:
        return with_menu_and_people(turn, session, texts.OUT_OF_SCOPE_AGAIN)
    if turn.display.theme == RSA and info_rsa.tells_a_hardship(turn):
        return info_rsa.answer(turn.as_said("repondre", turn.entities), session)
    if turn.awaits_town and _may_be_a_town(turn.text):
        return not_understood(turn, session)
    unsure = turn.awaits_town or turn.confidence < UNSURE
    if turn.theme and turn.entities.get("code_insee") and unsure:
        return _town(turn, session)  # « j'ai dit Aubervilliers »
    if turn.slots.get("theme") in ABOUT_ONESELF:
        return contacts.beyond_me(turn, session)
    if turn.display.results:
        return shown.repeat(turn, texts.OUT_OF_SCOPE_OF_RESULTS)
    return menu(texts.OUT_OF_SCOPE)


def _may_be_a_town(text: str) -> bool:
    words = text.casefold().split()
    return len(words) <= WORDS_OF_A_TOWN and "?" not in text and words[:1] not in (["et"], ["mais"])


def not_understood(turn: Turn, session: Session) -> Answer:
    """A short useful answer; after two in a row, the menu and someone to talk to."""
    hesitation = turn.entities.get("hesitation")
    if hesitation:
        first, second = hesitation[:2]
        is_helped = any(turn.fact(fact) == "oui" for fact in records.HELPERS)
        if is_helped and "agence" in (split_need(first)[0], split_need(second)[0]):
            return accompagnement.answer(turn.as_said("agence", turn.entities), session)
        names = [services.need_name(*split_need(intent)) for intent in (first, second)]
        intro = texts.HESITATION.format(first=names[0], second=names[1])
        choices = [Choice(names[0], f"/{first}"), Choice(names[1], f"/{second}")]
        return Answer(intro=_capitalised(intro), choices=choices)
    known = beside(turn, session)
    if known:
        return known
    if turn.misunderstood >= 2:
        return with_menu_and_people(turn, session, texts.NOT_UNDERSTOOD_AGAIN)
    if turn.names_town:
        return _town(turn, session)
    if turn.awaits_town and (_may_be_a_town(turn.text) or not turn.theme):
        return Answer(intro=texts.TOWN_NOT_RECOGNISED, slots={"question": turn.question})
    if turn.slots.get("theme") in ABOUT_ONESELF:
        return contacts.beyond_me(turn, session)
    if turn.display.results:
        return shown.repeat(turn, texts.NOT_UNDERSTOOD_OF_RESULTS)
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


# What is learnt as such of messages that follow an answer: nothing else is looked for in them.
ACTS: Mapping[str, Handler] = {
    "si_complet": _if_it_fails,
    "deplacer": _move_a_meeting,
    "lettre": _letter,
    "a_qui": _whom,
    "secret": _secret,
    "machine": _machine,
    "pas_ca": _not_that,
    "excuse": _excused,
    "hesite": _hesitates,
}
FOLLOWING: Mapping[str, Handler] = {
    **ACTS,
    "merci": _thanked,
    "au_revoir": _takes_leave,
    "plainte": contacts.answer,
    "hors_sujet": out_of_scope,
    "recommencer": restart,
    "donner_commune": _town,
    "autre_ville": _another_town,
    "choisir": _choose,
    "plus": _more,
    "detail": _detail,
    "pourquoi": _why,
    "passer": _skip,
    "repondre": _answered,
    "reformuler": _simply,
    "aide_bot": _about_the_bot,
    "affirmer": _yes,
    "nier": _no,
}
