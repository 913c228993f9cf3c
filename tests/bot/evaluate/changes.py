"""What changed since the figures that were last committed."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from bot.train import ROOT
from tests.bot.evaluate.figures import Figures, Sentence, key

COMMITTED = "docs/understanding.json"
NOTABLE = 0.01  # a change that is worth a line, for a figure that is no headline

HEADLINES = {
    "messages": "held-out messages",
    "subject.accuracy": "right subject",
    "subject.macro_f1": "macro-F1 over themes",
    "subject.exact_detail": "finer intent exactly right",
    "subject.not_sure": "not sure (`nlu_fallback`)",
    "scope.out_of_scope_rejected": "out of scope rejected",
    "scope.in_scope_refused": "in scope refused (false alarms)",
    "distress.recall": "distress heard",
    "distress.false_alarms": "other messages taken for distress",
    "distress.situation": "situation of a distress heard",
    "two_needs.second_found": "second need found",
    "two_needs.second_imagined": "second need imagined",
    "two_needs.refused_answered": "refused need answered all the same",
    "follow_ups.right": "what follows an answer: in the subject or out of it",
    "follow_ups.exact": "what follows an answer: exactly",
    "follow_ups.stays": "what follows an answer: those that stay in the subject",
    "follow_ups.leaves": "what follows an answer: those that leave it",
    "questions.right": "what is asked or told of places",
    "questions.right_when_read": "what is asked or told of places, when something is read",
    "town.all.precision": "town: precision",
    "town.all.recall": "town: recall",
    "town.all.f1": "town: F1",
    "language.all.accuracy": "language recognised",
    "language.short.accuracy": "language recognised, short messages",
    "calibration.expected_error": "expected calibration error",
    "cross_validation.sentences": "training sentences",
    "cross_validation.accuracy": "cross-validation: right subject",
    "cross_validation.macro_f1": "cross-validation: macro-F1",
    "cross_validation.exact_intent": "cross-validation: exact intent",
    "cross_validation.log_loss": "cross-validation: log loss",
    "cross_validation.temperature": "cross-validation: temperature",
}


@dataclass(frozen=True)
class Change:
    """One figure, at the last commit and now; None where it did not exist."""

    name: str
    before: float | None
    now: float | None


@dataclass(frozen=True)
class Turned:
    """Texts of the messages that were wrong and are right, and the reverse."""

    right: list[str]
    wrong: list[str]


def committed_figures() -> Figures | None:
    """The figures of the last commit, if it has any."""
    command = ["git", "show", f"HEAD:{COMMITTED}"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return json.loads(shown.stdout) if shown.returncode == 0 else None


def changes(before: Figures, now: Figures) -> list[Change]:
    """Every headline measured now, then the other figures that moved by `NOTABLE` or more."""
    old, new = flat(before), flat(now)
    headlines = [Change(name, old.get(path), new[path]) for path, name in headlines_of(new)]
    others = [
        Change(path, old[path], new[path])
        for path in sorted(old.keys() & new.keys() - HEADLINES.keys())
        if abs(new[path] - old[path]) >= NOTABLE
    ]
    return headlines + others


def headlines_of(flattened: dict[str, float]) -> list[tuple[str, str]]:
    """Path and name of the headlines that were measured."""
    return [(path, name) for path, name in HEADLINES.items() if path in flattened]


def flat(figures: Figures) -> dict[str, float]:
    """Figures by dotted path, without the confusion matrix, the lists, and what is None."""
    flattened: dict[str, float] = {}

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, f"{path}.{name}" if path else name)
        elif isinstance(value, (int, float)):
            flattened[path] = value

    walk({name: value for name, value in figures.items() if name != "confusion"}, "")
    return flattened


def turned(fault: str, before: Figures, now: Figures, sentences: list[Sentence]) -> Turned:
    """The messages that this fault (`subject`, `town` or `language`) has left or reached."""
    texts = {key(sentence["text"]): sentence["text"] for sentence in sentences}
    old, new = (set(figures["wrong"].get(fault, [])) for figures in (before, now))
    return Turned(
        [text for each, text in texts.items() if each in old - new],
        [text for each, text in texts.items() if each in new - old],
    )
