"""Childcare, French, digital skills, training, jobs and partner offers: the nearest that fit."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from actions import conditions, contacts, french, presentation, records, texts, towns
from actions.conversation import TOWN_QUESTIONS, Answer, Choice, Turn, split_need
from actions.directory import followup, search
from actions.directory.followup import journal
from actions.directory.models import Commune
from actions.directory.schemas import NO_CONDITION, Conditions
from actions.directory.search import Match, SearchQuery, trades
from actions.directory.text import simplify, stems

_ARTICLES = r"(?:(?:de|d|du|des|le|la|les|l|un|une|en|dans|par|a|au|aux|chez) )*"
_REFUSED = re.compile(
    r"(?:(?:non|mais|surtout|ok|je|j|il|elle|on|ne|n|veux|veut|aime|voudrais) )*"
    r"(?:pas|sauf|a part|veux plus|voudrais plus) (?:aller )?"
    rf"{_ARTICLES}(?:(?:contrats?|postes?|travail|emplois?|cours) {_ARTICLES})?(?P<word>\w{{5,}})"
    r"(?: locale| d insertion)?(?: (?:finalement|merci|svp|en fait|non plus"
    r"|(?:un|une|des|du|plutot|juste|mais|je|j|il|elle) .+))?$"
)
_NOT = re.compile(rf"\b(?:pas|sauf|surtout pas) {_ARTICLES}(?:(?:metiers?|travail) {_ARTICLES})?$")
_OTHER_THAN = re.compile(rf"\bautres? (?:\w+ )?que {_ARTICLES}(?P<word>\w{{5,}})")
_NUMBER = rf"\d{{1,2}}|{'|'.join(french.NUMBERS)}"
# « 3 ans », « deux, quatre et sept ans »
_AGE = re.compile(
    rf"\b(?P<others>(?:(?:{_NUMBER}) (?:et )?){{0,5}})(?P<number>{_NUMBER})"
    r" (?P<unit>ans?|years?|anos?|anni|mois|months?|meses|mesi)\b"
)
SCHOOL_AGE = range(3, 14)  # years: school takes children at three, their leisure centre then too
FOR_THE_YOUNG = frozenset(
    {"mission locale", "information jeunesse", "jeunes de 16", "16 a 25 ans", "2e chance"}
)
FOR_BABIES = frozenset({"moins de 3 an", "moins de trois an"})
NO_CRECHE = 6  # years, from which who asked for a crèche wants the leisure centre
THEMES = ("garde_enfants", "francais", "numerique", "formation", "offre_partenaire")
OFFERED = (*THEMES, "agence", "evenement")  # needs that a message may say beside what it means
SAID = 0.8  # confidence from which it says one
CHILDCARE, COURSES = "garde_enfants", ("francais", "formation")
AFTER_SCHOOL, HELP_TO_PAY = f"{CHILDCARE}_periscolaire", f"{CHILDCARE}_aide_financiere"
ODD_HOURS, CHILDMINDER = f"{CHILDCARE}_horaires_decales", f"{CHILDCARE}_assistante_maternelle"
WORK = "offre_partenaire"
BUSINESS = f"{WORK}_creation"
_LOAN = re.compile(r"\b(?<!suis )pret(?:s|er|ez|ent)?\b|\b(?:micro ?)?credits?\b|\bemprunt\w*")
# « pour mon boulot à Roissy »: where one works
_AT_WORK = re.compile(
    r"\b(?:(?:mon|trouve (?:un |du )?) ?(?:\w+ )?(?:boulot|travail|taf|job|emploi|poste|chantier)"
    r"|boss\w+|travaill\w+)"
    r" (?:\w+ ){0,2}(?:a|au|aux|sur|pres de)\b"
)
# « je commence à 5h », « je travaille la nuit »
_ODD_HOURS = re.compile(
    r"\b(?:commenc\w*|boss\w*|travail\w*|embauch\w*|debut\w*|pars|taf\w*|fini\w*|termin\w*|rentre)"
    r"\b.*\b(?:(?<!plus )tot|nuits?|dimanches?|(?<!plus )tard|week ?end"
    r"|(?:a|vers|des|jusqu a) (?:[3-6]|2[0-3]) ?h(?:eures?)?\b)"
)
# « et s'il n'y a pas de place en crèche ? », « autre chose qu'une crèche »
_FULL_CRECHE = re.compile(
    r"\bpas de place\w* (?:en|a la|dans les|dans la) creches?\b"
    r"|\bautre chose qu\w* (?:\w+ )?creches?\b"
    r"|\bcreches? (?:\w+ ){0,3}(?:pleines?|completes?|plus de places?)\b"
)
_CHILDMINDER = re.compile(r"\bn[ou]+nous?\b|\bass? ?mat\b|\bassistantes? maternelles?\b")
NO_CONSULTATIONS = ("periscolaire", "ponctuelle", "horaires_decales")  # details that no PMI answers
_MONEY = re.compile(
    r"\bpa[iy]\w*|\baid\w*|\bcou?t\w*|\bprix\b|\bchere?s?\b|\bfinanc\w*|\bcaf\b|\bmsa\b|\bargent\b"
    r"|\brembours\w*|\btarifs?\b|€|\beuros?\b|\bgratui\w*|\bcmg\b|\bdroits?\b|\bcombien\b"
    r"|\bavanc\w*|\bfrais\b|\bsommes?\b|\bsubvention\w*|\bmoyens\b|\bfactur\w*|\bbudget\b"
    r"|\bcesu\b|\bpaje\b|\bprise? en charge\b|\bprend\w* en charge\b|\bsous\b"
)
SHOWN = 3
# Work and training, where who is disabled is accompanied by Cap emploi.
FOR_CAP_EMPLOI = (
    *(("formation", detail) for detail in (None, "orientation")),
    *((WORK, detail) for detail in (None, "emploi", "insertion")),
)
_DISABLED = re.compile(r"\brqth\b|\btravailleu\w* handicap\w*|\bhandicape?e?s?\b")
WALK_KM = 5.0  # from which a place that fits better no longer comes first
NEARBY = 50  # places among which the nearest is looked for
MOST_DOUBTED = 10  # places said wrong that may hide others, in one search
BORDER_KM = 15  # outside our départements, what is still worth the way


def answer(turn: Turn, session: Session) -> Answer:
    """Show up to three services for the need of this turn, or ask for the town."""
    turn = _without_refused(_with_age(by_words(turn)))
    commune = towns.current(turn, session)
    if commune is None:
        need = said_need(turn)
        asked = towns.ask(turn, session, texts.ASK_TOWN_FOR.format(need=need))
        if turn.intent == "repondre":
            asked.intro = texts.NOTED_BEFORE.format(asked=asked.intro)
        if _DISABLED.search(turn.plain):
            asked.slots["handicap"] = "oui"  # told once, before the town
        return remember(asked, turn)
    if turn.names_town and not towns.is_covered(commune) and _AT_WORK.search(turn.plain):
        place = texts.HOME_ASKED.format(place=towns.name_of(commune))
        asked = towns.ask(turn.with_slots(code_insee=None), session, place)
        asked.slots |= {"code_insee": None, "commune": None}
        return remember(asked, turn)
    found = _found(turn, session, commune, seen=())
    return remember(_with_cap_emploi(found, turn, session, commune), turn)


def _with_cap_emploi(reply: Answer, turn: Turn, session: Session, commune: Commune) -> Answer:
    """« il a une RQTH et cherche un emploi »: first, who accompanies disabled people to work."""
    about_work = (turn.theme, turn.detail) in FOR_CAP_EMPLOI
    disabled = turn.fact("handicap") == "oui" or _DISABLED.search(turn.plain)
    if not (about_work and disabled and reply.results and towns.is_covered(commune)):
        return reply
    helper = records.people(turn, session, commune, (records.HELPERS["handicap"],), limit=1)
    known = {record["id"] for record in helper}
    others = [record for record in reply.results if record["id"] not in known]
    return replace(reply, results=[*helper, *others][:SHOWN])


def more(turn: Turn, session: Session) -> Answer:
    """Show the next services, without those already seen."""
    commune = towns.current(turn, session)
    if commune is None or by_words(turn) is not turn:
        return answer(turn, session)
    reply = remember(_found(turn, session, commune, seen=turn.display.seen), turn)
    return replace(reply, further=True)


def by_words(turn: Turn) -> Turn:
    """The finer need that one word decides, whatever was understood."""
    if turn.text[:1] == "/" or turn.entities.get("langue", "fr") != "fr":
        return turn
    words = turn.plain
    if turn.intent == HELP_TO_PAY and not _MONEY.search(words):  # « et pour la garde ? »
        return replace(turn, intent=CHILDCARE)
    if turn.theme == CHILDCARE and _FULL_CRECHE.search(words):
        return replace(turn, intent=CHILDMINDER)
    if turn.intent == CHILDCARE and _CHILDMINDER.search(words):
        return replace(turn, intent=CHILDMINDER)
    if turn.intent in (CHILDCARE, "repondre") and turn.theme == CHILDCARE:
        return replace(turn, intent=ODD_HOURS) if _ODD_HOURS.search(words) else turn
    if turn.theme == WORK and asks_a_loan(turn):
        return replace(turn, intent=BUSINESS)  # « et un petit prêt ? »
    return turn


def asks_a_loan(turn: Turn) -> bool:
    """Whether a loan is asked of those who help to create a business."""
    under_way = f"{turn.display.theme}_{turn.slots.get('detail_besoin')}"
    return under_way == BUSINESS and _LOAN.search(turn.plain) is not None


def _with_age(turn: Turn) -> Turn:
    """« garder ma fille de 9 ans » asks for the hours after school, not for a crèche."""
    ages = _ages(turn.text)
    if turn.theme != CHILDCARE or not ages:
        return turn
    told_after = turn.intent == "repondre" and (not turn.detail or min(ages) >= NO_CRECHE)
    if (turn.intent == CHILDCARE or told_after) and all(age in SCHOOL_AGE for age in ages):
        return replace(turn, intent=AFTER_SCHOOL)
    after_school = turn.intent == AFTER_SCHOOL or (
        turn.intent == "repondre" and f"{CHILDCARE}_{turn.detail}" == AFTER_SCHOOL
    )
    if after_school and all(age < min(SCHOOL_AGE) for age in ages):
        return replace(turn, intent=CHILDCARE)
    return turn


def _without_refused(turn: Turn) -> Turn:
    """« pas d'insertion »: the need without its finer part, which is refused; or the one before."""
    named = set(stems(need_name(turn.theme, turn.detail))) if turn.detail else set()
    if named.isdisjoint(unwanted(turn.text)):
        return turn
    before = turn.slots.get("detail_besoin")
    intent = f"{turn.theme}_{before}" if before not in (None, turn.detail) else turn.theme or ""
    return replace(turn, intent=intent).with_slots(detail_besoin=None)


