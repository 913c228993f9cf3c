"""The places named in a sentence: whole names, glued words, misspellings, numbers."""

from __future__ import annotations

from collections.abc import Iterator

from bot.places import vocabulary as vocab
from bot.places.evidence import evidence, required
from bot.places.gazetteer import ARTICLES, CONTRACTIONS, Gazetteer
from bot.places.numbers import QUARTERS, numbers_at, quarters_after
from bot.places.sentence import Mention, Sentence

# A typo costs more to look up than a name: a long message is searched up to this many windows.
MAX_TYPO_WINDOWS = 80
LONGEST_TYPO = 5
LONG = 6  # letters of a word that an article comes before, where more than one may be wrong


def find_mentions(sentence: Sentence) -> list[Mention]:
    """The places named, in order, without overlap: the longest name wins, then the surest."""
    found = [
        mention
        for index in range(len(sentence.tokens))
        for mention in _mentions_at(sentence, index)
        if mention.kind != "name" or evidence(sentence, mention) >= required(sentence, mention)
    ]
    found += _typos(sentence, found)
    found.sort(key=lambda m: (m.first - m.last, m.distance, m.kind == "name", m.first))
    taken: set[int] = set()
    kept = []
    for mention in found:
        words = set(range(mention.first, mention.last))
        if not words & taken:
            taken |= words
            kept.append(mention)
    return sorted((m for m in kept if m.kind != "not_a_place"), key=lambda m: m.first)


def _mentions_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    yield from _names_at(sentence, index)
    yield from numbers_at(sentence, index)


def _names_at(sentence: Sentence, index: int) -> Iterator[Mention]:
    gazetteer = sentence.gazetteer
    word = sentence.norm(index)
    for first in {word, CONTRACTIONS.get(word, word)}:
        for count in range(gazetteer.longest_from(first), 0, -1):
            if index + count > len(sentence.tokens):
                continue
            rest = [token.norm for token in sentence.tokens[index + 1 : index + count]]
            name = " ".join([first, *rest])
            if name in gazetteer.not_places:
                yield Mention(index, index + count, "not_a_place", name=name)
            departement = gazetteer.departement_names.get(name)
            if departement and _names_a_departement(sentence, index, index + count, name):
                first_word = index - (sentence.norm(index - 1) in ARTICLES)
                yield Mention(first_word, index + count, "departement", departement=departement)
            if name in gazetteer.names:
                if name in QUARTERS:
                    yield from quarters_after(sentence, index, name)
                yield Mention(index, index + count, "name", gazetteer.meanings(name), name=name)
    letters = word
    for count in range(1, 5):
        if count > 1:
            letters += sentence.norm(index + count - 1)
        if index + count > len(sentence.tokens) or letters.isdigit():
            break
        name = gazetteer.glued(letters) or (
            count == 1 and _glued_to_preposition(letters, gazetteer)
        )
        if name and name.count(" ") + 1 != count:
            yield Mention(
                index, index + count, "name", gazetteer.names[name], name=name, distance=1
            )


def _glued_to_preposition(letters: str, gazetteer: Gazetteer) -> str | None:
    """« abobigny » is « à Bobigny »."""
    rest = letters[1:]
    if letters[:1] != "a" or len(rest) < 5 or letters in gazetteer.words:
        return None
    if letters in gazetteer.names or letters in gazetteer.not_typos:
        return None
    name = gazetteer.glued(rest) or rest
    known = name in gazetteer.names and rest not in gazetteer.words
    return name if known and gazetteer.is_well_known(name) else None


def _names_a_departement(sentence: Sentence, index: int, last: int, name: str) -> bool:
    has_article = " " in name and name.split()[0] in ARTICLES
    if " " in name and not has_article:
        return True
    if has_article and sentence.before(index) == "a" and not sentence.after(last):
        return True  # « à la Réunion », not « à la réunion d'information »
    introduction = [sentence.norm(index - 1), sentence.norm(index - 2)]
    gazetteer = sentence.gazetteer
    homonym = name in gazetteer.names and gazetteer.is_well_known(name)
    return not homonym and bool({"en", "dans"} & set(introduction))


def _typos(sentence: Sentence, exact: list[Mention]) -> Iterator[Mention]:
    """Names misspelled, among the words that no accepted name uses as they are."""
    gazetteer = sentence.gazetteer
    settled = {i: m for m in exact if m.distance == 0 for i in range(m.first, m.last)}
    windows = 0
    for index, token in enumerate(sentence.tokens):
        if token.norm in vocab.LINKS and token.norm not in ARTICLES:
            continue
        letters = ""
        for count in range(1, LONGEST_TYPO + 1):
            last = index + count
            if last > len(sentence.tokens) or (count > 1 and sentence.tokens[last - 1].after_break):
                break
            letters += sentence.norm(last - 1)
            if not _may_be_a_typo(sentence, index, last, letters, settled):
                continue
            windows += 1
            if windows > MAX_TYPO_WINDOWS:
                return
            near = gazetteer.nearest(letters)
            if near is None or (count > 1 and " " not in near[0]):
                continue
            name, distance = near
            if token.norm in ARTICLES and distance > 1 and len(letters) - len(token.norm) < LONG:
                continue  # « les otre » is not Les Orres
            mention = Mention(
                index, last, "name", gazetteer.names[name], name=name, distance=distance + 1
            )
            inside = {id(m): m for i, m in settled.items() if index <= i < last}.values()
            codes = gazetteer.choose(mention.candidates)
            same_length = name.count(" ") + 1 == count
            if not same_length and any(gazetteer.choose(m.candidates) == codes for m in inside):
                continue
            if evidence(sentence, mention) >= required(sentence, mention):
                yield mention


def _may_be_a_typo(
    sentence: Sentence, first: int, last: int, letters: str, settled: dict[int, Mention]
) -> bool:
    gazetteer = sentence.gazetteer
    if len(letters) < 4 or not letters.isalpha() or not letters.isascii():
        return False
    words = [sentence.norm(i) for i in range(first, last)]
    if " ".join(words) in gazetteer.names:
        return False
    if len(words) == 1:
        known = letters in gazetteer.words or letters in gazetteer.town_words
        return not known and first not in settled
    if len(letters) < 7 or words[-1] in vocab.LINKS or words[0] in vocab.DENYING:
        return False
    if words[0] in vocab.SAINT or words[-1] in gazetteer.endings:
        return True
    return any(
        word not in gazetteer.words and len(word) > 2 and word not in vocab.INTRODUCING
        for word in words
    )
