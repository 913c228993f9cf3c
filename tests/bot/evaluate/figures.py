"""Figures of what was understood: pure functions on held-out messages and what was read of them.

`sentences` are those of `tests/bot/nlu/` (its README describes the keys); `parsed`, in the same
order, what the bot understood, as `/model/parse` gives it. A share has four decimals; it is None
when there is nothing to count.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bot.intents import OUT_OF_SCOPE, split_intent

Sentence = dict[str, Any]
Parsed = dict[str, Any]
Figures = dict[str, Any]

FALLBACK = "nlu_fallback"
DISTRESS = "urgence"
FRENCH = "fr"
ENCODED = ("ar", "en", "es", "it", "pt", "ru", "tr", "zh")  # languages that the encoder knows
SHORT = 30  # characters, spaces included
BINS = 10  # of the reliability table, equally wide
NO_PLACE = "sans_lieu"
AMBIGUOUS = "ambigu"


def figures(sentences: list[Sentence], parsed: list[Parsed]) -> Figures:
    """Every figure that is committed in `docs/understanding.json`, cross-validation excepted."""
    return {
        "messages": len(sentences),
        "subject": subject_figures(sentences, parsed),
        "by_theme": scores_by_label(*themes(sentences, parsed)),
        "by_style": by(sentences, parsed, "style"),
        "by_language": by(sentences, parsed, "langue"),
        "by_language_group": language_groups(sentences, parsed),
        "confusion": confusion(sentences, parsed),
        "scope": scope(sentences, parsed),
        "distress": distress(sentences, parsed),
        "two_needs": two_needs(sentences, parsed),
        "town": towns(sentences, parsed),
        "language": languages(sentences, parsed),
        "calibration": calibration(sentences, parsed),
        "wrong": {
            fault: sorted(key(sentences[row]["text"]) for row in rows)
            for fault, rows in faults(sentences, parsed).items()
        },
    }


# --- what is right in one message ---


def is_right(intent: str, sentence: Sentence) -> bool:
    """Whether the intent is of the subject expected, or of one that the file accepts."""
    accepted = [sentence["theme"], *(sentence.get("acceptes") or [])]
    return any(intent == name or split_intent(intent)[0] == name for name in accepted)


def theme_read(found: Parsed, sentence: Sentence) -> str:
    """The subject understood; the one expected when the file accepts what was understood."""
    intent = found["intent"]["name"]
    return sentence["theme"] if is_right(intent, sentence) else split_intent(intent)[0]


def town_read(found: Parsed) -> str | None:
    """INSEE code of the town wanted, `ambigu` when several are possible, None without any."""
    if entity(found, "communes_possibles"):
        return AMBIGUOUS
    return entity(found, "code_insee")


def language_read(found: Parsed) -> str:
    """ISO 639-1; French unless the bot is sure of another."""
    return entity(found, "langue") or FRENCH


def entity(found: Parsed, name: str) -> Any:
    """The value of the first entity of that name, if there is one."""
    return next((each["value"] for each in found["entities"] if each["entity"] == name), None)


def key(text: str) -> str:
    """Eight hexadecimal digits that stand for a message from one version to the next."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def faults(sentences: list[Sentence], parsed: list[Parsed]) -> dict[str, list[int]]:
    """Positions of the messages whose subject, town or language is misread."""
    read = list(enumerate(zip(sentences, parsed, strict=True)))
    return {
        "subject": [row for row, (s, p) in read if not is_right(p["intent"]["name"], s)],
        "town": [row for row, (s, p) in read if "commune" in s and town_read(p) != s["commune"]],
        "language": [row for row, (s, p) in read if language_read(p) != s["langue"]],
    }


# --- shares ---


def share(values: Iterable[float | None]) -> float | None:
    """The mean of booleans or numbers, those that are None left aside."""
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None


def scores_by_label(expected: list[str], found: list[str]) -> dict[str, Figures]:
    """Precision, recall and F1 of each label expected at least once.

    Precision is None when the label was never found; F1 is 0 when nothing was right.
    """
    pairs = list(zip(expected, found, strict=True))
    hits = Counter(label for label, read in pairs if label == read)
    asked, said = Counter(expected), Counter(found)
    return {
        label: {
            "messages": asked[label],
            "precision": _ratio(hits[label], said[label]),
            "recall": _ratio(hits[label], asked[label]),
            "f1": _ratio(2 * hits[label], asked[label] + said[label]),
        }
        for label in sorted(asked)
    }


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def macro_f1(expected: list[str], found: list[str]) -> float | None:
    """The mean F1 of the labels expected: a rare theme weighs as much as a frequent one."""
    return share(scores["f1"] for scores in scores_by_label(expected, found).values())


