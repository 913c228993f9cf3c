"""Words that act before any understanding: STOP, START, AIDE, MENU, EFFACER, INFO, CODE, SUITE."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum, auto


class Command(StrEnum):
    """What a word of command does (docs/sms.md)."""

    STOP = auto()
    START = auto()
    HELP = auto()
    MENU = auto()
    ERASE = auto()
    INFO = auto()
    CODE = auto()


WORDS = {
    Command.STOP: (
        "stop arret arrets arrete arreter arretez "
        "desabonner desabonne desabonnee desabonnez desabonnement unsubscribe"
    ),
    Command.START: "start reprendre",
    Command.HELP: "aide help",
    Command.MENU: "menu",
    Command.ERASE: "effacer",
    Command.INFO: "info infos",
    Command.CODE: "code",
}
_COMMANDS = {word: command for command, words in WORDS.items() for word in words.split()}
_STOP_SMS = re.compile(r"(stop|arret)( sms| jalon| 36\d{3})?|desabonne[rz]? moi")
_POLITE = re.compile(r"( (stp|svp|merci|s il (te|vous) plait))+$")
_NUMBER = re.compile(r"(?:le |la |les |numero |num |no |n |choix )?(\d|[a-z]+)")
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "un une premier premiere",
            "deux deuxieme second seconde",
            "trois troisieme",
            "quatre quatrieme",
            "cinq cinquieme",
            "six sixieme",
            "sept septieme",
            "huit huitieme",
            "neuf neuvieme",
        ),
        start=1,
    )
    for word in words.split()
}
_MORE = {"suite", "la suite", "et la suite"}


def bare(text: str) -> str:
    """The words alone: lower case, without accents, punctuation or double spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", kept))


def read(text: str) -> Command | None:
    """The command that this SMS is; it must be alone."""
    words = _POLITE.sub("", bare(text))
    if re.fullmatch(r"\w( \w)+", words):
        words = words.replace(" ", "")  # « S.T.O.P. »
    words = re.sub(r"^(\w+)( \1)+$", r"\1", words)  # « stop stop »
    if _STOP_SMS.fullmatch(words):
        return Command.STOP
    return _COMMANDS.get(words)


def is_more(text: str) -> bool:
    """Whether the person asks for the rest: « SUITE »."""
    return _POLITE.sub("", bare(text)) in _MORE


def number(text: str) -> int | None:
    """The number that this SMS gives and nothing else: « 2 », « le 2 », « deux », « 2 stp »."""
    found = _NUMBER.fullmatch(_POLITE.sub("", bare(text)))
    if not found:
        return None
    word = found[1]
    return int(word) if word.isdecimal() else _NUMBERS.get(word)
