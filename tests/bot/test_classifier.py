"""The classifier's parts: what it counts in a message, and what it learns from sentences."""

import numpy as np
import pytest
import scipy.sparse
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression

from bot.components import classifier, regression
from bot.components.classifier import IntentModel, train
from bot.components.linear import Reading
from bot.components.ngrams import PIECES


def heard(name: str, text: str) -> set[str]:
    return set(PIECES[name](text.split()))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gardee", "garder"),
        ("kreche", "creche"),
        ("telefone", "telephone"),
        ("droi", "droits"),
        ("chomage", "chaumage"),
    ],
)
def test_words_that_sound_alike_have_the_same_sounds(written, meant):
    assert heard("words", written) != heard("words", meant)
    assert heard("sounds", written) == heard("sounds", meant)
    assert heard("sound_pairs", written) == heard("sound_pairs", meant)


def test_marks_have_no_sound():
    assert heard("sound_pairs", "garde ! emoi") == heard("sound_pairs", "garde emoi")


def test_the_weights_are_those_of_scikit_learn(monkeypatch):
    monkeypatch.setattr(regression, "GROUP", 40)
    monkeypatch.setattr(regression, "ROUNDS", 200)
    monkeypatch.setattr(regression, "STILL", 1e-4)
    monkeypatch.setattr(regression, "PRECISION", 1e-7)
    chance = np.random.default_rng(0)
    columns = np.sort(chance.integers(0, 4, 200))
    dense = chance.normal(size=(200, 6)).astype(np.float32)
    dense[np.arange(200), columns] += 1
    sparse = scipy.sparse.random(200, 30, 0.2, "csr", np.float32, random_state=0)
    cost = np.linspace(0.5, 2, 200)

    weights = regression.solve([dense, sparse], columns, cost)

    features = np.hstack([dense, sparse.toarray()])
    expected = LogisticRegression(C=1, fit_intercept=False, tol=1e-6, max_iter=1000)
    expected.fit(features, columns, sample_weight=cost)
    probabilities = softmax(features @ weights, axis=1)
    assert np.abs(probabilities - expected.predict_proba(features)).max() < 0.01


@pytest.fixture(scope="module")
def sentences():
    """What the classifier reads of twelve sentences, and their labels."""
    texts = ["je cherche une creche", "qui garde mon fils", "apprendre le francais", "un cours"]
    words = [text.split() for text in texts for _ in range(3)]
    labels = [label for label in ("garde", "garde", "cours", "cours") for _ in range(3)]
    return Reading(np.zeros((len(words), 512), np.float32), words), labels


def test_what_was_learnt_is_found_again_with_another_spelling(sentences):
    model = train(*sentences, regularisation=60.0)

    misspelt = Reading(
        sentences[0].meaning[:2], [["une", "kraiche"], ["aprandre", "le", "fransai"]]
    )

    found = model.probabilities(misspelt)
    assert [model.labels[column] for column in found.argmax(axis=1)] == ["garde", "cours"]
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)


def test_the_intents_of_one_subject_learn_the_same_of_it_as_a_whole(monkeypatch):
    texts = ["enfant bebe", "enfant ecole", "cours adulte"] * 4
    labels = ["garde_enfants_creche", "garde_enfants_periscolaire", "francais"] * 4
    words = [text.split() for text in texts]
    reading = Reading(np.zeros((len(words), 512), np.float32), words)

    with_subject = train(reading, labels, regularisation=60.0).weights
    monkeypatch.setattr(classifier, "SUBJECT", np.float32(0))
    french, creche, after_school = (
        with_subject - train(reading, labels, regularisation=60.0).weights
    ).T

    assert np.allclose(creche, after_school, atol=1e-6)
    assert np.allclose(creche, -french, atol=1e-4)
    assert np.abs(creche).max() > 0.1


def test_training_again_gives_the_same_model_and_storing_it_changes_little(sentences, tmp_path):
    first, second = (train(*sentences, regularisation=60.0) for _ in range(2))
    assert (first.weights == second.weights).all()

    first.write(tmp_path)

    models = (IntentModel.read(tmp_path), first)
    stored, learnt = (model.probabilities(sentences[0]) for model in models)
    assert np.abs(stored - learnt).max() < 0.001
