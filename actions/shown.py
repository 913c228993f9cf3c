"""What is asked of the places just shown: which ones, what of them, why they were shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from actions import conditions, french, presentation, questions, records, services, texts, towns
from actions.context import TRANSPORT
from actions.conversation import NOT_UNDERSTOOD, Answer, Turn, split_need
from actions.directory import search
from actions.directory.search import trades
from actions.directory.text import mentions, simplify, stems, word_set
from actions.directory.words import phone_in_words

THIS_ONE = word_set("celui celle ceux celles ca cela")
# What a description may say that no field does, and the words by which it is looked for.
WRITTEN_OF = (
    None,
    questions.UNSORTED,
    questions.SAME,
    questions.AGE,
    questions.CHILD_S_AGE,
    questions.CHILD,
    *("horaires", "rythme", "demande", "langues", "accessibilite", "diplome", "contenu", "suite"),
)
# Needs that a question on money under another asks for.
NEED_OF_HELP = {
    services.CHILDCARE: services.HELP_TO_PAY,
    "formation": "formation_financement",
}
LONG_WORD, SHORT_WORDS = 5, word_set("soir nuit midi pret prets velo velos auto code permis rsa")
TELLING_NOTHING = frozenset(
    stems(
        "travail travailler emploi formation former cours enfants personnes accompagnement public "
        "lieu prendre année semaine heures français parler apprendre ouvert fermé habite permet "
        "possible seulement toujours jamais encore après avant pendant service association aident "
        "aider donnent donner proposent proposer groupes acceptent prennent juste plutôt autres "
        "chercher voudrais aimerais pouvez peuvent niveau gratuit inscrire combien comment ouver "
        "ouvre ouverte ouverture ferme fermeture maison passer passe appeler vérifier"
    )
)
WAYS = ("telephone", "courriel", "rendez_vous")  # fields: how to reach who is shown
REFINING = ("affirmer", "nier", "passer", "repondre")  # intents that tell something of oneself
MOBILITY, MAY_BE = "offre_partenaire_mobilite", 0.05  # probability from which it may be meant
MONEY = ("frais", questions.HELP_TO_PAY)
_COMES_WITH = re.compile(
    r"\b(?:venir|viens|vien|aller|vais|emmen\w*|amen\w*)\b.*"
    r"\bavec (?:lui|elles?|eux|l[ea] petite?|les (?:petits|enfants)"
    r"|(?:mon|ma|mes) (?:fils|filles?|enfants?|bebe|petite?s?|mari|femme|mere|pere|soeur|frere))\b"
)
_TO_MOVE = re.compile(r"\b(?:transports?|navigo|trajets?|essence|bus|train|deplacements?)\b")
WHOLE = (questions.EVERYTHING, questions.WHAT_IT_IS)  # fields that ask for all of a place
_ANSWERING = ("/affirmer", "/nier", "/passer")
_SENTENCE = re.compile(r"(?<=[.!?]) +")
# By field, how places write of it (beginnings; « agee » is not « agence »).
SAYS = {
    questions.AGE: ("jeune", "age de", "ages de", "agee"),
    questions.CHILD_S_AGE: ("mois", "age de", "agee", "moins de 3 ans"),
    "rythme": ("par semaine",),
    "diplome": ("diplome", "certificat", "attestation"),
}
SURELY = 0.8  # confidence from which « vous faites quoi, vous ? » is of the assistant
_APPLIES = re.compile(r"\b(?:comment|ou|coment|komen\w*)\b.*\b(?:postul\w*|candidat\w*)")
_WEAK_FRENCH = re.compile(r"\b(?:parle|comprend|francais)\w* (?:\w+ )?(?:pas|mal|peu)\b")
GENERIC = frozenset(stems("maison centre association mairie agence espace service point ville"))
ALIKE = 85  # likeness (of 100) from which a word is one of a name
# What a question on a place is taken for when it is read alone…
TAKEN_FOR = (*services.THEMES, "agence", "humain", "aide_bot", *NOT_UNDERSTOOD)
# … and a name: « français » under a list is the need again, whatever the names.
NAMED_BY = ("agence", "humain", "donner_commune", "repondre", *NOT_UNDERSTOOD)


def said(turn: Turn, session: Session) -> Answer | None:
    """The answer to what a message asks of the places shown, when its intent does not say it."""
    about_us = turn.intent == "aide_bot" and turn.confidence >= SURELY
    if not turn.display.results or turn.text[:1] == "/" or about_us:
        return None
    if questions.cannot_phone(turn):
        return _without_phone(turn, session)
    if turn.display.theme in trades.THEMES and _APPLIES.search(turn.plain):
        return _of_each(turn.as_said("detail", {"champ": "acces"}), session)
    if questions.has_already(turn):
        return noted(turn.as_said("repondre"), session)
    asked = questions.fields(turn)
    if questions.CHILD in asked and questions.is_on_the_spot(turn):
        return detail(turn.as_said("detail", {"champ": questions.CHILD}), session)
    if questions.names_a_need(turn):
        return None
    if len(asked) > 1 and turn.display.theme in services.THEMES and not turn.ranks:
        return _both(turn, session, asked)
    intent = split_need(turn.intent)[0] or turn.intent
    in_passing = questions.is_a_moment(turn) or questions.ADVICE in asked
    if intent in (*TAKEN_FOR, *NAMED_BY) and in_passing:
        return detail(turn, session)
    if intent not in NAMED_BY or (turn.names_town and not _says_this_one(turn)):
        return None
    named = _named(turn, session, whole=True)
    return _tell(turn, session, named) if named else None


def _without_phone(turn: Turn, session: Session) -> Answer | None:
    """« je ne peux pas téléphoner »: where to go, and where to write."""
    told = _shown(turn, session, turn.display.results)
    ways = {
        record["id"]: ", ".join(filter(None, (record["adresse"], record["courriel"])))
        for record in told
    }
    ways = {id_: way for id_, way in ways.items() if way}
    if not ways:
        return None
    return repeat(turn, "\n".join([texts.WITHOUT_PHONE, *_known_lines(told, ways)]))


def _both(turn: Turn, session: Session, asked: list[str]) -> Answer:
    """« c'est combien et comment on s'inscrit ? »: what places say of two things."""
    turn = replace(turn, text="")  # whose words are of either
    replies = [_of_each(turn.as_said("detail", {"champ": field}), session) for field in asked]
    first, second = (reply.intro.splitlines() for reply in replies)
    if first[1:] == second[1:] != []:  # neither is known: whom to call for both, once
        first = [first[0].removesuffix(texts.CALL_THEM).rstrip()]
    return repeat(turn, "\n".join([*first, *second]))


def names_a_trade(turn: Turn) -> bool:
    """Whether a trade is asked of places shown for training or work, and nothing else of them."""
    about_trades = turn.theme in trades.THEMES and not (turn.entities.get("champ") or turn.ranks)
    return about_trades and bool(trades.named_in(turn.plain))


def named(turn: Turn, session: Session) -> Answer | None:
    """The whole of the places shown that the message names, if it names some."""
    ranks = _named(turn, session) if turn.display.results else []
    return _tell(turn.as_said("choisir"), session, ranks) if ranks else None


def bringing(turn: Turn, session: Session) -> Answer | None:
    """« je peux venir avec elle ? », at a meeting: only who receives can say."""
    asked, at_a_meeting = questions.field(turn), not questions.MEETING.isdisjoint(turn.words)
    of_a_child = asked == questions.CHILD or (asked == questions.CHILD_S_AGE and at_a_meeting)
    comes_with = at_a_meeting and _COMES_WITH.search(turn.plain)
    asks = turn.intent == "detail" and (of_a_child or asked == questions.COMPANION)
    brings = asks or (comes_with and len(turn.words) <= 2 * questions.MOST_WORDS)
    if turn.display.theme not in questions.RECEIVING or not brings:
        return None
    with_a_child = of_a_child or turn.display.theme == services.CHILDCARE
    return repeat(turn, texts.ASK_WHO_RECEIVES if with_a_child else texts.ASK_TO_BRING_SOMEONE)


def choose(turn: Turn, session: Session) -> Answer:
    """« le 2 », « le 1 et le 3 »: the whole of these places."""
    return _tell(turn, session, _ranks(turn))


def detail(turn: Turn, session: Session) -> Answer:
    """A question on some of the places shown, or on each of them."""
    asked = questions.field(turn)
    if asked in MONEY and services.asks_a_loan(turn):  # « un prêt pour acheter le matériel ? »
        asked = "contenu"
    turn = turn.as_said("detail", {**turn.entities, "champ": asked})
    if turn.display.theme == "evenement" and asked not in WAYS and turn.display.people:
        return in_short(turn, session, texts.NO_EVENT_TO_DETAIL)  # « c'est où ? », of no forum
    if asked == questions.HOW_MANY:
        return repeat(turn, texts.SO_MANY_SHOWN.format(count=len(turn.display.results)))
    if asked == questions.HELP_TO_PAY and _TO_MOVE.search(turn.plain):
        return services.answer(turn.as_said(MOBILITY), session)
    if asked == questions.HELP_TO_PAY and (turn.theme in NEED_OF_HELP or _is_to_move(turn)):
        need = NEED_OF_HELP.get(turn.theme or "", MOBILITY)
        return services.answer(turn.as_said(need), session)
    if asked == questions.ADVICE and turn.display.theme in questions.RECEIVING:
        first = _shown(turn, session, turn.display.results[:1])
        return repeat(turn, "\n".join([texts.FIRST_OF_LIST, *_lines(first, _reached(first))]))
    if asked == questions.ADVICE:
        nearest = _of_each(turn.as_said("detail", {"champ": "distance"}), session)
        return replace(nearest, intro=f"{texts.NO_ADVICE}\n{nearest.intro}")
    if turn.names_town and turn.theme in services.THEMES and not _named(turn, session):
        return services.answer(turn, session)  # « et celui de Pantin ? », where none is shown
    if asked == "distance" and questions.names_a_landmark(turn):
        addresses = _of_each(turn.as_said("detail", {"champ": "adresse"}), session)
        return replace(addresses, intro=f"{texts.NO_LANDMARK}\n{addresses.intro}")
    count = len(turn.display.results)
    ranks = _ranks(turn) if asked == "distance" else meant(turn, session)
    if any(not 1 <= rank <= count for rank in ranks):
        return repeat(turn, texts.NO_SUCH_RESULT)
    if len(ranks) == 1 and asked in texts.FIELD_UNKNOWN:
        told = turn.display.results[ranks[0] - 1]
        if count == 1 or told == turn.display.focus:  # the rest was just said
            return _of_one(turn, session, told)
    reply = _tell(turn, session, ranks) if ranks else _of_each(turn, session)
    if asked == "langues" and turn.theme != "francais" and _WEAK_FRENCH.search(turn.plain):
        services.offer_another(reply, "francais")  # « je parle pas bien français, c'est grave ? »
    return reply


def _of_one(turn: Turn, session: Session, id_: str) -> Answer:
    """What is asked of a place that was just told, in one line."""
    alone = replace(turn.display, results=(id_,))
    reply = _of_each(turn.with_slots(affichage=alone.to_slot()), session)
    return replace(reply, slots={**reply.slots, "affichage": turn.display.to_slot()})


def _is_to_move(turn: Turn) -> bool:
    """« et le permis, qui peut me le payer ? »."""
    return turn.likely.get(MOBILITY, 0.0) >= MAY_BE


def again(turn: Turn, session: Session) -> Answer:
    """The same places for a need said otherwise: what they say of it, or whom to ask."""
    if turn.theme in trades.THEMES and trades.named_in(turn.plain):
        return in_short(turn, session, texts.TRADE_UNKNOWN)
    turn = services.by_words(turn)
    if turn.intent == "repondre":
        return noted(turn, session)
    told_only = questions.tells(turn, TRANSPORT)  # « plutôt un vélo »
    thing = trades.named_in(turn.plain, turn.detail)  # « et une poussette ? »
    field = questions.SAME if told_only or thing else questions.field(turn) or questions.SAME
    asked = turn.as_said(turn.intent, {**turn.entities, "champ": field})
    told = _shown(turn, session, turn.display.results)
    if field == questions.SAME and turn.detail and not _written(asked, told):
        need = services.said_need(turn)
        return in_short(turn, session, texts.SAME_FOR.format(need=need))
    return _of_each(asked, session)


def noted(turn: Turn, session: Session) -> Answer:
    """A detail that changes nothing of what is shown: what places say of it, or whom to ask."""
    field = questions.field(turn) or questions.UNSORTED
    reply = _of_each(turn.as_said(turn.intent, {**turn.entities, "champ": field}), session)
    if questions.tells(turn, TRANSPORT) and "cher" not in turn.words:
        return replace(reply, intro=f"{texts.WAYS_TO_GO}\n{reply.intro}")
    return reply


def is_told_again(reply: Answer, turn: Turn) -> bool:
    """Whether an answer shows the very list just shown, to a message that refines nothing."""
    told = [record["id"] for record in reply.results]
    refines = turn.intent in REFINING or turn.names_town
    kept_whole = reply.whole or refines or turn.crisis
    return bool(told) and told == list(turn.display.results) and not kept_whole


def briefly(reply: Answer) -> Answer:
    """An answer as it is told again: its places in one line each."""
    told = list(reply.results)
    intro = "\n".join([reply.intro, *_lines(told, _reached(told))])
    return replace(reply, intro=intro, results=())


def in_short(turn: Turn, session: Session, first: str = "") -> Answer:
    """The places shown, in one line each: where, and how to call; `first`, what is said before."""
    told = _shown(turn, session, turn.display.results)
    lines = filter(None, (first, *_lines(told, _reached(told))))
    return replace(repeat(turn, "\n".join(lines)), closing=texts.AFTER_RESULTS)


def why(turn: Turn, session: Session) -> Answer:
    """Why the places meant were shown, and what is not sure of them."""
    ids = turn.display.results
    ranks = [rank for rank in meant(turn, session) if 1 <= rank <= len(ids)]
    if ranks:
        ids = tuple(ids[rank - 1] for rank in ranks)
    asked = services.asked_of_places(turn)
    verdicts = search.verdicts_of(session, ids, asked, services.publics(turn))
    lines = [texts.REASONS_INTRO]
    for record in _shown(turn, session, ids):
        said = [verdict.phrase for verdict in verdicts.get(record["id"], ())]
        reasons = dict.fromkeys([*record["raisons"], *said])
        told = french.listing(list(reasons)) or texts.NO_REASON
        lines.append(texts.REASONS.format(name=record["nom"], reasons=told))
        doubts = record["risque"]["raisons"] if record["risque"] else []
        if doubts:
            lines[-1] += f" {texts.NOT_SURE.format(doubts=french.listing(doubts))}"
    return repeat(turn, "\n".join(lines))


def repeat(turn: Turn, intro: str) -> Answer:
    """A sentence, while what was shown stays choosable; a question asked before is not repeated."""
    stay = tuple(c for c in turn.display.choices if not c.payload.startswith(_ANSWERING))
    display = replace(turn.display, choices=stay)
    return Answer(intro=intro, choices=stay, slots={"affichage": display.to_slot()})


def aside(turn: Turn, intro: str) -> Answer:
    """A sentence that leaves everything as it is: what was shown, and the question asked."""
    reply = repeat(turn, intro)
    reply.slots["question"] = turn.question
    return reply


def meant(turn: Turn, session: Session) -> list[int]:
    """The ranks of the places meant: by number, by name, looked at just before, or alone.

    Empty when all of them may be.
    """
    display = turn.display
    found = _ranks(turn) or _named(turn, session)
    if not found and display.focus in display.results:
        return [display.results.index(display.focus) + 1]
    return found or ([1] if len(display.results) == 1 else [])


def _shown(turn: Turn, session: Session, ids: Sequence[str]) -> list[dict[str, Any]]:
    return records.tell(search.get_records(session, ids, turn.code_insee), turn, session)


def _ranks(turn: Turn) -> list[int]:
    return [len(turn.display.results) if rank == -1 else rank for rank in turn.ranks]


def _named(turn: Turn, session: Session, whole: bool = False) -> list[int]:
    """The ranks of the places named: « habitat cité », « celui de Montreuil ».

    `whole`: the message must say nothing else.
    """
    found = search.get_records(session, turn.display.results, turn.code_insee)
    shown = [search.record_view(match, turn.today) for match in found]
    town = turn.entities.get("code_insee")
    if town and (turn.intent == "detail" or _says_this_one(turn)):
        named = [record for record in shown if record["code_insee"] == town]
    else:
        words = set(stems(turn.text)) - set(stems(turn.entities.get("commune", "")))
        hits = [_hits(words, own) for own in _own_words(shown)]
        most = max(map(len, hits), default=0)
        if not most or (whole and set().union(*hits) != words):
            return []
        named = [record for record, hit in zip(shown, hits, strict=True) if len(hit) == most]
    return [turn.display.results.index(record["id"]) + 1 for record in named]


def _own_words(shown: list[dict[str, Any]]) -> list[set[str]]:
    """The words that each name has and another has not: « à la maison » names no place."""
    names = [set(stems(record["nom"])) - GENERIC for record in shown]
    common = set.intersection(*names) if len(names) > 1 else set()
    return [name - common for name in names]


def _hits(words: set[str], own: set[str]) -> set[str]:
    return {
        word
        for word in words
        if any(word[0] == name[0] and fuzz.ratio(word, name) >= ALIKE for name in own)
    }


def _says_this_one(turn: Turn) -> bool:
    return not THIS_ONE.isdisjoint(turn.words)


def _tell(turn: Turn, session: Session, ranks: list[int]) -> Answer:
    """These places again, whole; first, what is asked of them that their lines do not say."""
    ids = [turn.display.results[rank - 1] for rank in ranks]
    told = _shown(turn, session, ids)
    if not told:
        return repeat(turn, texts.NO_LONGER_THERE)
    asks = turn.intent not in ("choisir", *NAMED_BY)
    return Answer(
        intro=_first(turn, session, told) if asks else "",
        results=told,
        whole=True,
        closing=texts.AFTER_ONE_RESULT,
        slots={"affichage": replace(turn.display, focus=ids[0]).to_slot()},
    )


def _first(turn: Turn, session: Session, told: list[dict[str, Any]]) -> str:
    """What is said before places told whole: the answer their lines lack, or that it is unknown."""
    field = turn.entities.get("champ")
    verdicts = _verdicts(turn, session)
    if verdicts:
        return "\n".join(_lines(told, verdicts))
    if field not in texts.FIELD_UNKNOWN:
        return texts.ALL_I_KNOW if field in WHOLE else texts.ALL_BUT_THAT
    known = any(presentation.field(record, field) for record in told)
    return "" if known else texts.FIELD_UNKNOWN[field][0]


def _of_each(turn: Turn, session: Session) -> Answer:
    """« c'est gratuit ? », « c'est ouvert samedi ? »: one line for each place shown."""
    field = turn.entities.get("champ")
    if field in WHOLE:
        return repeat(turn, texts.WHICH_RESULT)
    told = _shown(turn, session, turn.display.results)
    known = (
        _now(turn, told)
        or _verdicts(turn, session)
        or {
            record["id"]: value
            for record in told
            if field and (value := presentation.field(record, field))
        }
    )
    written = _written(turn, told)
    if not known and written:
        return repeat(turn, "\n".join([texts.WRITTEN, *_known_lines(told, written)]))
    if not known:
        return _nobody_knows(turn, session, told)
    known = {**written, **known}
    closing = _nearest(turn, session) if field == "distance" else ""
    return replace(repeat(turn, "\n".join(_lines(told, known))), closing=closing)


def _now(turn: Turn, told: list[dict[str, Any]]) -> dict[str, str]:
    """By id, whether places are open at this hour: « c'est ouvert aujourd'hui ? »."""
    if turn.entities.get("champ") != "horaires" or not questions.is_of_now(turn):
        return {}
    said = {r["id"]: r["ouverture"]["texte"].rstrip(".") for r in told if r.get("ouverture")}
    return {id_: text[:1].lower() + text[1:] for id_, text in said.items()}


def _verdicts(turn: Turn, session: Session) -> dict[str, str]:
    """By id, what places say of what is asked: « ouvert le samedi », « seulement sur place »."""
    text = f"ouvert {turn.text}" if turn.entities.get("champ") == "horaires" else turn.text
    asked = conditions.read(text, turn.now, turn.theme == services.CHILDCARE)
    if not asked:
        return {}
    said = search.verdicts_of(session, turn.display.results, asked, services.publics(turn))
    known = {id_: [v.phrase for v in found if v.holds is not None] for id_, found in said.items()}
    return {id_: french.listing(phrases) for id_, phrases in known.items() if phrases}


def _lines(told: list[dict[str, Any]], known: Mapping[str, str]) -> list[str]:
    """« 2. Habitat-Cité : gratuit. », numbered when there are several."""
    lines = [
        texts.FIELD_OF_ONE.format(
            name=record["nom"], value=known.get(record["id"], texts.NOT_KNOWN).rstrip(".")
        )
        for record in told
    ]
    return [f"{n}. {line}" for n, line in enumerate(lines, start=1)] if len(lines) > 1 else lines


def _reached(told: list[dict[str, Any]]) -> dict[str, str]:
    """By id, where places are and how to call them."""
    reached = {
        record["id"]: ", ".join(
            filter(None, (record["commune"], presentation.field(record, "telephone")))
        )
        for record in told
    }
    return {id_: way for id_, way in reached.items() if way}


def _known_lines(told: list[dict[str, Any]], known: Mapping[str, str]) -> list[str]:
    """The lines of the places of which something is known, under their numbers."""
    lines = zip(_lines(told, known), told, strict=True)
    return [line for line, record in lines if record["id"] in known]


def _nobody_knows(turn: Turn, session: Session, told: list[dict[str, Any]]) -> Answer:
    """What the directory does not say of any of these places, and whom to call for it."""
    of_it, of_them = texts.FIELD_UNKNOWN.get(turn.entities.get("champ", ""), 2 * (texts.UNKNOWN,))
    unknown = of_it if len(told) == 1 else of_them
    phones = {r["id"]: phone_in_words(r["telephone"]) for r in told if _may_answer(r, turn)}
    if phones and len(told) == 1:
        return repeat(turn, f"{unknown} {texts.CALL_IT.format(phone=phones[told[0]['id']])}")
    if phones:
        reached = _known_lines(told, phones)
        return repeat(turn, "\n".join([f"{unknown} {texts.CALL_THEM}", *reached]))
    desk = records.nearest_desk(turn, session)
    if desk is None:
        return repeat(turn, unknown)
    phone = phone_in_words(desk["telephone"])
    return repeat(turn, f"{unknown} {texts.ASK_DESK.format(name=desk['nom'], phone=phone)}")


def _may_answer(record: Mapping[str, Any], turn: Turn) -> bool:
    """Whether a place can be called for this person: not the mission locale for everybody."""
    facts = [fact for fact, role in records.HELPERS.items() if role == record.get("role")]
    return bool(record["telephone"]) and all(turn.fact(fact) == "oui" for fact in facts)


def _written(turn: Turn, told: list[dict[str, Any]]) -> dict[str, str]:
    """By id, what some of these places write of it: « le soir », « débutant », « mécanique ».

    A word that all of them write tells nothing.
    """
    if turn.entities.get("champ") not in WRITTEN_OF:
        return {}
    need = services.need_name(turn.theme, turn.detail) if turn.theme in services.THEMES else ""
    long = [word for word in turn.words if len(word) >= LONG_WORD or word in SHORT_WORDS]
    words = set(stems(" ".join(long))) - set(stems(need)) - TELLING_NOTHING
    words = set(SAYS.get(turn.entities.get("champ") or "", words))
    if services.asks_a_loan(turn):
        words.update(("pret", "credit"))
    if turn.theme in trades.THEMES:  # « le bâtiment »: « chantiers de construction »
        words.update(start.strip() for family in trades.families_in(turn.plain) for start in family)
    found = {record["id"]: said for record in told if (said := _sentence_with(record, words))}
    return {} if len(found) == len(told) > 1 else found


def _sentence_with(record: Mapping[str, Any], words: Iterable[str]) -> str | None:
    """The first sentence that holds one of these words; when the name does, the very first."""
    sentences = _SENTENCE.split(record.get("description") or "")
    for told, text in ((sentences[0], record["nom"]), *zip(sentences, sentences, strict=True)):
        if any(mentions(simplify(text), word) for word in words):
            return told
    return None


def _nearest(turn: Turn, session: Session) -> str:
    """The nearest place for the need under way, whether it is among those shown or not."""
    commune = towns.current(turn, session)
    if commune is None or turn.theme not in services.THEMES:
        return ""
    match = services.nearest(turn, session, commune)
    if match is None:
        return ""
    [record] = records.tell([match], turn, session)
    where = ", ".join(filter(None, (record["commune"], presentation.distance(record))))
    return texts.NEAREST_OF_ALL.format(name=record["nom"], where=where and f" ({where})")