def _ages(text: str) -> list[int]:
    """The ages that a message tells, in years: under one, 0."""
    ages = []
    for found in _AGE.finditer(simplify(text)):
        numbers = [word for word in found["others"].split() if word != "et"]
        numbers.append(found["number"])
        ages += [0 if found["unit"].startswith("m") else french.number(n) for n in numbers]
    return ages


def _too_young(turn: Turn) -> frozenset[str]:
    """Stems of places for younger children than all those whose age is told."""
    if turn.theme != CHILDCARE:
        return frozenset()
    youngest = min(_ages(turn.text), default=0)
    if youngest >= NO_CRECHE:
        return FOR_BABIES | {"creche", "maternelle", "pmi"}
    consultations = frozenset({"pmi"} if turn.detail in NO_CONSULTATIONS else ())
    return consultations | (FOR_BABIES if youngest > min(SCHOOL_AGE) else frozenset())


def _too_old(turn: Turn) -> frozenset[str]:
    """Beginnings of places for people under 26, when the person said that they are older."""
    about_work = turn.theme in trades.THEMES
    return FOR_THE_YOUNG if about_work and turn.fact("moins_26") == "non" else frozenset()


def is_another_child(turn: Turn) -> bool:
    """« et mon fils de 8 mois ? » when childcare is under way."""
    return turn.theme == CHILDCARE and _AGE.search(turn.plain) is not None


