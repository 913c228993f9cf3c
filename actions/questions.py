"""What a message asks of the places shown, by its words.

Read alone, « je m'inscris comment ? » may be about the RSA and « je suis trop vieux ? » about
nothing: under a list they ask something of its places, a field that `presentation.field` tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from actions import services
from actions.context import INSTEAD, OF_RSA, is_said
from actions.conversation import Turn, split_need
from actions.directory.search import trades
from actions.directory.text import simplify, word_set
from actions.directory.words import DAYS

EVERYTHING = "tout"  # the field (entity `champ`) of « plus d'infos »
UNSORTED = "tri"  # the field of a detail by which places cannot be told apart
SAME = "memes"  # the field of a need that the places shown answer too
# The fields of « je suis trop vieux ? », « on les garde ? », « je peux venir avec elle ? ».
AGE, CHILD, COMPANION = "age", "enfant", "accompagnant"
MOST_WORDS = 8  # of a short question
SURE_NEED, SURE_PRICE = 0.5, 0.9  # confidences from which another subject is asked
PAYING = trades.THEMES  # needs where « c'est payé ? » is about wages
RECEIVING = (services.CHILDCARE, "agence", "humain", "info_rsa")  # a meeting is what they follow
LANDMARKS = word_set("gare metro rer tram tramway mairie centre arret bus ecole")
_DETAILS = {
    "horaires": frozenset(DAYS)
    | word_set("soir soiree matin matinee midi nuit week weekend demain aujourd tot tard"),
    "frais": word_set("cher chers chere gratuit gratuite prix payer argent"),
    "distance": word_set("loin pied pieds marcher"),
}
_NOW = word_set("hui aujourdhui ajd auj maintenant now hoy ahora hoje agora")
_AROUND_A_MOMENT = word_set("et le la l c est ce ouvert ouverts a apres hui en sinon alors du svp")
_CHILD = r"(?:enfants?|gosses?|bebes?|fils|filles?|petite?s?)"
_ONE_S = r"\b(?:mon|ma|mes)\b"

_ADVICE = re.compile(
    r"\b(?:(?:tu|vous) (?:me |nous )?conseill\w+|conseillez|conseilles"
    r"|(?:le|la) (?:mieux|meilleure?)|recommand\w+|choisirais)\b"
)
_A_CHILD = re.compile(rf"\b{_CHILD}\b")
# « ils aident à payer l'électricité ? », « imprimer des papiers »: no price, no paper to bring.
_HELPS = re.compile(r"\baid\w* (?:\w+ )?(?:pa[iy]er|financer)\b|\b(?:imprim|photocop|scan)\w*")
_BRINGS = re.compile(
    rf"\b(?:venir|viens|vienne|emmener|amener|ramener|aller avec) .*\b{_CHILD}\b"
    r"|\bl (?:emmener|amener|ramener)\b"
    r"|\b(?:venir|viens|vienne|aller|vais) avec (?:elle|lui|eux)\b"
)
_HAS_ALREADY = re.compile(
    r"^(?:oui |si |mais )?(?:j ai|jai|g|je) (?:deja |aussi )*(?:le |mon |un |une |la |ma )?"
    r"(?:permis?|permi|voiture|diplome|bac|caces|cap|bts|ordinateur|ordi|cv)\b(?: \w+){0,2}$"
)
_NO_PHONE = re.compile(
    r"\b(?:peux|peut|sais|ose|arrive) pas (?:\w+ )?(?:telephoner|appeler)\b"
    r"|\b(?:suis|est) (?:sourde?|malentendante?|muette?)\b|\bpas de (?:telephone|credit|forfait)\b"
)
_IS_WHERE = re.compile(r"\b(?:c est|cest|c|sont|se trouvent?) ou\b|\bou (?:c est|cest|se trouve)\b")
_SIGNS_UP = re.compile(r"\b(?:inscrire|inscri[st]|inscriptions?)\b(?! (?:a|chez) france)")
_IS_SIGNED_UP = re.compile(r"\b(?:suis|est|deja|etais) (?:deja )?inscri")
_WHICH_DAYS = re.compile(r"\bquel(?:le)?s? (?:jours?|heures?|horaires?)\b")
_TO_BRING = re.compile(r"\b(?:apporter|amener|ramener|emporter|emmener|prendre)\b.*" + _ONE_S)
_HOW_LONG = re.compile(r"\bcombien (?:d heures?|de temps|de mois|de semaines?|de jours?)\b")
_BY_MAIL = re.compile(r"\b(?:ecrire|envoyer|faire) (?:un |par )(?:e )?(?:mails?|email|courriel)\b")
_NEAR = re.compile(r"\b(?:pres|proches?|loin|a cote)\b")
_TOO_OLD = re.compile(
    r"\btrop (?:vieux|vieille|vielle|agee?|jeune)\b|\ba mon age\b|\bage (?:limite|maximum|max)\b"
    r"|\blimite d ?age\b|\bans\b.*\btrop tard\b|\btrop tard\b.*\bans\b"
)
_KEPT_THERE = re.compile(
    r"\bgard\w* (?:\w+ ){0,3}(?:sur place|la bas)\b|\b(?:sur place|la bas)\b.*\bgard\w*"
)
_A_MOMENT_LAST = re.compile(
    rf"\b(?:le|du|les|un) (?:soirs?|matins?|midi|week end|weekend|(?:{'|'.join(DAYS)})s?)"
    r"(?: aussi| possible| svp| c est possible)*$"
)
_PRICE = re.compile(r"\bgratuit\w*|\bpayante?s?\b|\bprix\b|\bcher\b|\bcout\w*")
_WHOM = re.compile(r"\b(?:qui|ki) (?:\w+ ){0,2}(?:appel|contact|joind|telephon)\w*")
# Between two questions; and what each may ask, the first that is found.
_BETWEEN = re.compile(r"[?,;.]+|\bet\b|\bpuis\b|\baussi\b", re.IGNORECASE)
_POLITE = ("", "bonjour", "bonsoir", "merci", "ok", "oui", "super", "d accord", "svp")
_IN_A_PART = (
    ("duree", re.compile(r"\bdur\w*|\bcombien (?:de |d )?(?:temps|tps|mois|semaines|heures)")),
    ("acces", re.compile(r"\b(?:s |m )?inscri\w*|\bsinscri\w*")),
    (
        "frais",
        re.compile(r"\bcombien\b|\bcbien\b|\bprix\b|\bcher\b|\bgratui\w*|\bpayant\w*|\bcout\w*"),
    ),
    (
        "horaires",
        re.compile(r"\bhoraires?\b|\bquel(?:le)?s? (?:jours?|heures?)\b|\bouver\w*|\bouvre\w*"),
    ),
    ("salaire", re.compile(r"\bpa[iy]ee?s?\b|\bremuner\w*|\bsalaire")),
    ("telephone", re.compile(r"\b(?:numero|num|tel|telephone)\b")),
    ("adresse", re.compile(r"\badresse\b|\b(?:c est|cest|c) ou\b|^ou\b")),
)
_PAY = re.compile(
    r"\b(?:est|cest|sera|c|etre) (?:\w+ )?(?:paye|payee|payes|remuneree?)\b(?! par)"
    r"|\bsmic\b|\bsalaire|\b(?:ca|sa|cela) pa[iy]e\b|\bon (?:gagne|touche)\b"
)


def field_by_words(turn: Turn) -> str | None:
    """The field that words ask for, though alone they may say another need."""
    return next((field for field, asks in _ASKED if asks(turn)), None)


def two_questions(turn: Turn) -> list[tuple[str, str]]:
    """« c'est combien et comment on s'inscrit ? »: each part, and the field that it asks.

    Empty when the message does not ask two things of places, in few words each.
    """
    if not _under_places(turn) or names_a_need(turn) or turn.ranks:
        return []
    parts = [part for part in _BETWEEN.split(turn.text) if simplify(part) not in _POLITE]
    asked = [(part, _field_of_a_part(simplify(part), turn)) for part in parts]
    found = [(part, name) for part, name in asked if name]
    different = len({name for _, name in found}) == len(parts) == 2
    return found if different and all(len(part.split()) <= MOST_WORDS for part in parts) else []


def _field_of_a_part(words: str, turn: Turn) -> str | None:
    found = next((name for name, pattern in _IN_A_PART if pattern.search(words)), None)
    return "frais" if found == "salaire" and turn.display.theme not in PAYING else found


def field(turn: Turn) -> str | None:
    """What is asked of places: as the bot read it, else by a moment, a price, a distance."""
    words = set(turn.words)
    told = next((name for name, said in _DETAILS.items() if words & said), None)
    asked = turn.entities.get("champ") or told
    if asked == "date" and _under_places(turn):  # « ça marche quand ? »
        asked = "horaires"
    return None if asked in ("frais", "demande") and _HELPS.search(turn.plain) else asked


def names_a_need(turn: Turn) -> bool:
    """« et pour le travail ? », under courses: another need, or a finer one, asks of no place."""
    need, finer = split_need(turn.intent)
    if need is None or need == "humain":
        return False
    same = need == turn.display.theme and finer in (None, turn.slots.get("detail_besoin"))
    return not same and is_said(turn, SURE_NEED)


def is_a_moment(turn: Turn) -> bool:
    """« et samedi ? », « demain matin »: nothing but a moment."""
    words, moments = set(turn.words), _DETAILS["horaires"]
    return not words.isdisjoint(moments) and words <= moments | _AROUND_A_MOMENT


def is_of_now(turn: Turn) -> bool:
    """« c'est ouvert aujourd'hui ? »."""
    return not _NOW.isdisjoint(turn.words)


def wants_advice(turn: Turn) -> bool:
    """« vous me conseillez lequel ? »."""
    return _ADVICE.search(turn.plain) is not None


def wants_the_place(turn: Turn) -> bool:
    """« c'est où ? »."""
    return _IS_WHERE.search(turn.plain) is not None


