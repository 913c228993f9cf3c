"""Facts that people tell about themselves: on RSA, under 26, with a handicap.

Only what is said in the first person counts: « ma fille a 19 ans » says nothing of the person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.components.reading import Reading, word_set

# Missions locales follow people until the day before they are 26.
AGE_LIMIT = 26
_AGES = range(14, 100)


@dataclass(frozen=True)
class Facts:
    """`values` holds "oui" or "non" for `rsa`, `moins_26` and `handicap` where stated.

    `rest` is the text of the reading without the words that state them.
    """

    values: dict[str, str]
    rest: str


def _either(words: str) -> str:
    return "|".join(words.split())


def _one_of(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


def _any_of(*alternatives: str) -> str:
    return "(?:" + _one_of(*alternatives) + " )*"


_SINCE = r"(?: depuis (?:\S+ )?(?:ans?|mois|annees?|semaines?|longtemps|peu)\b)?"

_RELATIVE = _one_of(
    _either(
        "fils fille filles garcon garcons enfant enfants bebe petit petite ado mari femme conjoint "
        "conjointe compagnon compagne copain copine frere soeur mere pere neveu niece cousin "
        "cousine ami amie voisin voisine gosse gamin gamine fiston tante oncle belle beau epoux "
        "epouse parents maman papa"
    )
)
_SOMEONE_ELSE = re.compile(
    rf"\b(?:mon|ma|mes|son|sa|ses|notre|nos|leur|leurs) (?:petite? |grande? )?{_RELATIVE}\b"
    r"|\b(?:un|une) (?:ami|amie|voisin|voisine|copain|copine|cousin|cousine)\b"
    r"|\b(?:il|elle|ils|elles)\b"
)
_ASKS = re.compile(
    r"\b(?:c est quoi|veut dire|comment|obtenir|avoir droit|demande|demander|dossier|faire)\b"
)
_NOT_SAID = re.compile(r"(?:\bsi|\best ce que?|\bquand) $")

# --- RSA ---

_RSA = _one_of("rsa", "rmi", "revenu de solidarite active", "revenu solidarite active")
_HOLDS = _one_of(
    _either(
        "suis sommes est touche touchons percois percoit recois recoit ai a avons vis vit beneficie"
    )
)
_STILL = _any_of(
    _either("toujours deja encore actuellement aussi bien que seulement juste donc maintenant moi")
)
_HOLDER = _one_of("beneficiaire", "allocataire", "titulaire", "inscrite?")
_RSA_NO = re.compile(
    rf"\b(?P<who>(?:je|j|nous|on|moi) )?(?:ne |n )?(?:{_HOLDS} )?(?:pas|pa|plus|plu|jamais) "
    + _any_of(
        _either("encore du tout eu ete touche percu beneficie aussi droit"), _HOLDER, "actuellement"
    )
    + rf"(?:(?:le|au|o|du|de|d) )?{_RSA}\b{_SINCE}"
)
_RSA_WITHOUT = re.compile(rf"(?P<who>)\bsans (?:le )?{_RSA}\b")
_NO_INCOME = re.compile(
    r"\b(?:je|j|on) (?:ne |n )?(?:touche|percois|recois) (?:rien|aucune aide|pas d aides?)\b"
    r"|\b(?:je|j|on) (?:ne |n )?ai (?:droit a rien|aucune aide)\b"
)
_RSA_YES = re.compile(
    rf"\b(?P<who>(?:je|j|nous|on) )(?:(?:ne|n) )?(?:{_HOLDS} )?{_STILL}"
    rf"(?:{_HOLDER} )?(?:au|o|du|le|l|de) {_RSA}\b{_SINCE}"
    rf"|\b(?:je|j|nous|on) {_HOLDS} {_STILL}{_HOLDER} {_RSA}\b{_SINCE}"
)
_RSA_PROFILE = re.compile(
    rf"\b(?:{_HOLDER} (?:du |de |au )?{_RSA}|brsa)\b{_SINCE}"
    rf"|(?:^|(?<=, )|(?<=§ )|(?:(?<=\s)|^)(?:oui|moi|et|maman|papa|mere|pere|parent|femme|homme|"
    rf"jeune|solo|seule|seul|celibataire|isolee?|personne|famille|couple|ans?|enfants?|emploi) )"
    rf"{_STILL}au {_RSA}\b{_SINCE}"
)
_MAY_PRECEDE = word_set(", oui non et mais moi car donc § parce puisque depuis")


def _rsa(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    for match in [*_RSA_NO.finditer(text), *_RSA_WITHOUT.finditer(text)]:
        stated = match["who"] or _starts_a_statement(text, match)
        if stated and not _NOT_SAID.search(text[: match.start()]):
            yield "non", match
    for match in _RSA_YES.finditer(text):
        of_people = match[0].startswith("on ") and not _starts_a_statement(text, match)
        if not of_people and not _NOT_SAID.search(text[: match.start()]):
            yield "oui", match
    for match in _NO_INCOME.finditer(text):
        if not _NOT_SAID.search(text[: match.start()]):
            yield "non", match
    for match in _RSA_PROFILE.finditer(text):
        if not _SOMEONE_ELSE.search(text[: match.start()]):
            yield "oui", match


def _starts_a_statement(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].split()
    return not before or before[-1] in _MAY_PRECEDE or match[0].startswith("sans")


# --- age ---

_UNITS = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
_TEENS = ("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize")
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def _number_words() -> dict[str, int]:
    words = {teen: 10 + i for i, teen in enumerate(_TEENS)}
    words |= {f"dix {unit}": 11 + i + 5 for i, unit in enumerate(_UNITS[6:])}
    for ten, name in _TENS.items():
        words[name] = ten
        words |= {f"{name} {unit}": ten + i + 1 for i, unit in enumerate(_UNITS)}
        words[f"{name} et un"] = ten + 1
    return words


_NUMBER_WORDS = _number_words()
_NUMBER_IN_WORDS = re.compile(
    rf"\b({'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})(?= ans?\b)"
)
_GLUED_AGE = re.compile(r"\b(\d{1,2})(ans?)\b")

_HEDGES = _any_of(
    _either("bientot presque deja eu juste environ que pas encore seulement moins plus de")
)
_YEARS = r"(?P<n>\d{1,2}) (?:ans?|piges?|balais)\b(?! (?:d|de|dans|que|plus(?! (?:d|de|rien)\b))\b)"
_AGE_SAID = re.compile(
    rf"\b(?:je|j) (?:n )?(?:(?P<soon>aurai|vais avoir|vais faire) |ai |suis agee? de "
    rf"|viens d avoir |fais )?(?P<hedges>{_HEDGES}){_YEARS}"
    r"(?P<later> (?:le mois prochain|bientot|demain)\b)?"
)
_AGE_PROFILE = re.compile(
    r"(?:^|(?<=, )|\bsuis |\bmoi )(?:(?:bonjour|je|j|suis|c|est|un|une|oui|non|et|moi|§) )*"
    r"(?:(?:jeune|femme|homme|agee?|maman|papa|mere|pere|personne|fille|garcon|mec|meuf|"
    rf"etudiante?|celibataire|seule?) )*(?:de )?(?P<hedges>{_HEDGES}){_YEARS}"
    r"(?= ?(?:,|$|et|§|cherche|a|au|sans|avec|je|j|svp|merci))"
)
_AGE_AGAINST_LIMIT = re.compile(
    rf"(?:^|(?<=, )|\b(?:oui|non|moi|ai|j) )(?P<hedges>(?:moins|plus) de )(?P<n>{AGE_LIMIT})$"
)
_AGE_ALONE = re.compile(rf"^(?:moi |oui |non |j ai )*(?P<hedges>{_HEDGES})(?P<n>\d\d)(?: ,)*$")
_BORN = re.compile(
    r"(?:^|(?<=, )|\bje suis |\bet |\boui )nee? "
    r"(?:en (?P<short>\d\d)\b|(?:(?:en|le|,|[a-z]+|\d\d?) ){0,8}(?P<year>(?:19|20)\d\d)\b)"
)
_AGE_IN_WORDS = re.compile(
    r"\b(?:je|j) (?:ai (?:plus de )?la (?:trentaine|quarantaine|cinquantaine|soixantaine)"
    r"|suis senior)\b"
)
_MINOR = re.compile(r"\bje suis (?:encore )?mineure?\b")


def _under_26(text: str, today: date) -> Iterator[tuple[str, re.Match[str]]]:
    for pattern in (_AGE_SAID, _AGE_PROFILE, _AGE_AGAINST_LIMIT, _AGE_ALONE):
        for match in pattern.finditer(text):
            own = pattern is _AGE_SAID or not _SOMEONE_ELSE.search(text[: match.start()])
            answer = _age_answer(match)
            if own and answer:
                yield answer, match
    for match in _BORN.finditer(text):
        answer = _birth_answer(_year(match, today), today)
        if answer and not _SOMEONE_ELSE.search(text[: match.start()]):
            yield answer, match
    for match in _AGE_IN_WORDS.finditer(text):
        yield "non", match
    for match in _MINOR.finditer(text):
        yield "oui", match


def _age_answer(match: re.Match[str]) -> str | None:
    age = int(match["n"])
    hedges = match["hedges"].split()
    if age not in _AGES:
        return None
    if "moins" in hedges or "pas" in hedges:
        return "oui" if age <= AGE_LIMIT else None
    if "plus" in hedges:
        return "non" if age >= AGE_LIMIT - 1 else None
    if "bientot" in hedges or "presque" in hedges or _is_to_come(match):
        age -= 1
    return "oui" if age < AGE_LIMIT else "non"


def _is_to_come(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    return bool(groups.get("soon") or groups.get("later"))


def _year(match: re.Match[str], today: date) -> int:
    if match["year"]:
        return int(match["year"])
    year = 2000 + int(match["short"])
    return year if year <= today.year else year - 100


def _birth_answer(year: int, today: date) -> str | None:
    """Of someone born in this year; None when their birthday decides."""
    turning = today.year - year
    if turning == AGE_LIMIT or turning not in _AGES:
        return None
    return "oui" if turning < AGE_LIMIT else "non"


# --- handicap ---

_DISABLED = _one_of(
    *("handicapee?", "handicap", "rqth", "aah", "invalidite", "invalide"),
    *("mal ?voyante?", "mal ?entendante?", "sourde?", "aveugle", "fauteuil(?: roulant)?"),
)
_HANDICAP_SAID = re.compile(
    r"\b(?:je|j|moi|on|nous) (?:suis|ai|touche|percois|beneficie|vis|sommes|est) "
    + _any_of(
        _either("un une le la l mon ma de d en au aussi bien toujours situation carte statut"),
        *("reconnue?", "travailleur", "travailleuse", "porteur", "porteuse", "et", "personne"),
    )
    + rf"{_DISABLED}\b"
)
_HANDICAP_MINE = re.compile(r"\b(?:mon handicap|ma rqth|mon aah|avec (?:une |la )?rqth)\b")
_HANDICAP_PROFILE = re.compile(
    r"(?:^|(?<=, ))(?:(?:et|oui|une?|reconnue?|personne|homme|femme|jeune|maman|papa|mere|pere|"
    r"moi) )*(?:en fauteuil(?: roulant)?|rqth|aah|handicapee?|en situation de handicap|"
    r"travailleu(?:r|se) handicapee?|en invalidite)\b"
)


def _handicap(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    for pattern in (_HANDICAP_SAID, _HANDICAP_MINE):
        for match in pattern.finditer(text):
            yield "oui", match
    for match in _HANDICAP_PROFILE.finditer(text):
        if not _ASKS.search(text):
            yield "oui", match


def find_facts(reading: Reading, today: date) -> Facts:
    """What the person says of themselves in this message.

    Args:
        reading: the message.
        today: the day that a year of birth is counted from.
    """
    text = _in_figures(reading.text)
    values: dict[str, str] = {}
    stated: list[re.Match[str]] = []
    for name, found in (
        ("rsa", _rsa(text)),
        ("moins_26", _under_26(text, today)),
        ("handicap", _handicap(text)),
    ):
        for value, match in found:
            values.setdefault(name, value)
            stated.append(match)
    return Facts(values, _without(text, stated))


def _in_figures(text: str) -> str:
    text = re.sub(r"\br s a\b|\br , s , a\b", "rsa", text)
    text = _GLUED_AGE.sub(r"\1 \2", text)
    return _NUMBER_IN_WORDS.sub(lambda match: str(_NUMBER_WORDS[match[1]]), text)


def _without(text: str, matches: list[re.Match[str]]) -> str:
    kept = list(text)
    for match in matches:
        kept[match.start() : match.end()] = " " * (match.end() - match.start())
    return " ".join("".join(kept).split())