def need_name(theme: str | None, detail: str | None) -> str:
    """The need in words: « une crèche », « la formation »."""
    return texts.NEED_NAMES.get(f"{theme}_{detail}") or texts.NEED_NAMES[theme or "humain"]


def asked_of_places(turn: Turn) -> Conditions:
    """What a place must be: said with the need, and kept until the next one."""
    if says_a_need(turn):
        return conditions.read(turn.text, turn.now, turn.theme == CHILDCARE)
    return conditions.from_slot(turn.display.conditions, turn.now)


def _trade(turn: Turn) -> str:
    """The trade or the thing that the person named for this need, in this message or before."""
    if turn.theme not in trades.THEMES:
        return ""
    before = turn.display.trade if turn.display.theme == turn.theme else ""
    if trades.named_in(before, turn.detail) != before:
        before = ""  # of another finer need
    if _refuses_a_trade(turn):
        return "" if before in _refused_trades(turn) else before
    return trades.named_in(turn.plain, turn.detail) or before


def _refuses_a_trade(turn: Turn) -> bool:
    """« non, pas dans le bâtiment », « j'ai mal au dos, pas du bâtiment »."""
    before, trade, _ = turn.plain.partition(trades.named_in(turn.plain) or "\n")
    return turn.intent == "nier" or bool(trade and _NOT.search(before))