def names_a_landmark(turn: Turn) -> bool:
    """« le plus près du métro »."""
    return not LANDMARKS.isdisjoint(turn.words)


def names_a_child(turn: Turn) -> bool:
    """« avec ma fille », not « avec elle »."""
    return _A_CHILD.search(turn.plain) is not None


def has_already(turn: Turn) -> bool:
    """« j'ai le permis B », under places: told, not asked."""
    return _under_places(turn) and _HAS_ALREADY.search(turn.plain) is not None


def cannot_phone(turn: Turn) -> bool:
    """« je ne peux pas téléphoner », « je suis sourd »."""
    return _NO_PHONE.search(turn.plain) is not None and _is_rather_short(turn)


def brings_someone(turn: Turn) -> bool:
    """« je peux venir avec elle ? », « avec ma fille »."""
    return _BRINGS.search(turn.plain) is not None and _is_rather_short(turn)


def _under_places(turn: Turn) -> bool:
    return turn.display.theme in services.THEMES


def _under_courses(turn: Turn) -> bool:
    """Under places that people go to themselves, and a message that is not a story."""
    is_childcare = turn.display.theme == services.CHILDCARE
    return _under_places(turn) and not is_childcare and _is_rather_short(turn)


def _is_short(turn: Turn) -> bool:
    return len(turn.words) <= MOST_WORDS


