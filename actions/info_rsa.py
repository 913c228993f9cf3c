"""What may be said of the RSA: the rule, its source, and who to ask."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy.orm import Session

from actions import accompagnement, contacts, records, services, shown, texts, towns, week
from actions.context import RATHER
from actions.conversation import RSA, Answer, Choice, Turn, split_need

ABOUT_HOURS = ("contrat", "activites")
OF_HOURS = (*ABOUT_HOURS, "heures_reduites")
FEWER_HOURS, SITUATION = f"{RSA}_heures_reduites", f"{RSA}_situation"
SANCTION = f"{RSA}_sanction"
MAY_BE = 0.3  # probability from which a rule may be the one asked for
_HARD = re.compile(
    r"\b(?:seule?|enceinte|malade|maladie|sante|depress\w+|medecin|arrete?|certificat|handicape?e?"
    r"|mal (?:au|aux|a)|douleurs?|arthrose|hernie|cancer|diabet\w+|epilep\w+|sourde?|aveugle"
    r"|dos|genoux?|epaules?|jambes?|coeur|souffr\w+|blessee?|accident|l?hopital|hospitalis\w+"
    r"|rqth|aah|invalid\w+|operee?|(?:enfant|fils|fille|bebe|jeune|petit|petite)s?)\b"
)
_FIFTEEN_HOURS = re.compile(rf"\b{week.FIFTEEN_HOURS}")
# « comment demander le RSA », not « pourquoi suis-je inscrit à France Travail »
_CLAIMS = re.compile(r"\b(?:demand\w*|dossier|papiers?|refus\w*|ouvrir|justificatifs?)\b")
_TO_WORK = re.compile(r"\b(?:france travail|pole emploi|inscri\w*|radi\w*)\b")
_ACTUALISATION = re.compile(r"\bactualis\w*")
_OLDER = re.compile(r"\b(?:5[5-9]|6\d) ans\b.*\b(?:cherch\w*|heures?|oblig\w*)\b")
_WRITES = re.compile(r"\b(?:lettre|courrier|ecri\w*)\b")
_LETTER_OF_MINE = re.compile(r"\b(?:recu\w*|rate\w*|manqu\w*|suspen\w*|sanction\w*|radi\w*)\b")
_MUST = re.compile(r"\b(?:oblig\w*|doi[st]|faut|heures?|chercher)\b")
_SUPPOSES = re.compile(r"\b(?:si (?:je|j|on|elle|mon|ma)|s ?ils?)\b")
_OF_WHAT = re.compile(
    r"\bheures? (?:de|a faire) (?:quoi|koi)\b|\bquoi comme (?:heures?|activites?)\b"
)
_CUT = re.compile(r"\b(?:supprim\w*|coup(?:e|es|er|ent|ee|ees)|suspen\w*|radi\w*)\b")
_ABSENCE = re.compile(
    r"\b(?:rdv|rendez|refus\w*|absente?|rat\w+|manqu\w+|vais pas|signe\w*|lettre)\b"
)
_TAXES = re.compile(r"\bimpots?\b")
_PAYING = re.compile(r"\b(?:pa[iy]e[rsz]?|payee?s?|rembourse\w*)\b")
_LETTER = re.compile(r"\b(?:lettre|courrier|ecri\w*|repondre|delai|jours?|date)\b")
_TOO_LATE = re.compile(r"\btrop tard\b|\b(?:delai|date) (?:\w+ )?(?:de)?passee?\b|\bhors delai\b")
_YOUTH = re.compile(r"\b(?:engagement|garantie|contrat) jeunes?\b|\bcej\b")
_NO_CHILDCARE = re.compile(
    r"\b(?:personne|quelqu un) pour (?:\w+ )?gard\w*"
    r"|\b(?:pas|sans) (?:de )?(?:mode de |solution de )?garde\b"
    r"|\b(?:maman|mere|papa|pere|parent) (?:seule?|solo|isolee?)\b|\bmonoparental\w*"
)
_ALONE = re.compile(r"\b(?:seule?|solo)\b")
_SEARCHES = re.compile(r"\b(?:cherche|creche|nounou|assistante|trouver|besoin d)\b")
_PARTNER = re.compile(
    r"^(?:(?:mais|et|lui|oui|non) )*(?:il|elle|lui|mon (?:mari|copain|conjoint|compagnon)"
    r"|ma (?:femme|copine|conjointe|compagne)) (?:ne |n )?(?:travail|boss|gagn|touche)\w*"
)
_LATE = re.compile(r"\b(?:retard|tard|oubli\w*)\b")
_SILENT_CAF = re.compile(
    r"\b(?:caf|msa) (?:\w+ ){0,4}(?:repond\w*|decroch\w*|injoignable|joignable)"
    r"|\b(?:joindre|appell?e?) (?:\w+ ){0,2}(?:caf|msa) .*\b(?:pas|jamais|personne|impossible)\b"
)
# « le numéro de la CAF », « elle est où la CAF »
_REACH_CAF = re.compile(
    r"\b(?:numero|num|tel|telephone|adresse|horaires?|guichet|bureau) (?:\w+ ){0,3}(?:caf|msa)\b"
    r"|\bou (?:est|se trouve|c est) (?:\w+ )?(?:caf|msa)\b"
    r"|^(?:\w+ )?(?:caf|msa) (?:\w+ ){0,3}(?:numero|adresse|telephone|ou)\b"
    r"|\b(?:comment|pour) (?:\w+ ){0,2}(?:joindre|contacter|appeler) (?:\w+ ){0,2}(?:caf|msa)\b"
)
_PROOF = re.compile(
    r"\b(?:certificats?|ordonnance|arret|(?:papier|mot|lettre) (?:du |de )?(?:docteur|medecin))\b"
)
_PARTNER_TOO = re.compile(
    r"\bm(?:on|a) (?:mari|femme|conjointe?|compagn\w+|copain|copine)\b"
    r"(?:.*\b(?:aussi|doit|dois|oblig\w*)|$)"
)
_TELL = re.compile(r"\b(?:dire?|dis|declar\w*|prev[ei]\w*|avert\w*|signal\w*)\b")
SHORT = 10  # words: a longer message says something else too


def _is_after(turn: Turn, *rules: str | None) -> bool:
    """Whether one of these rules (None: none in particular) was just told."""
    return turn.display.theme == RSA and turn.slots.get("detail_besoin") in rules


def tells(turn: Turn) -> bool:
    """« il faut que je prévienne qui ? »: something is to be told."""
    return _TELL.search(turn.plain) is not None


def who_answers(turn: Turn, session: Session) -> Answer:
    """« à qui je demande ? », « il faut le dire à qui ? »: who answers for the rule just told."""
    if tells(turn):
        change = texts.RSA_RULES["situation"]
        told = Answer(intro=change.short if _is_after(turn, "situation") else change.text)
        told.slots["question"] = turn.question
        return services.remember(told, replace(turn, intent=SITUATION))
    turn = turn.as_said("repondre", turn.entities)  # of the rule just told
    who = contacts.rule(turn.detail).who
    commune = towns.current(turn, session)
    if commune is None:
        asked = towns.ask(turn, session, f"{who}\n{texts.RSA_ASK_TOWN}")
        return services.remember(asked, turn)
    reply = contacts.with_people(Answer(intro=who), turn, session, commune)
    return services.remember(reply, turn)


def proof(turn: Turn, session: Session) -> Answer | None:
    """« j'ai un certificat du médecin, je le donne à qui ? »: who follows one."""
    return shown.aside(turn, texts.GIVE_A_PROOF) if _PROOF.search(turn.plain) else None