def _refused_trades(turn: Turn) -> frozenset[str]:
    """Beginnings of what places write of the trades refused."""
    if not _refuses_a_trade(turn):
        return frozenset()
    return frozenset(s.strip() for family in trades.families_in(turn.plain) for s in family)


def said_need(turn: Turn) -> str:
    """The need in words, by the thing named when it is one: « un vélo », « des vêtements »."""
    return texts.THINGS.get(thing(turn)) or need_name(turn.theme, turn.detail)


def thing(turn: Turn) -> str:
    """The first word of the family of things named for this need; empty without any."""
    things = trades.THINGS.get(turn.detail or "", ())
    return next((family[0].strip() for family in things if f" {_trade(turn)}" in family), "")


def says_a_need(turn: Turn) -> bool:
    """Whether a need is said in words, not picked among choices."""
    return split_need(turn.intent)[0] is not None and turn.text[:1] != "/"


def remember(reply: Answer, turn: Turn) -> Answer:
    """Keep the need for the next turns, and offer the second need of the message if any."""
    reply.conditions = conditions.to_slot(asked_of_places(turn))
    reply.trade = _trade(turn)
    reply.slots = {"theme": turn.theme, "detail_besoin": turn.detail, **reply.slots}
    other = turn.entities.get("autre_theme")
    if other is None and turn.awaits_town:
        other = turn.slots.get("autre_theme")  # said before the town was known
    if other and split_need(other)[0] == turn.theme:
        other = None  # just answered
    reply.slots["autre_theme"] = other
    if other:
        _offer(reply, other, turn.theme)
    return reply


def offer_instead(reply: Answer, turn: Turn) -> None:
    """Offer the need that a message says, when it was read as one about what was shown."""
    need, _ = split_need(turn.intent)
    if (
        need in OFFERED
        and need != turn.display.theme
        and turn.confidence >= SAID
        and not reply.slots.get("question")
    ):
        offer_another(reply, turn.intent)


def offer_another(reply: Answer, intent: str) -> None:
    """« Ou cherchez-vous un emploi ? »."""
    _add_offer(reply, intent, texts.OR_RATHER)
    reply.slots |= {"autre_theme": intent, "question": "autre_theme"}


def go_together(one: str | None, other: str | None) -> bool:
    """Whether these needs are a course and the childcare place that lets one follow it."""
    return (one == CHILDCARE and other in COURSES) or (one in COURSES and other == CHILDCARE)


def _offer(reply: Answer, other: str, theme: str | None) -> None:
    if reply.slots.get("question") in TOWN_QUESTIONS:
        later = texts.ALSO_LATER.format(need=need_name(*split_need(other)))
        reply.closing = "\n".join(filter(None, (reply.closing, later)))
        return
    _add_offer(reply, other, texts.ALSO)
    if go_together(theme, split_need(other)[0]):
        reply.choices = [*reply.choices, Choice(*texts.TOGETHER)]


def _add_offer(reply: Answer, intent: str, sentence: str) -> None:
    """End an answer on another need, which « oui » or its choice accepts."""
    name = need_name(*split_need(intent))
    reply.closing = "\n".join(filter(None, (reply.closing, sentence.format(need=name))))
    reply.choices = [*reply.choices, Choice(texts.ALSO_CHOICE.format(need=name), f"/{intent}")]
    reply.slots.setdefault("question", "autre_theme")


