"""List the French words that could be taken for a town (see README.md), from a spaCy model.

Run after build.py, from the root: ``uv run --project bot python data/communes/build_words.py``.
The model gives a French lexicon, and half a million word forms by order of frequency.
"""

import csv
import sys
from pathlib import Path

import spacy

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from bot.places.gazetteer import Gazetteer, fold, load_gazetteer  # noqa: E402

MODEL = "fr_core_news_md"
# Beyond this rank, a word is kept only if it looks like a town's name.
COMMON = 40_000
# Up to this rank a word counts even if the lexicon lacks it.
VERY_COMMON = 3_000
# A name of a person or a thing more frequent than this is not a misspelled town.
FREQUENT_NAME = 60_000
# A town's name that is also a word is mostly a name when written this much more often as one.
MOSTLY_A_NAME = 1.1


def main() -> None:
    lexicon, ranks = read_model()
    gazetteer = load_gazetteer()
    words = {}
    for word, rank in ranks.items():
        if not word.isalpha() or not word.islower():
            continue
        if word in lexicon or rank < VERY_COMMON:
            folded = fold(word)
            words[folded] = min(rank, words.get(folded, rank))
    one_word_names = {name for name in gazetteer.names if " " not in name}
    towns = mostly_names(one_word_names & words.keys(), words, ranks)
    # The lexicon holds some plurals and spellings that the ranks lack.
    towns |= {fold(word) for word in lexicon if fold(word) in one_word_names} - words.keys()

    rows = [
        (word, rank, "mot")
        for word, rank in words.items()
        if word not in towns and (rank < COMMON or word in one_word_names)
    ]
    rows += [(word, words.get(word, 0), "nom") for word in towns]
    listed = {word for word, _, _ in rows}
    rows += [(word, 0, "proche") for word in look_alikes(gazetteer, lexicon, ranks) - listed]
    rows.sort(key=lambda row: (row[2], row[1], row[0]))
    with (HERE / "mots.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["mot", "rang", "usage"])
        writer.writerows(rows)


def read_model() -> tuple[set[str], dict[str, int]]:
    """Return the lexicon of the model, and the rank of each form it has a vector for."""
    nlp = spacy.load(MODEL)
    strings = nlp.vocab.strings
    ranks = {strings[key]: rank for rank, key in enumerate(nlp.vocab.vectors.key2row)}
    tables = nlp.get_pipe("lemmatizer").lookups
    lookup = tables.get_table("lemma_lookup")
    lexicon = {word for word in strings if word in lookup}
    for name in ("lemma_index", "lemma_exc"):
        for part_of_speech in tables.get_table(name).values():
            lexicon.update(part_of_speech)
    return {word for word in lexicon if word.islower() and word.isalpha()}, ranks


def mostly_names(names: set[str], words: dict[str, int], ranks: dict[str, int]) -> set[str]:
    """Return the names that are written more often with a capital than as a word."""
    capitals: dict[str, int] = {}
    for form, rank in ranks.items():
        if form.istitle() and form.isalpha():
            folded = fold(form)
            capitals[folded] = min(rank, capitals.get(folded, rank))
    return {name for name in names if words[name] > MOSTLY_A_NAME * capitals.get(name, 10**9)}


def look_alikes(gazetteer: Gazetteer, lexicon: set[str], ranks: dict[str, int]) -> set[str]:
    """Return the words and the frequent names that a typo of a town could be taken for."""
    names = {
        form.lower() for form, rank in ranks.items() if rank < FREQUENT_NAME and form.istitle()
    }
    words = {fold(word) for word in lexicon | names if word.isalpha()}
    return {
        word
        for word in words
        if len(word) > 3 and word not in gazetteer.names and gazetteer.nearest(word)
    }


if __name__ == "__main__":
    main()