def partner(turn: Turn, session: Session) -> Answer | None:
    """« il travaille à mi-temps », after what a life together changes: that is told too."""
    after_registering = _is_after(turn, "inscription") and _PARTNER_TOO.search(turn.plain)
    if after_registering and len(turn.words) <= SHORT:
        turn = replace(turn, intent=f"{RSA}_inscription")
        return services.remember(contacts.beyond_me(turn, session, texts.PARTNER_TOO), turn)
    after_a_change = _is_after(turn, None, "situation") and _PARTNER.search(turn.plain)
    if not after_a_change or len(turn.words) > SHORT:
        return None
    turn = replace(turn, intent=SITUATION)
    return services.remember(contacts.beyond_me(turn, session, texts.INCOME_OF_ANOTHER), turn)


def also_counts(turn: Turn, session: Session) -> Answer | None:
    """« et garder ma grand-mère ? », after what counts in the hours: the same rule."""
    after_it = _is_after(turn, "activites")
    goes_on = turn.plain.startswith("et ") and len(turn.words) <= 2 * SHORT
    if not after_it or not goes_on or turn.names_town or _SEARCHES.search(turn.plain):
        return None
    alone = _ALONE.search(turn.plain) and tells_a_hardship(turn)
    rule = FEWER_HOURS if alone else f"{RSA}_activites"
    return answer(turn.as_said(rule, turn.entities), session)


