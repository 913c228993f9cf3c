"""What each place of a sentence is to the person: wanted, home, left, refused."""

from __future__ import annotations

from itertools import takewhile

from bot.places import vocabulary as vocab
from bot.places.gazetteer import CONTRACTIONS
from bot.places.sentence import Mention, Sentence

_PERSONS = frozenset({"je", "j", "on", "nous", "il", "elle"})
_THE = frozenset({"l", "la", "le", "les", "celui", "celle"})

# Roles, from the least to the most wanted.
REFUSED, PASSED, ELSEWHERE, NAMED, HOME, WANTED, CORRECTED = range(-1, 6)


def role_of(sentence: Sentence, mentions: list[Mention], index: int) -> int:
    """Whether the person wants, lives in, leaves or refuses the place."""
    mention = mentions[index]
    if index and _locates_the_one_before(sentence, mentions[index - 1], mention):
        return ELSEWHERE
    if index and _is_coordinated(sentence, mentions[index - 1], mention):
        return mentions[index - 1].role
    start = sentence.clause_start(mention.first)
    if index:
        start = max(start, min(mentions[index - 1].last, mention.intro))
    lead = [sentence.norm(i) for i in range(start, mention.intro)]
    introduction = [sentence.norm(i) for i in range(mention.intro, mention.first)]
    introduction += [sentence.norm(mention.first)] * (sentence.norm(mention.first) in CONTRACTIONS)
    if _is_a_street(sentence, mention):
        return ELSEWHERE
    if _is_refused(sentence, mention, lead, introduction):
        return REFUSED
    if _is_left(sentence, mentions, index, lead, introduction):
        return PASSED
    words = set(lead)
    following = {sentence.norm(mention.last), sentence.norm(mention.last + 1)}
    if words & vocab.SWITCHING or {"en", "fait"} <= words or following & vocab.NOW:
        return CORRECTED
    if words & (vocab.LIVING | vocab.BEING) and words & vocab.STILL:
        return CORRECTED
    near = bool(words & vocab.NEAR or set(introduction) & vocab.NEAR)
    if words & (vocab.LIVING | vocab.BEING) and not words & vocab.OTHERS:
        return HOME
    if index and lead[-1:] == ["moi"]:  # « il vit à Drancy, moi à Bobigny »
        return CORRECTED
    works = words & vocab.WORKING or _has_found_work(words) or _goes_to_work(words)
    if works and not (near and words & vocab.SEARCHING):
        return WANTED if _is_near_work(sentence) else ELSEWHERE
    end = sentence.clause_end(mention.last)
    asks = {sentence.norm(i) for i in range(mention.last, end)} & vocab.ASKING
    if words & vocab.OTHERS and not words & vocab.SEARCHING:
        return ELSEWHERE
    if near or words & vocab.SEARCHING or asks or "vers" in introduction:
        return WANTED
    return NAMED


def _has_found_work(words: set[str]) -> bool:
    """« j'ai trouvé un CDD à Paris »: where the job is, not where help is wanted."""
    return "ai" in words and bool(words & vocab.OBTAINED and words & vocab.JOBS)


def _goes_to_work(words: set[str]) -> bool:
    """« un vélo pour aller travailler à Roissy »: where the way leads, not where one lives."""
    return bool(words & vocab.GOING and words & vocab.TO_WORK)


def _is_near_work(sentence: Sentence) -> bool:
    """Whether what is wanted is to be « près de mon travail »."""
    return any(
        token.norm in vocab.WORKPLACES
        and any(sentence.norm(i) in vocab.NEAR for i in range(max(0, index - 3), index))
        for index, token in enumerate(sentence.tokens)
    )


def _is_coordinated(sentence: Sentence, left: Mention, right: Mention) -> bool:
    """« Bondy ou Pantin », « Bondy, Pantin »: what is said of the first is said of the second."""
    gap = [sentence.norm(i) for i in range(left.last, right.intro)]
    if not gap:
        return left.role >= NAMED and sentence.tokens[right.intro].after_break
    return all(word in {"ou", "et", "ni", "soit", "bien", "voire"} for word in gap)