def _found(turn: Turn, session: Session, commune: Commune, seen: Sequence[str]) -> Answer:
    covered = towns.is_covered(commune)
    doubted = followup.doubted(session)
    said = turn.text if says_a_need(turn) or turn.intent == "repondre" else ""
    query = SearchQuery(
        theme=turn.theme or "",
        detail=turn.detail,
        code_insee=commune.code_insee,
        words=f"{said} {_trade(turn)}".strip(),
        unwanted=unwanted(turn.text) | _refused_trades(turn) | _too_young(turn) | _too_old(turn),
        publics=publics(turn),
        conditions=asked_of_places(turn),
        today=turn.today,
        limit=SHOWN + 1 + min(len(doubted), MOST_DOUBTED),
        exclude=frozenset(seen),
        radius_km=math.inf if covered else BORDER_KM,
    )
    matches = search.search_services(session, query)
    unmet = query.conditions if not matches else NO_CONDITION
    if unmet:
        matches = search.search_services(session, replace(query, conditions=NO_CONDITION))
    # What people say wrong stays, after the others: they may be mistaken.
    matches.sort(key=lambda match: followup.place_of(match.record) in doubted)
    matches = matches[: SHOWN + 1]
    if not covered:
        matches = [m for m in matches if m.distance_km is not None and m.distance_km <= BORDER_KM]
    matches = [*_offers(turn, session, commune, seen), *matches]
    need = said_need(turn)
    if not matches:
        if covered and not seen:
            count_unmet(turn, session, commune, followup.NOTHING)
        return _nothing(turn, session, commune, need, bool(seen))
    if covered and not seen and _all_indirect(matches):
        count_unmet(turn, session, commune, followup.INDIRECT)
    shown, further = matches[:SHOWN], matches[SHOWN:]
    shown.sort(key=_order)
    results = records.tell(shown, turn, session, doubted)
    if not covered or not _in_town(results, commune):
        results.sort(key=_how_far)  # the answer speaks of the nearest: it comes first
    intro = texts.FOUND_MORE if seen else _intro(commune, need, shown, results, covered)
    first = (
        _about_conditions(query.conditions, unmet, shown),
        _about_trade(turn, results),
        texts.HELP_TO_PAY if f"{turn.theme}_{turn.detail}" == HELP_TO_PAY else "",
        intro,
    )
    return Answer(
        intro="\n".join(filter(None, first)),
        results=results,
        closing=texts.AFTER_RESULTS if len(results) > 1 else texts.AFTER_ONE_RESULT,
        choices=[Choice(*texts.MORE)] if further else [],
    )


def _order(match: Match) -> int:
    """Of those shown: the thing itself in the town, what is near, then what is a journey away."""
    if match.is_direct and match.distance_km == 0:
        return 0
    return 1 if (match.distance_km or 0.0) <= WALK_KM else 2


def nearest(turn: Turn, session: Session, commune: Commune) -> Match | None:
    """The nearest place that answers the need under way, among those that answer it best."""
    query = SearchQuery(
        theme=turn.theme or "",
        detail=turn.detail,
        code_insee=commune.code_insee,
        today=turn.today,
        limit=NEARBY,
    )
    found = [m for m in search.search_services(session, query) if m.distance_km is not None]
    direct = [match for match in found if match.is_direct]
    return min(direct or found, key=lambda match: match.distance_km or 0.0, default=None)


def _about_conditions(asked: Conditions, unmet: Conditions, shown: Sequence[Match]) -> str:
    """What must be said of the conditions: that nothing meets them, or that nobody knows."""
    if unmet:
        return texts.CONDITIONS_NOT_MET.format(conditions=conditions.in_words(unmet))
    if any(match.a_verifier for match in shown):
        return texts.CONDITIONS_UNKNOWN.format(conditions=conditions.in_words(asked))
    return ""


def _about_trade(turn: Turn, results: Sequence[dict[str, Any]]) -> str:
    """What must be said of the trade or thing that is named: that no place shown says it."""
    of_things = turn.detail in trades.THINGS
    is_told = of_things or turn.detail in (None, "emploi", "insertion")
    named = list(trades.families_in(_trade(turn), turn.detail)) if is_told else []
    told = (simplify(f"{record['nom']} {record['description'] or ''}") for record in results)
    if not named or any(start in f" {text}" for text in told for f in named for start in f):
        return ""
    return texts.THING_UNKNOWN if of_things else texts.TRADE_UNKNOWN


