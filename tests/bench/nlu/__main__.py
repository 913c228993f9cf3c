"""`make bench-nlu`: what Jalon, stock Rasa and nlp.js make of the same messages.

All three learn `data/nlu/` and read the held-out messages of `tests/bot/nlu/`, in turn, in
processes of their own. Prints JSON lines and draws `docs/images/bench-nlu.svg`. Times depend on
what else the machine does; ratios less, and seconds of processor (`cpu`) hardly.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.shared.nlu.training_data.loading import load_data
from sklearn.metrics import f1_score

from bot.intents import OUT_OF_SCOPE, split_intent
from tests.bench.nlu.contenders import ROOT, Contender, Jalon, NlpJs, StockRasa, Training
from tests.bench.nlu.plot import draw
from tests.bot.evaluate import held_out_sentences, is_right, speed

PLOT = ROOT / "docs/images/bench-nlu.svg"
ROUNDS = 3
SEED = 93
REFUSED = (OUT_OF_SCOPE, "nlu_fallback")
# Jalon reads these with its list of towns and its rules: the data has few sentences of the first,
# and none of the second. What the others make of the rest is told apart.
HARDLY_TAUGHT = ("donner_commune", "choisir")

Sentences = list[dict[str, Any]]


def training_sentences() -> Sentences:
    """Text and intent of every sentence of `data/nlu/`, as Rasa reads them, shuffled.

    Rasa shuffles by itself. nlp.js does not: given intent after intent, it answers `hors_sujet` to
    three messages out of four.
    """
    examples = load_data(str(ROOT / "data/nlu")).intent_examples
    sentences = [{"text": e.get("text"), "intent": e.get("intent")} for e in examples]
    random.Random(SEED).shuffle(sentences)
    return sentences


def understanding(sentences: Sentences, intents: list[str]) -> dict[str, float]:
    """Shares of messages, and macro-F1 over subjects; an accepted subject counts as expected."""
    pairs = list(zip(sentences, intents, strict=True))
    right = [is_right(intent, sentence) for sentence, intent in pairs]
    expected = [sentence["theme"] for sentence in sentences]
    found = [
        theme if good else split_intent(intent)[0]
        for theme, intent, good in zip(expected, intents, right, strict=True)
    ]
    taught = [
        good for theme, good in zip(expected, right, strict=True) if theme not in HARDLY_TAUGHT
    ]
    outside = [intent in REFUSED for sentence, intent in pairs if sentence["theme"] == OUT_OF_SCOPE]
    inside = [intent in REFUSED for sentence, intent in pairs if sentence["theme"] != OUT_OF_SCOPE]
    labels = sorted(set(expected))
    return {
        "accuracy": round(statistics.mean(right), 4),
        "accuracy_taught": round(statistics.mean(taught), 4),
        "macro_f1": round(float(f1_score(expected, found, labels=labels, average="macro")), 4),
        "out_of_scope_rejected": round(statistics.mean(outside), 4),
        "in_scope_refused": round(statistics.mean(inside), 4),
    }


def summary(
    contender: Contender, training: Training, rounds: list[dict[str, Any]], sentences: Sentences
) -> dict[str, Any]:
    """One line: understanding of the first round, times and memory of all the rounds."""
    milliseconds = [value for found in rounds for value in found["milliseconds"]]
    cost = {key: value for key, value in asdict(training).items() if key != "model"}
    return {
        "contender": contender.name,
        **understanding(sentences, rounds[0]["intents"]),
        **speed(milliseconds),
        "cpu_ms": round(_median("cpu_s", rounds) * 1000 / len(sentences), 1),
        "load_s": round(_median("load_s", rounds), 2),
        "load_cpu_s": round(_median("load_cpu_s", rounds), 2),
        "memory_mb": round(_median("memory_mb", rounds)),
        "model_mb": round(training.model.stat().st_size / 1e6, 1),
        "training": cost,
    }


def _median(key: str, rounds: list[dict[str, Any]]) -> float:
    return statistics.median(found[key] for found in rounds)


def ratios(ours: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Ours divided by the other's: below one, ours is better."""
    values = {"errors": (1 - ours["accuracy"]) / (1 - other["accuracy"])}
    for key in ("median_ms", "p95_ms", "cpu_ms", "load_s", "load_cpu_s", "memory_mb"):
        values[key] = ours[key] / other[key]
    values["training_cpu"] = ours["training"]["cpu_seconds"] / other["training"]["cpu_seconds"]
    rounded = {key: round(value, 2) for key, value in values.items()}
    return {"ratio": f"{ours['contender']} / {other['contender']}", **rounded}


def main() -> None:
    """Train what is not trained yet, read the messages, print and draw."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--train", action="store_true", help="train again what is in the cache")
    arguments.add_argument("--epochs", type=int, default=100, help="of stock Rasa (default: 100)")
    asked = arguments.parse_args()
    contenders = (Jalon(), StockRasa(asked.epochs), NlpJs())
    sentences = held_out_sentences()
    with tempfile.TemporaryDirectory() as folder:
        taught, unseen = Path(folder) / "training.json", Path(folder) / "held_out.json"
        taught.write_text(json.dumps(training_sentences()))
        unseen.write_text(json.dumps(sentences))
        trainings = [contender.trained(taught, asked.train) for contender in contenders]
        rounds: list[list[dict[str, Any]]] = [[] for _ in contenders]
        for _ in range(ROUNDS):
            for contender, training, found in zip(contenders, trainings, rounds, strict=True):
                found.append(contender.read(training.model, unseen))
    lines = [
        summary(contender, training, found, sentences)
        for contender, training, found in zip(contenders, trainings, rounds, strict=True)
    ]
    lines[1]["epochs"] = asked.epochs
    for line in lines:
        print(json.dumps(line))
    for other in lines[1:]:
        print(json.dumps(ratios(lines[0], other)))
    draw(lines, PLOT)


if __name__ == "__main__":
    main()
