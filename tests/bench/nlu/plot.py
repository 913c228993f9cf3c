"""The figures of `make bench-nlu` as one picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "jalon"  # the same figures give the same file

import matplotlib.pyplot as plt  # noqa: E402

NAMES = {"jalon": "Jalon", "stock_rasa": "Stock Rasa", "nlp.js": "nlp.js"}
FULL_TRAINING = 100  # epochs
OURS, OTHERS = "#0b5cad", "#9aa5b1"


def panels(line: dict[str, Any]) -> dict[str, tuple[float, str]]:
    """Title of each panel, with the height and the words of one contender's bar."""
    errors = (1 - line["accuracy"]) * 100
    return {
        "Messages misunderstood": (errors, f"{errors:.1f} %"),
        "Time a message (median)": (line["median_ms"], f"{line['median_ms']:.1f} ms"),
        "Load": (line["load_s"], f"{line['load_s']:.1f} s"),
        "Memory": (line["memory_mb"], f"{line['memory_mb']:,} MB"),
    }


def draw(lines: list[dict[str, Any]], file: Path) -> None:
    """Draw one panel of bars for each measure; shorter is better everywhere."""
    names = [_name(line) for line in lines]
    colours = [OURS, *[OTHERS] * (len(lines) - 1)]
    measured = [panels(line) for line in lines]
    figure, axes = plt.subplots(2, 2, figsize=(8, 4))
    for axis, title in zip(axes.flat, measured[0], strict=True):
        values = [panel[title][0] for panel in measured]
        bars = axis.barh(names, values, color=colours, height=0.65)
        axis.bar_label(bars, labels=[panel[title][1] for panel in measured], padding=4)
        axis.set_title(title, loc="left", fontsize=11, fontweight="bold")
        axis.set_xlim(0, max(values) * 1.25)
        axis.invert_yaxis()
        axis.xaxis.set_visible(False)
        axis.tick_params(axis="y", length=0)
        for side in axis.spines.values():
            side.set_visible(False)
    figure.text(0.99, 0.01, "Shorter is better.", ha="right", fontsize=9, color="#555555")
    figure.tight_layout(rect=(0, 0.03, 1, 1), h_pad=2)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def _name(line: dict[str, Any]) -> str:
    epochs = line.get("epochs", FULL_TRAINING)
    shortened = "" if epochs == FULL_TRAINING else f"\n({epochs} epochs)"
    return NAMES[line["contender"]] + shortened