def _offers(turn: Turn, session: Session, commune: Commune, seen: Sequence[str]) -> list[Match]:
    """Partners' offers that are valid today, before the places that help all year round."""
    if turn.theme != WORK:
        return []
    offers = search.search_offers(session, commune.code_insee, turn.today, turn.detail, SHOWN)
    return [offer for offer in offers if offer.record.id not in seen]


def _intro(
    commune: Commune,
    need: str,
    matches: Sequence[Match],
    results: Sequence[dict[str, Any]],
    covered: bool,
) -> str:
    if not covered:
        return f"{towns.outside(commune)}\n{texts.OUTSIDE_NEAR.format(need=need)}"
    at, of = french.at_place(towns.name_of(commune)), french.of_place(towns.name_of(commune))
    if _all_indirect(matches):
        return texts.FOUND_INDIRECT.format(need=need, at=at)
    here = any(record["code_insee"] == commune.code_insee for record in results)
    if not here and all(record["couvre_commune"] for record in results):
        return texts.FOUND_SERVING.format(need=need, at=at, of=of)
    if _in_town(results, commune):
        return texts.FOUND_ONE.format(need=need, at=at)
    if results[0]["distance_km"] is None:
        return texts.FOUND_NATIONAL.format(need=need, of=of)
    far = presentation.distance(results[0])
    if not far:  # next door, or the town's own position is only known by its postal code
        return texts.FOUND_AROUND.format(need=need, at=at)
    return texts.FOUND_NEAR.format(need=need, at=at, distance=far)


def _all_indirect(matches: Sequence[Match]) -> bool:
    """Whether these places only help to find what is needed."""
    return not any(match.is_direct for match in matches)


def count_unmet(turn: Turn, session: Session, commune: Commune, level: str) -> None:
    """Count a need that nothing answers in this commune, once in a conversation."""
    need, code = turn.theme or "", commune.code_insee
    if journal.first_time(turn.sender, f"besoin {need} {code}"):
        work = partial(followup.count, code_insee=code, need=need, level=level, day=turn.today)
        journal.write_later(journal.engine_of(session), work)


def _in_town(results: Sequence[dict[str, Any]], commune: Commune) -> bool:
    return any(r["code_insee"] == commune.code_insee or r["couvre_commune"] for r in results)


def _how_far(record: dict[str, Any]) -> float:
    return math.inf if record["distance_km"] is None else float(record["distance_km"])


def _nothing(turn: Turn, session: Session, commune: Commune, need: str, again: bool) -> Answer:
    """Never a dead end: say so, and name who can answer."""
    covered = towns.is_covered(commune)
    if again:
        intro = texts.NO_MORE.format(need=need, at=french.at_place(towns.name_of(commune)))
    elif covered:
        intro = texts.FOUND_NOTHING.format(need=need, of=french.of_place(towns.name_of(commune)))
    else:
        intro = f"{texts.SEARCHED.format(need=need)} {towns.outside(commune)}"
        return Answer(intro=intro, closing=texts.AFTER_ONE_RESULT)
    return contacts.with_people(Answer(intro=intro), turn, session, commune)


def unwanted(text: str) -> frozenset[str]:
    """« pas d'intérim », « autre chose que de l'intérim »: stems of the word refused.

    Only a short message that says nothing else, or a comparison: « j'ai pas d'ordinateur » says a
    lack, not a refusal.
    """
    refused = _REFUSED.match(simplify(text)) or _OTHER_THAN.search(simplify(text))
    return frozenset(stems(refused["word"])) if refused else frozenset()


def publics(turn: Turn) -> frozenset[str]:
    """The publics of data·inclusion that the person said to belong to."""
    known = {
        "beneficiaires-des-minimas-sociaux": turn.fact("rsa") == "oui",
        "jeunes": turn.fact("moins_26") == "oui",
        "personnes-en-situation-de-handicap": turn.fact("handicap") == "oui",
    }
    return frozenset(public for public, holds in known.items() if holds)