# --- subjects ---


def themes(sentences: list[Sentence], parsed: list[Parsed]) -> tuple[list[str], list[str]]:
    """Themes expected, and themes read."""
    read = [theme_read(found, sentence) for sentence, found in zip(sentences, parsed, strict=True)]
    return [sentence["theme"] for sentence in sentences], read


def accuracy(sentences: list[Sentence], parsed: list[Parsed]) -> Figures:
    """How many messages have the right subject, and the macro-F1 over themes."""
    expected, found = themes(sentences, parsed)
    return {
        "messages": len(sentences),
        "accuracy": share(a == b for a, b in zip(expected, found, strict=True)),
        "macro_f1": macro_f1(expected, found),
    }


def subject_figures(sentences: list[Sentence], parsed: list[Parsed]) -> Figures:
    """The subject, its finer part where the file names one, and how often the bot is not sure."""
    read = [found["intent"]["name"] for found in parsed]
    exact = [
        intent == f"{sentence['theme']}_{sentence['detail']}"
        for sentence, intent in zip(sentences, read, strict=True)
        if "detail" in sentence
    ]
    unsure = share(intent == FALLBACK for intent in read)
    return {**accuracy(sentences, parsed), "exact_detail": share(exact), "not_sure": unsure}


def by(sentences: list[Sentence], parsed: list[Parsed], label: str) -> dict[str, Figures]:
    """Accuracy and macro-F1 of the messages of each value of this label; some may have none."""
    having = [(s, p) for s, p in zip(sentences, parsed, strict=True) if label in s]
    labelled, read = [s for s, _ in having], [p for _, p in having]
    return _grouped(labelled, read, [sentence[label] for sentence in labelled])


def language_groups(sentences: list[Sentence], parsed: list[Parsed]) -> dict[str, Figures]:
    """Accuracy and macro-F1 in French, in languages that the encoder knows, in the others."""
    return _grouped(sentences, parsed, [_language_group(s["langue"]) for s in sentences])


def _language_group(language: str) -> str:
    if language == FRENCH:
        return "french"
    return "encoder_knows" if language in ENCODED else "encoder_is_weak"


def _grouped(
    sentences: list[Sentence], parsed: list[Parsed], groups: list[str]
) -> dict[str, Figures]:
    rows = {name: [i for i, group in enumerate(groups) if group == name] for name in groups}
    return {
        name: accuracy([sentences[i] for i in rows[name]], [parsed[i] for i in rows[name]])
        for name in sorted(rows)
    }


def confusion(sentences: list[Sentence], parsed: list[Parsed]) -> dict[str, dict[str, int]]:
    """For each theme expected, how many times each theme was read."""
    counts = Counter(zip(*themes(sentences, parsed), strict=True))
    table: dict[str, dict[str, int]] = {}
    for (expected, found), count in sorted(counts.items()):
        table.setdefault(expected, {})[found] = count
    return table


def scope(sentences: list[Sentence], parsed: list[Parsed]) -> Figures:
    """Out of scope rejected, and in scope refused; « not sure » counts as a refusal."""
    refused = [
        (sentence["theme"] == OUT_OF_SCOPE, found["intent"]["name"] in (OUT_OF_SCOPE, FALLBACK))
        for sentence, found in zip(sentences, parsed, strict=True)
    ]
    return {
        "out_of_scope_rejected": share(no for outside, no in refused if outside),
        "in_scope_refused": share(no for outside, no in refused if not outside),
    }


def distress(sentences: list[Sentence], parsed: list[Parsed]) -> Figures:
    """Distress heard, other messages taken for distress, and situations read right if heard."""
    pairs = list(zip(sentences, parsed, strict=True))
    heard = [
        (sentence["theme"] == DISTRESS, split_intent(found["intent"]["name"])[0] == DISTRESS)
        for sentence, found in pairs
    ]
    return {
        "recall": share(yes for real, yes in heard if real),
        "false_alarms": share(yes for real, yes in heard if not real),
        "situation": share(
            entity(found, "situation") in sentence["situations"]
            for (sentence, found), (_, yes) in zip(pairs, heard, strict=True)
            if yes and "situations" in sentence
        ),
    }