def _is_rather_short(turn: Turn) -> bool:
    return len(turn.words) <= 2 * MOST_WORDS


def _says(pattern: re.Pattern[str], turn: Turn) -> bool:
    return pattern.search(turn.plain) is not None


def _signs_up(turn: Turn) -> bool:
    """« comment je fais pour m'inscrire »."""
    asks = _says(_SIGNS_UP, turn) and not _says(_IS_SIGNED_UP, turn)
    return _under_places(turn) and asks and not _says(OF_RSA, turn) and not names_a_need(turn)


def _asks_which_days(turn: Turn) -> bool:
    """« quels jours ? »."""
    return _says(_WHICH_DAYS, turn) and not _says(OF_RSA, turn)


def _asks_what_to_bring(turn: Turn) -> bool:
    """« je dois apporter mon téléphone ? »."""
    return bool(turn.entities.get("champ")) and _says(_TO_BRING, turn) and not _says(_BRINGS, turn)


def _asks_how_long(turn: Turn) -> bool:
    """« c'est combien d'heures ? »."""
    return bool(turn.entities.get("champ")) and _says(_HOW_LONG, turn)


def _wants_to_write(turn: Turn) -> bool:
    """« je peux envoyer un mail ? »."""
    return turn.display.theme != "numerique" and _says(_BY_MAIL, turn)


def _is_near_a_landmark(turn: Turn) -> bool:
    """« le plus près du métro »."""
    return _under_places(turn) and names_a_landmark(turn) and _says(_NEAR, turn)


def _doubts_their_age(turn: Turn) -> bool:
    """« je suis trop vieux ? », not « j'ai droit au RSA à mon âge ? »."""
    about_age = _says(_TOO_OLD, turn) and not INSTEAD.match(turn.plain)
    return _under_courses(turn) and about_age and not _says(OF_RSA, turn)


def _comes_with_a_child(turn: Turn) -> bool:
    """« il y a une garde sur place ? », « je peux venir avec ma fille ? »."""
    with_a_child = _says(_BRINGS, turn) and names_a_child(turn)
    return _under_courses(turn) and (with_a_child or _says(_KEPT_THERE, turn))


def _comes_with_someone(turn: Turn) -> bool:
    """« je peux venir avec elle ? »."""
    return _under_courses(turn) and _says(_BRINGS, turn)


def _ends_on_a_moment(turn: Turn) -> bool:
    """« il y a le soir ? », « cours le soir possible ? »."""
    asks = "?" in turn.text and split_need(turn.intent)[0] in (None, services.CHILDCARE)
    return _under_courses(turn) and asks and _says(_A_MOMENT_LAST, turn)


def _asks_the_price(turn: Turn) -> bool:
    """« c'est gratuit quand on est au RSA ? »."""
    about_rsa = split_need(turn.intent)[0] == "info_rsa" and turn.confidence < SURE_PRICE
    return _is_short(turn) and about_rsa and _says(_PRICE, turn)


def _asks_whom(turn: Turn) -> bool:
    """« qui je dois appeler ? »."""
    return _is_short(turn) and _under_places(turn) and _says(_WHOM, turn)


def _asks_the_pay(turn: Turn) -> bool:
    """« c'est payé ? », of work and training."""
    of_work = turn.display.theme in PAYING and not names_a_need(turn)
    return _is_short(turn) and of_work and _says(_PAY, turn)


# The first that is asked is answered.
_ASKED: tuple[tuple[str, Callable[[Turn], bool]], ...] = (
    ("acces", _signs_up),
    ("horaires", _asks_which_days),
    ("demande", _asks_what_to_bring),
    ("duree", _asks_how_long),
    ("courriel", _wants_to_write),
    ("distance", _is_near_a_landmark),
    (AGE, _doubts_their_age),
    (CHILD, _comes_with_a_child),
    (COMPANION, _comes_with_someone),
    ("horaires", _ends_on_a_moment),
    ("frais", _asks_the_price),
    ("telephone", _asks_whom),
    ("salaire", _asks_the_pay),
)
