"""How far a sentence supports that words are the name of a place."""

from __future__ import annotations

import re

from bot.places import vocabulary as vocab
from bot.places.gazetteer import ARTICLES, CONTRACTIONS, LARGE_TOWN, VILLAGE
from bot.places.numbers import departement_of
from bot.places.sentence import Mention, Sentence

CERTAIN = 5
# Up to this rank, a French word is too common to be a far town on a preposition alone.
VERY_COMMON = 2_000
# Beyond this rank, a word that is also a large town is rather the town.
RARE_WORD = 50_000
# A town of this size is known to everyone.
CITY = 100_000


def required(sentence: Sentence, mention: Mention) -> int:
    """How much evidence a name needs: 0 for a town well known, up to 5 for « y »."""
    gazetteer = sentence.gazetteer
    covered = _is_covered(sentence, mention)
    weight = mention.weight
    if mention.distance:
        need = _required_of_a_typo(mention, covered)
        word = sentence.norm(mention.first) if mention.last - mention.first == 1 else ""
        need += 2 * (word in gazetteer.not_typos)
        return 2 * CERTAIN if need > 2 and not covered else need
    words = mention.words
    plain = all(word in gazetteer.words for word in words)
    if plain and len(words) == 1:
        own_name = covered and mention.name not in gazetteer.aliases
        need = 1 if own_name else 2 if covered or weight >= LARGE_TOWN else 3
        return need + (gazetteer.words[words[0]] < VERY_COMMON and not covered)
    if plain:
        long = len(mention.name.split()) > 2 and mention.name.split()[0] not in ARTICLES
        return 0 if covered or weight >= LARGE_TOWN or long else 2
    if words[0] in gazetteer.town_words and len(words) == 1:
        if covered or weight >= CITY:
            return 0
        rare = gazetteer.town_words[words[0]] > RARE_WORD
        return (0 if rare else 2) if weight >= LARGE_TOWN else 3
    if covered or weight >= LARGE_TOWN / 2 or len(words) > 2:
        return 0
    return 3 if len(mention.name) < 5 else 2


def _required_of_a_typo(mention: Mention, covered: bool) -> int:
    several = mention.last - mention.first > 1
    letters = len(mention.name.replace(" ", ""))
    errors = mention.distance - 1
    slight = errors == 0 or several or (errors == 1 and letters > 8)
    need = (not slight) + (errors > 1 and letters < 9)
    return need + (1 + several) * (errors > 0 and not covered)


def evidence(sentence: Sentence, mention: Mention) -> int:
    """How much the sentence says that these words are a place."""
    first, last = mention.first, mention.last
    if _is_a_person(sentence, mention) or _follows_a_determiner(sentence, mention):
        return -CERTAIN
    if mention.distance == 0 and _is_another_word(sentence, mention):
        return -CERTAIN
    score = _evidence_before(sentence, mention)
    if sentence.is_whole(mention):
        if not _is_a_word(sentence, mention):
            return CERTAIN
        if mention.words[0] not in sentence.gazetteer.service_words:
            score += CERTAIN if mention.weight >= VILLAGE else 1
    token = sentence.tokens[first]
    if token.raw[0].isupper() and not token.begins_sentence and not sentence.shouts:
        score += 2 if mention.weight >= VILLAGE else 1
    if _touches_a_number(sentence, mention):
        score += 4
    following = sentence.after(last)
    says_no_more = following in vocab.MOMENTS or following.isdigit()
    if sentence.ends_with(mention) or (says_no_more and _is_covered(sentence, mention)):
        score += 1
    if following in {"de", "du", "des", "d"} and _is_a_word(sentence, mention):
        score -= 3
    return score


def _is_a_person(sentence: Sentence, mention: Mention) -> bool:
    first = mention.first
    before = sentence.before(first)
    if before in vocab.KIN and not _is_covered(sentence, mention):
        return True
    if before == "m":
        return sentence.text[sentence.tokens[first - 1].end :][:1] not in {"'", "’"}
    near = range(max(1, first - 3), first)
    is_called = any(
        sentence.norm(i) == "appelle" and sentence.norm(i - 1) in {"m", "s", "t", "me", "se"}
        for i in near
    )  # « je m'appelle Gagny », not « j'appelle qui à Gagny »
    return before in vocab.TITLES or is_called


def _evidence_before(sentence: Sentence, mention: Mention) -> int:
    start = sentence.introduction(mention)
    introduction = [sentence.norm(i) for i in range(start, mention.first)]
    if sentence.norm(mention.first) in CONTRACTIONS and mention.name.split()[0] in ARTICLES:
        introduction.append(sentence.norm(mention.first))
    lead = set(_words_just_before(sentence, start))
    common_noun = mention.name.split()[0] in ARTICLES and _is_a_word(sentence, mention)
    score = 0
    if {"de", "du", "des", "d"} & set(introduction):
        office = (lead | set(introduction)) & (vocab.OFFICES | vocab.NEAR)
        score = 3 if office and not common_noun else 1
    if "dans" in introduction:
        score = max(score, 1)
    if {"a", "au", "aux", "sur", "vers"} & set(introduction):
        score = max(score, 1 if common_noun else 2)
        if lead & vocab.TALKING:
            score = 0
        score += bool(lead & vocab.BEING) and not common_noun
    if lead & vocab.LIVING:
        score = max(score, 2) + 1
    return score


def _words_just_before(sentence: Sentence, index: int) -> list[str]:
    """The last three words of the clause before an index, after « et » or « ou »."""
    lead: list[str] = []
    for i in range(index - 1, max(sentence.clause_start(index), index - 3) - 1, -1):
        if sentence.norm(i) in {"et", "ou"}:
            break
        lead.append(sentence.norm(i))
    return lead


def _follows_a_determiner(sentence: Sentence, mention: Mention) -> bool:
    """« Un pantin », « le gap »: a thing, not a town; « bon, Bondy » names one."""
    before = sentence.before(mention.first)
    if before in vocab.DETERMINERS and not (before == "bon" and mention.first == 1):
        return True
    if mention.name.split()[0] in ARTICLES:
        return False
    article = before in ARTICLES or before in CONTRACTIONS
    return before in {"les", "des", "aux"} or (article and _is_a_word(sentence, mention))


def _is_another_word(sentence: Sentence, mention: Mention) -> bool:
    """Whether accents make it another word than the town's name: « maçon » is not Mâcon."""
    if not _is_a_word(sentence, mention) or mention.name in sentence.gazetteer.aliases:
        return False
    raw = sentence.tokens[mention.last - 1].raw.lower()
    names = (sentence.gazetteer.communes[code].name.lower() for code, _ in mention.candidates)
    return not raw.isascii() and not any(raw in re.split(r"[\W_]+", name) for name in names)


def _is_covered(sentence: Sentence, mention: Mention) -> bool:
    return any(sentence.gazetteer.is_covered(code) for code, _ in mention.candidates)


def _is_a_word(sentence: Sentence, mention: Mention) -> bool:
    gazetteer = sentence.gazetteer
    words = mention.words
    return len(words) == 1 and (words[0] in gazetteer.words or words[0] in gazetteer.town_words)


def _touches_a_number(sentence: Sentence, mention: Mention) -> bool:
    """Whether a postal code or a département beside the name agrees with it."""
    gazetteer = sentence.gazetteer
    own = {gazetteer.communes[code].departement for code, _ in mention.candidates}
    for index in (mention.first - 2, mention.first - 1, mention.last):
        word = sentence.norm(index)
        if word.upper() in own or (len(word) == 5 and departement_of(word) in own):
            return True
    return False
