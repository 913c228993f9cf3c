"""How well the assistant understands sentences it has not learnt.

From the root: `bot/.venv/bin/python -m tests.bot.evaluate` (held-out sentences of
`tests/bot/nlu/`, with the newest model) or `… --folds 5` (cross-validation of `data/nlu/`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import yaml

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bot.intents import OUT_OF_SCOPE, split_intent  # noqa: E402

FALLBACK = "nlu_fallback"
HELD_OUT = ROOT / "tests/bot/nlu"
TRAINING = ROOT / "data/nlu"

Parser = Callable[[str], Awaitable[dict[str, Any]]]


def newest_model(folder: Path = ROOT / "models") -> Path | None:
    """The archive that Rasa would load, if there is one."""
    return max(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def parser(model: Path) -> Parser:
    """A function that understands a text as the running bot does, without its actions."""
    import structlog
    from rasa.core.agent import load_agent

    # Only `rasa`'s own commands set this; otherwise every message would be printed.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    agent = asyncio.run(load_agent(str(model)))
    return agent.parse_message


def held_out_sentences(folder: Path = HELD_OUT) -> list[dict[str, Any]]:
    """The sentences of every file of the folder: `text`, `theme`, `acceptes`, `style`."""
    files = sorted(folder.glob("*.yml"))
    return [item for file in files for item in yaml.safe_load(file.read_text(encoding="utf-8"))]


def is_right(intent: str, sentence: dict[str, Any]) -> bool:
    """Whether the intent is of the subject expected, or of one that the file accepts."""
    accepted = [sentence["theme"], *(sentence.get("acceptes") or [])]
    return any(intent == name or split_intent(intent)[0] == name for name in accepted)


async def read_all(
    understand: Parser, sentences: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[float]]:
    """What is understood of each sentence, in order, and in how many milliseconds."""
    parsed, milliseconds = [], []
    for sentence in sentences:
        start = time.perf_counter()
        parsed.append(await understand(sentence["text"]))
        milliseconds.append((time.perf_counter() - start) * 1000)
    return parsed, milliseconds


def speed(milliseconds: list[float]) -> dict[str, Any]:
    """Median and 95th percentile, in milliseconds a message."""
    ordered = sorted(milliseconds)
    return {
        "messages": len(ordered),
        "median_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
    }


def report(sentences: list[dict[str, Any]], parsed: list[dict[str, Any]]) -> dict[str, Any]:
    """Shares of right answers, whole and by kind of sentence; how to read them is in the docs."""
    intents = [found["intent"]["name"] for found in parsed]
    pairs = list(zip(sentences, intents, strict=True))
    by_subject, by_style = defaultdict(list), defaultdict(list)
    for sentence, intent in pairs:
        by_subject[sentence["theme"]].append(is_right(intent, sentence))
        by_style[sentence.get("style", "")].append(is_right(intent, sentence))
    outside = [intent for sentence, intent in pairs if sentence["theme"] == OUT_OF_SCOPE]
    inside = [intent for sentence, intent in pairs if sentence["theme"] != OUT_OF_SCOPE]
    read = list(zip(sentences, parsed, strict=True))
    seconds = [(s["autre"], _second(p)) for s, p in read if s.get("autre")]
    told = [_second(p) for s, p in read if not s.get("autre")]
    return {
        "sentences": len(pairs),
        "accuracy": _share([is_right(intent, sentence) for sentence, intent in pairs]),
        "accuracy_by_subject": {name: _share(good) for name, good in sorted(by_subject.items())},
        "accuracy_by_style": {name: _share(good) for name, good in sorted(by_style.items())},
        "exact_detail": _share([i == _detailed(s) for s, i in pairs if "detail" in s]),
        "fallback": _share([intent == FALLBACK for intent in intents]),
        "out_of_scope_rejected": _share([i in (OUT_OF_SCOPE, FALLBACK) for i in outside]),
        "in_scope_refused": _share([i in (OUT_OF_SCOPE, FALLBACK) for i in inside]),
        "second_need_found": _share([found == second for second, found in seconds]),
        "second_need_imagined": _share([found is not None for found in told]),
        "refused_need_answered": _share(
            [s["nie"] in (i, split_intent(i)[0]) for s, i in pairs if "nie" in s]
        ),
    }


def _detailed(sentence: dict[str, Any]) -> str:
    return f"{sentence['theme']}_{sentence['detail']}"


def _second(found: dict[str, Any]) -> str | None:
    values = [entity["value"] for entity in found["entities"] if entity["entity"] == "autre_theme"]
    return split_intent(values[0])[0] if values else None


def _share(values: list[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def print_errors(sentences: list[dict[str, Any]], parsed: list[dict[str, Any]]) -> None:
    """One line per sentence that is not understood as expected."""
    for sentence, found in zip(sentences, parsed, strict=True):
        intent = found["intent"]
        if not is_right(intent["name"], sentence):
            print(
                f"{sentence['theme']:>18} ≠ {_said(intent)} {_runner_up(found)}  {sentence['text']}"
            )


def _said(rank: dict[str, Any]) -> str:
    return f"{rank['name']} {rank['confidence']:.2f}"


def _runner_up(found: dict[str, Any]) -> str:
    others = found["intent_ranking"][1:2]
    return f"({_said(others[0])})" if others else ""


def cross_validate(folds: int) -> None:
    """Accuracy of the classifier on its own training sentences, and doubtful labels."""
    import numpy as np
    from scipy.special import softmax

    from bot.components.classifier import NeedClassifier, best_temperature, cross_validated_scores

    texts, labels, reading = training_reading()
    config = NeedClassifier.get_default_config()
    scores = cross_validated_scores(reading, labels, config["regularisation"], folds)
    names = sorted(set(labels))
    columns = np.array([names.index(label) for label in labels])
    temperature = best_temperature(scores, columns)
    probabilities = softmax(scores / temperature, axis=1)
    found = [names[column] for column in probabilities.argmax(axis=1)]
    same = [split_intent(a)[0] == split_intent(b)[0] for a, b in zip(found, labels, strict=True)]
    exact = [a == b for a, b in zip(found, labels, strict=True)]
    summary = {
        "sentences": len(texts),
        "accuracy": _share(same),
        "exact_intent": _share(exact),
        "log_loss": round(float(-np.log(probabilities[np.arange(len(labels)), columns]).mean()), 3),
        "temperature": round(temperature, 3),
    }
    print(json.dumps(summary, ensure_ascii=False))
    for row in np.argsort(-probabilities.max(axis=1)):
        if not same[row] and probabilities[row].max() > 0.8:
            print(f"{labels[row]:>28} ≠ {found[row]} {probabilities[row].max():.2f}  {texts[row]}")
    confused = Counter(
        (split_intent(label)[0], split_intent(name)[0])
        for label, name in zip(labels, found, strict=True)
    )
    for (label, name), count in confused.most_common():
        if label != name and count > 4:
            print(f"{count:>4} {label} read as {name}")


def training_reading() -> tuple[list[str], list[str], Any]:
    """Texts and intents of `data/nlu/`, and what the classifier reads of them."""
    from rasa.engine.graph import ExecutionContext
    from rasa.shared.nlu.training_data.loading import load_data

    from bot.components.classifier import Reading
    from bot.components.encoder import SentenceEncoder
    from bot.components.places import PlaceExtractor
    from bot.components.tokenizer import FrenchTokenizer

    data = load_data(str(TRAINING))
    context = ExecutionContext(None, node_name="evaluate")
    for component in (PlaceExtractor, FrenchTokenizer, SentenceEncoder):
        built = component.create(component.get_default_config(), None, None, context)
        data = built.process_training_data(data)
    examples = [example for example in data.intent_examples if example.get("text")]
    texts = [example.get("text") for example in examples]
    return texts, [example.get("intent") for example in examples], Reading.of(examples)


def main() -> None:
    """Print the report as one line of JSON, then the errors."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folds", type=int, help="cross-validate the training sentences")
    arguments.add_argument("--model", type=Path, help="archive to evaluate (default: the newest)")
    arguments.add_argument("--files", type=Path, default=HELD_OUT, help="folder of sentences")
    arguments.add_argument("--bench", action="store_true", help="JSON lines only, with the speed")
    asked = arguments.parse_args()
    if asked.folds:
        cross_validate(asked.folds)
        return
    model = asked.model or newest_model()
    if model is None:
        from bot.train import current_model

        model = current_model()
    sentences = held_out_sentences(asked.files)
    parsed, milliseconds = asyncio.run(read_all(parser(model), sentences))
    print(json.dumps(report(sentences, parsed), ensure_ascii=False))
    if asked.bench:
        print(json.dumps(speed(milliseconds)))
    else:
        print_errors(sentences, parsed)


if __name__ == "__main__":
    main()