def _locates_the_one_before(sentence: Sentence, left: Mention, right: Mention) -> bool:
    """« Tallard, près de Gap »."""
    introduction = {sentence.norm(i) for i in range(right.intro, right.first)}
    return left.last == right.intro and bool({"pres", "proche", "cote"} & introduction)


def _is_a_street(sentence: Sentence, mention: Mention) -> bool:
    index = mention.first
    while index > 0 and sentence.before(index) in {"de", "du", "des", "d", "la", "le", "l", "les"}:
        index -= 1
    before = sentence.before(index)
    if before in {"place", "porte"}:
        return index < mention.first
    return before in vocab.STREETS


def _is_refused(
    sentence: Sentence, mention: Mention, lead: list[str], introduction: list[str]
) -> bool:
    last = lead[-1] if lead else ""
    if "loin" in introduction or last == "loin":
        return "pas" not in lead[-4:]
    if last == "pas":
        return "pourquoi" not in lead[-2:]
    if lead[:1] == ["pas"] and lead[1:2] and lead[1] in _THE and "de" in introduction:
        return True  # « pas l'ALI de Bondy », not « pas de crèche à Bondy »
    if last in vocab.REFUSING:
        return True
    contrasted = sentence.norm(sentence.clause_end(mention.last)) == "mais"
    if last == "plus" and (contrasted or {"a", "au", "aux", "sur", "dans"} & set(introduction)):
        return "toujours" not in lead
    if last in {"vraiment", "forcement", "trop", "specialement"} and "pas" in lead[-2:]:
        return True
    if last in {"que", "qu"} and _compares(sentence, mention):
        return True
    if lead[-3:] == ["au", "lieu", "de"] or lead[-2:] == ["au", "lieu"]:
        return True
    end = sentence.clause_end(mention.last)
    following = [sentence.norm(i) for i in range(mention.last, min(end, mention.last + 5))]
    following = list(takewhile(lambda word: word not in _PERSONS, following))
    if "loin" in following and "pas" not in following:
        return True
    return following[:1] == ["non"] or bool({"fini", "refuse", "refuses"} & set(following))


def _compares(sentence: Sentence, mention: Mention) -> bool:
    clause = range(sentence.clause_start(mention.first), mention.first)
    return any(sentence.norm(i) in vocab.COMPARING for i in clause)


def _has_just_left(lead: list[str]) -> bool:
    """« il est parti de Bondy », not « il est parti, je suis à Bondy »."""
    last = lead[-3:]
    left = max((n for n, word in enumerate(last) if word in vocab.LEAVING), default=None)
    return left is not None and not set(last[left:]) & (vocab.LIVING | vocab.BEING)


def _is_past(lead: list[str]) -> bool:
    """« mon ancienne adresse à Bondy », « né à Gap »; not « mon ancien référent à Bondy »."""
    return any(
        word in vocab.PAST and (not word.startswith("ancien") or following in vocab.HOMES)
        for word, following in zip(lead, [*lead, ""][1:], strict=True)
    ) or says_born(lead)


def says_born(words: list[str]) -> bool:
    """« je suis né », not « je ne sais pas »: « né » and « ne » fold to the same word."""
    pairs = zip(["", *words], words, strict=False)
    return any(word == "ne" and before in vocab.BEFORE_BORN for before, word in pairs)


def _is_left(
    sentence: Sentence,
    mentions: list[Mention],
    index: int,
    lead: list[str],
    introduction: list[str],
) -> bool:
    mention = mentions[index]
    leaves = introduction[:1] and introduction[0] in {"de", "du", "des", "d", "depuis"}
    if _has_just_left(lead) or (leaves and set(lead[-3:]) & vocab.ORIGIN):
        return True
    if _is_past(lead) or lead[:1] == ["avant"] or lead[-1:] == ["avant"]:
        return True
    following = mentions[index + 1] if index + 1 < len(mentions) else None
    if not leaves or following is None:
        return False
    arrival = {sentence.norm(i) for i in range(following.intro, following.first + 1)}
    adjacent = following.intro == mention.last
    near = following.intro - mention.last <= 3
    return ("jusqu" in arrival and near) or (
        adjacent and bool(arrival & {"a", "au", "aux", "vers"})
    )
