"""Finds sentences that are the same but for a town, a number, a letter or one word.

Such sentences add weight without adding meaning, and let a model look better than it is.
Nothing here depends on Rasa, so that test sets can be compared with training data too.
"""

import csv
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

COMMUNES = Path(__file__).parents[2] / "data" / "communes" / "communes.tsv"
COVERED = {"93", "92", "05"}
LARGE_TOWN = 30_000  # inhabitants: beyond the covered départements, people name large towns
LONGEST_NAME = 5  # words
SMALLEST_FRAME = 6  # words: below, two sentences one word apart are often honestly different
ALIKE = 0.85  # Jaccard index of character trigrams

Pair = tuple[str, str]


def normalise(text: str) -> str:
    """`text` in lower case, without accents, punctuation or drawn-out letters; `_` for a number.

    A text without words (« 93200 », « @+ ») is returned as it is.
    """
    letters = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    letters = letters.replace("œ", "oe").replace("æ", "ae")
    letters = re.sub(r"\d+", "_", re.sub(r"(\D)\1{2,}", r"\1", letters))
    words = " ".join(re.findall(r"\w+", letters))
    return words if len(words) > 1 else text


def town_names() -> set[str]:
    """Normalised names, and their short forms, of the towns that sentences are likely to name."""
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    likely = [
        normalise(row["nom"])
        for row in rows
        if row["departement"] in COVERED or int(row["population"]) >= LARGE_TOWN
    ]
    short = (re.split(r" (?:sur|sous|en|le|la|les) ", name)[0] for name in likely)
    return {name for name in (*likely, *short) if len(name) > 2}


def without_towns(text: str, towns: set[str]) -> str:
    """Normalised `text` where `_` replaces each town; as it is when it holds nothing else."""
    words, kept = normalise(text).split(), []
    while words:
        name = next((n for n in _starts(words) if " ".join(words[:n]) in towns), 0)
        kept.append("_" if name else words[0])
        words = words[name or 1 :]
    return " ".join(kept) if set(kept) - {"_"} else text


def _starts(words: list[str]) -> Iterator[int]:
    return iter(range(min(LONGEST_NAME, len(words)), 0, -1))


def same_skeleton(texts: Iterable[str]) -> list[Pair]:
    """Pairs of `texts` that differ at most by towns and, when they are long enough, by one word.

    Only the first sentence of each repeated skeleton is paired with the others.
    """
    towns = town_names()
    first: dict[str, str] = {}
    pairs: dict[Pair, None] = {}
    for text in texts:
        for frame in _frames(without_towns(text, towns)):
            seen = first.setdefault(frame, text)
            if seen is not text:
                pairs[seen, text] = None
    return list(pairs)


def _frames(skeleton: str) -> Iterator[str]:
    yield skeleton
    words = skeleton.split()
    if len(words) >= SMALLEST_FRAME:
        for i in range(len(words)):
            yield " ".join([*words[:i], "*", *words[i + 1 :]])


def alike(texts: Sequence[str], threshold: float = ALIKE, among: int | None = None) -> list[Pair]:
    """Pairs of `texts` whose sets of character trigrams have a Jaccard index >= `threshold`.

    With `among`, only pairs of one of the first `among` texts and one of the others, in this order.

    Exact, by prefix filtering (Bayardo, Ma and Srikant, « Scaling up all pairs similarity
    search », 2007): two sets that alike must share one of their rarest trigrams.
    """
    sets = [_trigrams(text) for text in texts]
    frequency = Counter(gram for grams in sets for gram in grams)
    index: dict[str, list[int]] = defaultdict(list)
    pairs: list[Pair] = []
    for i, grams in enumerate(sets):
        rarest_first = sorted(grams, key=lambda gram: (frequency[gram], gram))
        prefix = rarest_first[: len(grams) - math.ceil(threshold * len(grams)) + 1]
        longest, shortest = len(grams) / threshold, len(grams) * threshold
        is_first = among is not None and i < among
        compared = () if is_first else {j for gram in prefix for j in index.get(gram, ())}
        for j in sorted(compared):
            if not shortest <= len(sets[j]) <= longest:
                continue
            shared = len(grams & sets[j])
            if shared >= threshold * (len(grams) + len(sets[j]) - shared):
                pairs.append((texts[j], texts[i]))
        if among is None or is_first:
            for gram in prefix:
                index[gram].append(i)
    return pairs


def _trigrams(text: str) -> set[str]:
    padded = f"  {normalise(text)} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}