def deadline(turn: Turn, session: Session) -> Answer | None:
    """« j'ai combien de jours ? », of a letter of suspension."""
    after_it = _is_after(turn, "sanction")
    asks = not {"delai", "date", "rythme"}.isdisjoint(turn.fields_read)
    is_late = _TOO_LATE.search(turn.plain)
    if not after_it or not (asks or is_late) or len(turn.words) > SHORT:
        return None
    if is_late:
        return shown.repeat(turn, texts.TOO_LATE)
    return shown.repeat(turn, f"{texts.DEADLINE} {texts.SANCTION_HELP}")


def actualisation(turn: Turn, session: Session) -> Answer | None:
    """« je dois m'actualiser tous les mois ? »: no rule of ours says so."""
    need, _ = split_need(turn.intent)
    if need != RSA or not _ACTUALISATION.search(turn.plain):
        return None
    commune = towns.current(turn, session)
    turn = replace(turn, intent=RSA)
    if commune is None:
        asked = contacts.beyond_me(turn, session, texts.ACTUALISATION)
        return services.remember(asked, turn)
    desk = records.people(turn, session, commune, ("france_travail",), limit=1)
    return services.remember(Answer(intro=texts.ACTUALISATION, results=desk), turn)


def asks_for_caf(turn: Turn) -> bool:
    """« c'est quoi le numéro de la CAF », not « c'est quoi la CAF »."""
    return _REACH_CAF.search(turn.plain) is not None


def reach_caf(turn: Turn, session: Session) -> Answer | None:
    """« la CAF répond pas », « le numéro de la CAF »: who can help with it in person."""
    is_silent = _SILENT_CAF.search(turn.plain)
    if not (is_silent or asks_for_caf(turn)) or turn.crisis or len(turn.words) > SHORT:
        return None
    first = "" if is_silent else f"{texts.CAF_UNKNOWN} "
    turn = replace(turn, intent=f"{RSA}_paiement")
    commune = towns.current(turn, session)
    if commune is None:
        asked = towns.ask(turn, session, texts.CAF_SILENT_ASK_TOWN)
        asked.intro = f"{first}{asked.intro}"
        return services.remember(asked, turn)
    desks = records.people(turn, session, commune, contacts.CAF_DESKS, limit=1)
    reply = Answer(
        intro=f"{first}{texts.CAF_SILENT}", results=desks, closing=texts.AFTER_ONE_RESULT
    )
    return services.remember(reply, turn)


def _rule_asked(turn: Turn) -> str:
    """The intent of the rule asked for, after the one just told."""
    words = turn.plain
    just_told = turn.slots.get("detail_besoin") if turn.display.theme == RSA else None
    if turn.detail in ABOUT_HOURS and _NO_CHILDCARE.search(words):
        return FEWER_HOURS
    may_be_hours = turn.detail in (None, "contrat", "sanction") and just_told in OF_HOURS
    if may_be_hours and tells_a_hardship(turn) and not _ABSENCE.search(words):
        return FEWER_HOURS
    if just_told in ABOUT_HOURS and _OF_WHAT.search(words):
        return f"{RSA}_activites"  # « 15 heures de quoi ? »
    if turn.detail not in OF_HOURS and _MUST.search(words) and _OLDER.search(words):
        return FEWER_HOURS  # « à 61 ans, dois-je encore chercher du travail ? »
    is_cut = _CUT.search(words) and not _SUPPOSES.search(words)
    if turn.detail in (None, "situation") and is_cut:
        return f"{RSA}_paiement"  # « vous m'avez coupé le RSA »: the rule of sanctions too
    writes = _WRITES.search(words) and not _LETTER_OF_MINE.search(words)
    if turn.detail == "sanction" and just_told in OF_HOURS and writes:
        return f"{RSA}_{just_told}"  # « il faut faire un courrier ? »
    claims = turn.text[:1] == "/" or (_CLAIMS.search(words) and not _TO_WORK.search(words))
    if turn.detail == "inscription" and claims:  # also the choice « Demander le RSA »
        return f"{RSA}_demande"
    if turn.intent == RSA and turn.text[:1] != "/":
        turn = replace(turn, intent=_finer(turn))
    if turn.detail == "sanction" and not _ABSENCE.search(words):
        if _LATE.search(words):  # « et si je la fais en retard ? », of the declaration
            return f"{RSA}_paiement"
        likely = turn.likely.get(SITUATION, 0.0) >= MAY_BE
        if just_told == "situation" or (likely and _SUPPOSES.search(words)):
            return SITUATION  # « et si je le dis pas ? », « on me coupe si je travaille ? »
    return turn.intent


