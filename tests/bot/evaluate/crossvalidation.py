"""How well the classifier alone finds each training sentence when it has learnt only the others.

It tells where training sentences disagree; held-out messages tell whether people are understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from bot.components.classifier import NeedClassifier, cross_validated_scores
from bot.components.encoder import SentenceEncoder
from bot.components.linear import Reading
from bot.components.places import PlaceExtractor
from bot.components.tokenizer import FrenchTokenizer
from bot.intents import split_intent
from bot.train import ROOT
from tests.bot.evaluate.figures import scores_by_label, share

TRAINING = ROOT / "data/nlu"
DOUBTFUL = 0.8  # probability of another subject, from which a label may be wrong


@dataclass(frozen=True)
class Doubtful:
    """A training sentence that the others would have put under another subject."""

    text: str
    labelled: str
    found: str
    probability: float


def cross_validate(folds: int) -> tuple[dict[str, Any], list[Doubtful]]:
    """Figures over every training sentence, and the doubtful ones, the most probable first."""
    texts, labels, reading = _training_reading()
    regularisation = NeedClassifier.get_default_config()["regularisation"]
    scores = cross_validated_scores(reading, labels, regularisation, folds)
    names = sorted(set(labels))
    columns = np.array([names.index(label) for label in labels])
    temperature = _best_temperature(scores, columns)
    probabilities = softmax(scores / temperature, axis=1)
    found = [names[column] for column in probabilities.argmax(axis=1)]
    subjects, read = ([split_intent(name)[0] for name in some] for some in (labels, found))
    right = probabilities[np.arange(len(labels)), columns]
    by_theme = scores_by_label(subjects, read)
    figures = {
        "folds": folds,
        "sentences": len(texts),
        "accuracy": share(a == b for a, b in zip(subjects, read, strict=True)),
        "macro_f1": share(theme["f1"] for theme in by_theme.values()),
        "exact_intent": share(a == b for a, b in zip(labels, found, strict=True)),
        "log_loss": round(float(-np.log(right).mean()), 4),
        "temperature": round(temperature, 4),
        "by_theme": by_theme,
    }
    sureness = probabilities.max(axis=1)
    doubtful = [
        Doubtful(texts[row], labels[row], found[row], float(sureness[row]))
        for row in np.argsort(-sureness, kind="stable")
        if subjects[row] != read[row] and sureness[row] > DOUBTFUL
    ]
    return figures, doubtful


def _best_temperature(scores: np.ndarray, columns: np.ndarray) -> float:
    """The temperature at which the probability of the right columns is highest on average."""

    def loss(log_temperature: float) -> float:
        logs = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(logs[np.arange(len(columns)), columns].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 2), method="bounded").x))


def _training_reading() -> tuple[list[str], list[str], Reading]:
    """Texts and intents of the training sentences, and what the classifier reads of them."""
    examples = [e for e in load_data(str(TRAINING)).intent_examples if e.get("text")]
    read = reading(examples)
    return [e.get("text") for e in examples], [e.get("intent") for e in examples], read


def reading(messages: list[Message]) -> Reading:
    """What the classifier reads of these messages."""
    data = TrainingData(training_examples=messages)
    context = ExecutionContext(None, node_name="evaluate")
    for component in (PlaceExtractor, FrenchTokenizer, SentenceEncoder):
        built = component.create(component.get_default_config(), None, None, context)
        data = built.process_training_data(data)
    return Reading.of(data.training_examples)
