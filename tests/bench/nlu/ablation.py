"""What each part of the classifier brings: `python -m tests.bench.nlu.ablation` (Python 3.10).

Each variant learns all the training sentences and is asked the held-out messages, without the
rules that follow the classifier. One JSON line a variant; some minutes in all.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import scipy.sparse
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier

from bot.components import ngrams
from bot.components.classifier import SUBJECT, NeedClassifier, _subjects
from bot.components.linear import MEANING, Reading
from bot.components.regression import solve
from bot.intents import OUT_OF_SCOPE
from bot.train import ROOT
from tests.bot.evaluate import held_out_sentences, is_right
from tests.bot.evaluate.crossvalidation import reading

REGULARISATION = NeedClassifier.get_default_config()["regularisation"]
ALL = tuple(ngrams.PIECES)


def features(
    learnt: Reading, asked: Reading, pieces: tuple[str, ...], meaning: float
) -> Iterator[list[Any]]:
    """The features of both, side by side: some kinds of pieces, and the meaning at this weight."""
    known = {
        name: ngrams.Vocabulary.of([ngrams.PIECES[name](words) for words in learnt.words])
        for name in pieces
    }
    for read in (learnt, asked):
        dense = np.insert(read.meaning * np.float32(meaning), 0, 1, axis=1)
        yield [dense, *([ngrams.count(known, read.words)] if known else [])]


def regression(
    learnt: list[Any],
    asked: list[Any],
    columns: np.ndarray,
    subjects: np.ndarray,
    balance: float = 0.5,
    regularisation: float = REGULARISATION,
    subject: float = SUBJECT,
) -> np.ndarray:
    """Columns found.

    `subjects` are those of the columns; `balance` is the power of a label's number by which its
    errors cost less; `subject` how much the subject learnt as a whole counts.
    """

    def solved(targets: np.ndarray) -> np.ndarray:
        costs = np.bincount(targets)[targets] ** -balance
        return solve(learnt, targets, regularisation * costs / costs.mean())

    weights = solved(columns)
    if subject:
        weights += subject * solved(subjects[columns])[:, subjects]
    first = asked[0].shape[1]
    scores = asked[0] @ weights[:first]
    if len(asked) > 1:
        scores += asked[1] @ weights[first:]
    return scores.argmax(axis=1)


def other(
    model: Any, learnt: list[Any], asked: list[Any], columns: np.ndarray, _: np.ndarray
) -> np.ndarray:
    """Columns found by a classifier of scikit-learn on the same features."""
    model.fit(_one(learnt), columns)
    return model.predict(_one(asked))


def _one(blocks: list[Any]) -> Any:
    if len(blocks) == 1:
        return blocks[0]
    return scipy.sparse.hstack([scipy.sparse.csr_matrix(blocks[0]), *blocks[1:]]).tocsr()


def variants() -> Iterator[tuple[str, tuple[str, ...], float, Any]]:
    """Name, kinds of pieces, weight of the meaning, and how to find the columns."""
    yield "all (kept)", ALL, MEANING, regression
    yield "without the meaning", ALL, 0.0, regression
    for piece in ALL:
        yield f"without {piece}", tuple(p for p in ALL if p != piece), MEANING, regression
    yield "without what sounds", ("words",), MEANING, regression
    yield "meaning alone", (), 1.0, regression
    yield "letters as they sound, alone", ("sounds",), 0.0, regression
    yield "words alone", ("words",), 0.0, regression
    yield "meaning counted as much as each kind", ALL, 1.0, regression
    for subject in (0.0, 0.5, 1.0):
        yield f"subject as a whole {subject}", ALL, MEANING, _with(subject=subject)
    for balance in (0.0, 1.0):
        yield f"balance {balance:.0f}", ALL, MEANING, _with(balance=balance)
    for regularisation in (REGULARISATION / 2, REGULARISATION * 2):
        name = f"regularisation {regularisation:.0f}"
        yield name, ALL, MEANING, _with(regularisation=regularisation)
    yield "ridge regression", ALL, MEANING, _by(RidgeClassifier(solver="sparse_cg"))
    yield "15 nearest by meaning", (), 1.0, _by(KNeighborsClassifier(15, weights="distance"))


def _with(**options: float) -> Any:
    return partial(regression, **options)


def _by(model: Any) -> Any:
    return partial(other, model)


def main() -> None:
    """Learn and ask every variant."""
    examples = [e for e in load_data(str(ROOT / "data/nlu")).intent_examples if e.get(TEXT)]
    sentences = held_out_sentences()
    learnt, asked = reading(examples), reading([Message({TEXT: s["text"]}) for s in sentences])
    labels, columns = np.unique([e.get(INTENT) for e in examples], return_inverse=True)
    subjects = _subjects(labels.tolist())
    for name, pieces, meaning, find in variants():
        start = time.perf_counter()
        found = labels[find(*features(learnt, asked, pieces, meaning), columns, subjects)]
        right = [is_right(intent, s) for intent, s in zip(found, sentences, strict=True)]
        inside = [s["theme"] != OUT_OF_SCOPE for s in sentences]
        print(
            json.dumps(
                {
                    "variant": name,
                    "right_subject": round(float(np.mean(right)), 4),
                    "out_of_scope_rejected": round(
                        float(np.mean([r for r, i in zip(right, inside, strict=True) if not i])), 4
                    ),
                    "in_scope_refused": round(
                        float(np.mean(found[np.array(inside)] == OUT_OF_SCOPE)), 4
                    ),
                    "seconds": round(time.perf_counter() - start, 1),
                },
                ensure_ascii=False,
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
