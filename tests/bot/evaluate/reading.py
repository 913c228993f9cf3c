"""The held-out messages, and what the model understands of them."""

from __future__ import annotations

import asyncio
import logging
import time
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import yaml

from bot.train import MODELS, ROOT

HELD_OUT = ROOT / "tests/bot/nlu"

Parser = Callable[[str], Awaitable[dict[str, Any]]]


def newest_model(folder: Path = MODELS) -> Path | None:
    """The archive that Rasa would load, if there is one."""
    return max(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def parser(model: Path) -> Parser:
    """A function that understands a text as the running bot does, without its actions.

    What it returns holds all that `/model/parse` gives, and every property of the message:
    among them `intent_probabilities`, as the classifier gave them before any rule.
    """
    # Rasa's own libraries set warnings on again, whatever `python -W` says.
    with warnings.catch_warnings(record=True):
        import structlog
        from rasa.core.agent import load_agent
        from rasa.core.channels.channel import UserMessage

        # Only `rasa`'s own commands set this; otherwise every message would be printed.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        processor = asyncio.run(load_agent(str(model))).processor
    return lambda text: processor.parse_message(UserMessage(text), only_output_properties=False)


def held_out_sentences(folder: Path = HELD_OUT) -> list[dict[str, Any]]:
    """The messages of a file, or of every file of a folder; `tests/bot/nlu/README.md` describes
    the keys.
    """
    files = sorted(folder.glob("*.yml")) if folder.is_dir() else [folder]
    return [item for file in files for item in yaml.safe_load(file.read_text(encoding="utf-8"))]


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
