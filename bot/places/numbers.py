"""Places named by a number: postal codes, arrondissements, départements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.places import vocabulary as vocab
from bot.places.sentence import Mention, Sentence

# The first digits of the codes of the arrondissements of each town, and how many there are.
QUARTERS = {"paris": ("751", 20), "lyon": ("6938", 9), "marseille": ("132", 16)}
ROMAN = {
    **{"xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16},
    **{"xvii": 17, "xviii": 18, "xix": 19, "xx": 20},
}

_RANKS = (
    *("premier", "deuxieme second", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme"),
    *("huitieme", "neuvieme", "dixieme", "onzieme", "douzieme", "treizieme", "quatorzieme"),
    *("quinzieme", "seizieme"),
)
ORDINALS = {
    word: number for number, words in enumerate(_RANKS, start=1) for word in words.split()
} | {"vingtieme": 20}

LIST = 4  # the most places that an answer shows
_ORDINAL = re.compile(r"(\d{1,2})(?:er|re|e|eme|em|me|ieme|nd|nde)")


def numbers_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    """The places that a number may name at an index of the sentence."""
    word = sentence.norm(index)
    spelled = word in ROMAN or word in ORDINALS or word in {"neuf", "dix"}
    if not word.isascii() or not (word[0].isdigit() or spelled):
        return
    yield from _postcode_at(sentence, index)
    yield from _lone_quarter_at(sentence, index)
    yield from _departement_number_at(sentence, index)


def _postcode_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    gazetteer = sentence.gazetteer
    code, last = sentence.norm(index), index + 1
    digits = [sentence.norm(i) for i in range(index, index + 5)]
    if all(len(digit) == 1 and digit.isdigit() for digit in digits):
        code, last = "".join(digits), index + 5
    elif len(code) == 2 and len(sentence.norm(last)) == 3 and not sentence.tokens[last].after_break:
        code, last = code + sentence.norm(last), last + 1
        if code[:2] not in gazetteer.covered:
            return
    if len(code) != 5 or not code.isdigit() or sentence.after(last) in vocab.NOT_A_POSTCODE:
        return
    if sentence.text[sentence.tokens[last - 1].end :].lstrip()[:1] == "€":
        return
    if sentence.norm(last) == "cedex":
        last += 1
    if code in gazetteer.postcodes:
        towns = tuple(
            (c, gazetteer.communes[c].population + 1.0) for c in gazetteer.postcodes[code]
        )
        yield Mention(index, last, "postcode", towns)
    elif departement_of(code) in gazetteer.departements:
        yield Mention(index, last, "departement", departement=departement_of(code))


def departement_of(postcode: str) -> str:
    """The département that a postal code begins with (Corsica, 20, has two)."""
    return postcode[:3] if postcode[:2] in {"97", "98"} else postcode[:2]


def _lone_quarter_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    """« dans le 18e », « 18e arrondissement »: of Paris unless Lyon or Marseille is named."""
    number, is_ordinal, last = _ordinal_at(sentence, index)
    if not number:
        return
    town = next((t.norm for t in sentence.tokens if t.norm in QUARTERS), "paris")
    if number > QUARTERS[town][1]:
        return
    mention = _quarter(index, last, town, number)
    # « dans le deuxième ils donnent… » is said of a list.
    places = {"habite", "vis"} | ({"dans", "vers"} if number > LIST else set())
    introduced = sentence.before(index) == "le" and sentence.before(index - 1) in places
    if sentence.norm(last) in vocab.QUARTER_WORDS:
        mention.last += 1
    elif not is_ordinal:
        if not introduced or town not in {t.norm for t in sentence.tokens}:
            return
    elif is_plain_word(sentence, last) or not (
        introduced or (number > 10 and sentence.is_whole(mention))
    ):
        return
    if sentence.norm(mention.last) in {"de", "a"} and sentence.norm(mention.last + 1) == town:
        mention.last += 2
    yield mention


def _departement_number_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    gazetteer = sentence.gazetteer
    code, last = sentence.norm(index).upper(), index + 1
    if (code, sentence.norm(last)) in {("9", "3"), ("NEUF", "trois")}:
        code, last = "93", last + 1
    if code not in gazetteer.departements or len(code) < 2:
        return
    mention = Mention(index, last, "departement", departement=code)
    before = sentence.before(index)
    covered = code in gazetteer.covered
    if before in {"departement", "dpt", "dept", "dep"}:
        yield mention
    elif sentence.after(last) in vocab.NOT_A_POSTCODE or is_plain_word(sentence, last):
        return
    elif before in {"le", "du"} and (covered or sentence.before(index - 1) in {"dans", "sur"}):
        # Under 20, « dans le 15 » may be an arrondissement: better to ask.
        if covered or code > "20":
            yield mention
    elif (covered and sentence.is_whole(mention)) or _is_beside_its_town(
        sentence, index, last, code
    ):
        yield mention


def _is_beside_its_town(sentence: Sentence, first: int, last: int, departement: str) -> bool:
    """« Bondy 93 », « Clichy (92) », « 93 Bondy »."""
    gazetteer = sentence.gazetteer
    words = [token.norm for token in sentence.tokens]
    neighbours = [" ".join(words[max(0, first - n) : first]) for n in range(1, 6)]
    neighbours += [" ".join(words[last : last + n]) for n in range(1, 6)]
    return any(
        gazetteer.communes[code].departement == departement
        for name in neighbours
        for code, _ in gazetteer.names.get(name, ())
    )


def quarters_after(sentence: Sentence, index: int, town: str) -> Iterator[Mention]:
    """« Paris 18 », « Lyon 3ème », « Marseille dans le 13e arrondissement »."""
    position = index + 1
    while sentence.norm(position) in vocab.BEFORE_A_QUARTER and position < index + 4:
        position += 1
    number, is_ordinal, last = _ordinal_at(sentence, position)
    if not number or number > QUARTERS[town][1]:
        return
    if sentence.norm(last) in vocab.QUARTER_WORDS:
        last += 1
    elif not is_ordinal and (
        sentence.after(last) in vocab.NOT_A_QUARTER or is_plain_word(sentence, last)
    ):
        return
    yield _quarter(index, last, town, number)


def is_plain_word(sentence: Sentence, index: int) -> bool:
    word = sentence.after(index)
    return word in sentence.gazetteer.words and word not in vocab.FUNCTION_WORDS


def _quarter(first: int, last: int, town: str, number: int) -> Mention:
    prefix, _ = QUARTERS[town]
    code = f"{prefix}{number:0{5 - len(prefix)}d}"
    return Mention(first, last, "quarter", ((code, 1.0),), name=town)


def _ordinal_at(sentence: Sentence, index: int) -> tuple[int | None, bool, int]:
    """The number written at an index, whether it is an ordinal, and the index after it."""
    word, following = sentence.norm(index), sentence.norm(index + 1)
    if word == "dix" and 6 < ORDINALS.get(following, 0) < 10:
        return 10 + ORDINALS[following], True, index + 2
    if word in ROMAN or word in ORDINALS:
        return ROMAN.get(word) or ORDINALS[word], True, index + 1
    match = _ORDINAL.fullmatch(word)
    if match:
        return int(match.group(1)), True, index + 1
    if word.isascii() and word.isdigit() and len(word) < 3:
        return int(word), False, index + 1
    return None, False, index + 1