def two_needs(sentences: list[Sentence], parsed: list[Parsed]) -> Figures:
    """The second need of a message, and the need that a person says they do not want."""
    read = list(zip(sentences, parsed, strict=True))
    return {
        "second_found": share(_second(p) == s["autre"] for s, p in read if s.get("autre")),
        "second_imagined": share(_second(p) is not None for s, p in read if not s.get("autre")),
        "refused_answered": share(
            s["nie"] in (p["intent"]["name"], split_intent(p["intent"]["name"])[0])
            for s, p in read
            if "nie" in s
        ),
    }


def _second(found: Parsed) -> str | None:
    need = entity(found, "autre_theme")
    return split_intent(need)[0] if need else None


# --- towns and languages ---


def towns(sentences: list[Sentence], parsed: list[Parsed]) -> dict[str, Figures]:
    """How the town wanted is read, whole (`all`) and by `genre_lieu` (`sans_lieu` without it).

    `right` counts the messages read exactly as labelled, « no town » included. Precision is over
    the messages where a town was read, recall over those where one was wanted; to see that
    several are possible counts as reading one.
    """
    read = [
        (sentence.get("genre_lieu", NO_PLACE), sentence["commune"], town_read(found))
        for sentence, found in zip(sentences, parsed, strict=True)
        if "commune" in sentence
    ]
    kinds = sorted({kind for kind, _, _ in read})
    by_kind = {name: _towns([(w, f) for kind, w, f in read if kind == name]) for name in kinds}
    return {"all": _towns([(wanted, found) for _, wanted, found in read]), **by_kind}


def _towns(read: list[tuple[str | None, str | None]]) -> Figures:
    hits = sum(wanted == found is not None for wanted, found in read)
    asked = sum(wanted is not None for wanted, _ in read)
    said = sum(found is not None for _, found in read)
    return {
        "messages": len(read),
        "right": share(wanted == found for wanted, found in read),
        "precision": _ratio(hits, said),
        "recall": _ratio(hits, asked),
        "f1": _ratio(2 * hits, asked + said) if asked else None,
    }


def languages(sentences: list[Sentence], parsed: list[Parsed]) -> dict[str, Figures]:
    """How often the language is recognised, in all messages, short ones, and by language."""
    read = [
        (sentence["langue"], language_read(found), len(sentence["text"]) <= SHORT)
        for sentence, found in zip(sentences, parsed, strict=True)
    ]
    names = sorted({language for language, _, _ in read})
    return {
        "all": _languages([(label, found) for label, found, _ in read]),
        "short": _languages([(label, found) for label, found, short in read if short]),
        "by_language": {
            name: {
                "messages": sum(label == name for label, _, _ in read),
                "recognised": share(found == name for label, found, _ in read if label == name),
            }
            for name in names
        },
    }


def _languages(read: list[tuple[str, str]]) -> Figures:
    return {
        "messages": len(read),
        "accuracy": share(label == found for label, found in read),
        "others_recognised": share(label == found for label, found in read if label != FRENCH),
        "french_taken_for_another": share(
            found != FRENCH for label, found in read if label == FRENCH
        ),
    }


# --- calibration ---


def calibration(sentences: list[Sentence], parsed: list[Parsed]) -> Figures:
    """Whether a subject given a probability of 0.8 by the classifier is right 8 times in 10.

    The probability is that of the likeliest subject, before any rule. `expected_error` is the
    expected calibration error: the mean gap between probability and share of right subjects,
    each bin weighing as much as it has messages.
    """
    read = [
        (probability, is_right(subject, sentence))
        for sentence, found in zip(sentences, parsed, strict=True)
        for subject, probability in [_likeliest(found["intent_probabilities"])]
    ]
    bins = []
    for number in range(BINS):
        inside = [(p, good) for p, good in read if min(int(p * BINS), BINS - 1) == number]
        if inside:
            bins.append(
                {
                    "from": number / BINS,
                    "messages": len(inside),
                    "probability": share(p for p, _ in inside),
                    "right": share(good for _, good in inside),
                }
            )
    gaps = [abs(each["probability"] - each["right"]) * each["messages"] for each in bins]
    return {"expected_error": _ratio(sum(gaps), len(read)), "bins": bins}


def _likeliest(probabilities: dict[str, float]) -> tuple[str, float]:
    sums: Counter[str] = Counter()
    for intent, probability in probabilities.items():
        sums[split_intent(intent)[0]] += probability
    return max(sums.items(), key=lambda item: item[1])
