"""What a message asks of the places shown.

The bot reads what a question asks of places (entity `champ`: one field, or two) and leaves to the
actions whether it is one: read alone, « je m'inscris comment ? » may be about the RSA.
"""

from __future__ import annotations

import re

from actions import services
from actions.context import AVAILABLE, SETTLED, TRANSPORT, TRIED, is_said
from actions.conversation import Turn, split_need
from actions.directory.search import trades
from actions.directory.text import word_set
from actions.directory.words import DAYS

EVERYTHING, WHAT_IT_IS = "tout", "quoi"  # « plus d'infos sur le 1 », « c'est quoi le 1 ? »
UNSORTED = "tri"  # the field of a detail by which places cannot be told apart
SAME = "memes"  # the field of a need that the places shown answer too
# The fields of « je suis trop vieux ? », « on les garde ? », « je peux venir avec elle ? ».
AGE, CHILD, COMPANION = "age", "enfant", "accompagnant"
# … of « lequel est le mieux ? », « il y en a combien ? », « qui aide à payer ? », « c'est payé ? ».
ADVICE, HOW_MANY, HELP_TO_PAY, WAGE = "conseil", "nombre", "aide_payer", "salaire"
ASKS = {AVAILABLE: "horaires", TRANSPORT: "distance"}  # what is told, and what it asks of places
OPEN = ("numerique", "agence", "humain")  # needs answered by who is open, not by what begins
CHILD_S_AGE = "age_enfant"  # the field of an age, or of a child, where children are kept
MOST_WORDS = 8  # of a short question
SURE_NEED = 0.5  # confidence from which another need is asked
PAYING = trades.THEMES  # needs where « c'est payé ? » is about wages
RECEIVING = (services.CHILDCARE, "agence", "humain", "info_rsa")  # a meeting is what they follow
MEETING = word_set("rdv rendez entretien reunion")
LANDMARKS = word_set("gare metro rer tram tramway mairie centre arret bus ecole")
_MOMENTS = frozenset(DAYS) | word_set(
    "soir soiree matin matinee midi nuit week weekend demain aujourd tot tard"
)
_NOW = word_set("hui aujourdhui ajd auj maintenant now hoy ahora hoje agora")
_AROUND_A_MOMENT = word_set("et le la l c est ce ouvert ouverts a apres hui en sinon alors du svp")
_NEAR_IT = re.compile(r"\b(?:pres|proche|cote|loin) (?:de la|du|de l|des|de le) \w+")
# « lequel j'appelle en premier ? », which is no « le premier »
_WHICH_FIRST = re.compile(r"\b(?:lequel|laquelle|qui|ki)\b.*\ben (?:premier|1er)\b")
_ON_THE_SPOT = re.compile(r"\bsur place\b|\bla bas\b|\bpendant (?:le|la|les) (?:cours|formation)\b")
_HAS_ALREADY = re.compile(
    r"^(?:oui |si |mais )?(?:j ai|jai|g|je) (?:deja |aussi )*(?:le |mon |un |une |la |ma )?"
    r"(?:permis?|permi|voiture|diplome|bac|caces|cap|bts|ordinateur|ordi|cv)\b(?: \w+){0,2}$"
)
_NO_PHONE = re.compile(
    r"\b(?:peux|peut|sais|ose|arrive) pas (?:\w+ )?(?:telephoner|appeler)\b"
    r"|\b(?:suis|est) (?:sourde?|malentendante?|muette?)\b|\bpas de (?:telephone|credit|forfait)\b"
)


def fields(turn: Turn) -> list[str]:
    """What the bot read that the message asks of places; « c'est payé ? » is a price of courses."""
    if _WHICH_FIRST.search(turn.plain):
        return [ADVICE]
    asked = [_here(name, turn) for name in turn.fields_read if name not in (TRIED, SETTLED)]
    if not asked and not _MOMENTS.isdisjoint(turn.words):
        asked = ["horaires"]
    return list(dict.fromkeys(asked))


def field(turn: Turn) -> str | None:
    """The first thing that the message asks of places."""
    return next(iter(fields(turn)), None)


def tells(turn: Turn, fact: str) -> bool:
    """Whether this is told: « j'ai déjà appelé », « ma mère va le garder »."""
    return fact in turn.fields_read


def _here(name: str, turn: Turn) -> str:
    theme, name = turn.display.theme, ASKS.get(name, name)
    if name == "date" and theme in OPEN:  # « ça marche quand »
        return "horaires"
    if name == WAGE and theme not in PAYING:
        return "frais"
    if name in (AGE, CHILD) and theme == services.CHILDCARE:
        return CHILD_S_AGE
    return name


def names_a_need(turn: Turn) -> bool:
    """« et pour le travail ? », under courses: another need, or a finer one, asks of no place."""
    need, finer = split_need(turn.intent)
    if need is None or need == "humain":
        return False
    same = need == turn.display.theme and finer in (None, turn.slots.get("detail_besoin"))
    return not same and is_said(turn, SURE_NEED)


def is_a_moment(turn: Turn) -> bool:
    """« et samedi ? », « demain matin »: nothing but a moment."""
    words = set(turn.words)
    return not words.isdisjoint(_MOMENTS) and words <= _MOMENTS | _AROUND_A_MOMENT


def is_of_now(turn: Turn) -> bool:
    """« c'est ouvert aujourd'hui ? »."""
    return any(word in _NOW or word.startswith(("aujourd", "ojourd")) for word in turn.words)


def names_a_landmark(turn: Turn) -> bool:
    """« le plus près du métro », « à côté de la basilique »."""
    near = _NEAR_IT.search(turn.plain) and not turn.names_town
    return bool(near) or not LANDMARKS.isdisjoint(turn.words)


def is_on_the_spot(turn: Turn) -> bool:
    """« il y a une garderie sur place ? », under what adults go to."""
    need = split_need(turn.intent)[0]
    of_a_child = turn.display.theme in services.THEMES[1:] and need in (None, services.CHILDCARE)
    return of_a_child and _ON_THE_SPOT.search(turn.plain) is not None


def has_already(turn: Turn) -> bool:
    """« j'ai le permis B », under places: told, not asked."""
    return turn.display.theme in services.THEMES and _HAS_ALREADY.search(turn.plain) is not None


def cannot_phone(turn: Turn) -> bool:
    """« je ne peux pas téléphoner », « je suis sourd »."""
    return _NO_PHONE.search(turn.plain) is not None and len(turn.words) <= 2 * MOST_WORDS