def _finer(turn: Turn) -> str:
    """The likeliest rule of a question on the RSA, when none is sure."""
    if _FIFTEEN_HOURS.search(turn.plain):  # in another language
        return f"{RSA}_contrat"
    if _MUST.search(turn.plain) and tells_a_hardship(turn):
        return FEWER_HOURS
    rule, probability = turn.likeliest(lambda intent: intent.startswith(f"{RSA}_"))
    return rule if probability >= MAY_BE else turn.intent


def _asks_who_pays(turn: Turn) -> bool:
    """« comment on la paie avec le RSA ? », under childcare."""
    return turn.detail == "paiement" or _PAYING.search(turn.plain) is not None


def _said_again(turn: Turn) -> str:
    """What there is to say of a rule that was just told."""
    if turn.detail == "sanction" and _LETTER.search(turn.plain):
        return texts.SANCTION_HELP
    if turn.detail == "paiement" and "declar" in turn.plain:
        return texts.DECLARATION
    if turn.intent == FEWER_HOURS and tells_a_hardship(turn):
        return texts.HARDSHIP_NOTED
    if turn.intent == "repondre" and "?" not in turn.text:
        return contacts.rule(turn.detail).noted
    return texts.ALL_OF_THE_RULE.format(rule=contacts.rule(turn.detail).short)


def tells_a_hardship(turn: Turn) -> bool:
    """« j'ai un fils de 4 ans, je suis seule »: what may lessen the hours."""
    return _HARD.search(turn.plain) is not None


def in_short(turn: Turn, session: Session) -> Answer:
    """The rule just said, in few words."""
    rule = contacts.rule(turn.slots.get("detail_besoin"))
    reply = Answer(intro=rule.short, slots={"question": turn.question})
    if towns.current(turn, session) is None:
        contacts.ask_town(reply, turn)
    return reply


def answer(turn: Turn, session: Session) -> Answer:
    """One rule in plain words, dated and sourced, ending on who to ask."""
    if turn.detail == week.DETAIL:
        return week.answer(turn, session)
    if _TAXES.search(turn.plain):
        return contacts.near_subject(replace(turn, entities={"sujet_proche": "impots"}), session)
    if turn.display.theme == services.CHILDCARE and _asks_who_pays(turn):
        asked = replace(turn, intent=services.HELP_TO_PAY)
        return services.answer(asked, session)  # « la CAF paye une partie ? »
    if _YOUTH.search(turn.plain):  # it is not the contract of the RSA
        young = replace(turn.with_slots(moins_26="oui"), intent="agence")
        return accompagnement.answer(young, session)
    commune = towns.current(turn, session)
    if commune and turn.intent == "donner_commune":
        people = contacts.with_people(Answer(intro=texts.TALK_TO), turn, session, commune)
        return services.remember(people, turn)
    under_way = turn.slots.get("detail_besoin")
    may_be_hours = turn.intent == "repondre" and under_way in (None, *OF_HOURS)
    if may_be_hours and tells_a_hardship(turn):
        turn = replace(turn, intent=FEWER_HOURS)
    turn = replace(turn, intent=_rule_asked(turn))
    if _is_after(turn, turn.detail):
        # The rule was just said.
        unknown = contacts.beyond_me(turn, session, _said_again(turn))
        return services.remember(unknown, turn)
    rules = [contacts.rule(turn.detail)]
    if turn.detail == "paiement" and _CUT.search(turn.plain):
        rules.append(texts.RSA_RULES["sanction"])
    source = texts.RSA_SOURCE.format(source=" ; ".join(rule.source for rule in rules))
    reply = Answer(intro="\n".join([*(rule.text for rule in rules), source, rules[0].who]))
    in_passing = turn.display.theme in services.THEMES and not RATHER.search(turn.plain)
    if turn.detail is None:
        reply.choices = [Choice(*choice) for choice in texts.RSA_CHOICES]
    if turn.display.results and in_passing:  # the list stays
        kept = {"theme": turn.display.theme, "detail_besoin": under_way}
        reply.slots = {"affichage": turn.display.to_slot(), **kept}
        return reply
    if commune is None:
        contacts.ask_town(reply, turn)
    elif towns.is_covered(commune):
        reply.results = records.people(turn, session, commune, contacts.roles(turn), limit=1)
        if turn.detail in ABOUT_HOURS:
            week.offer(reply)
    return services.remember(reply, turn)
