"""The figures of `make bench-directory` as one picture: time of a search against size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 80, 210, 50, 60  # around the lines, in pixels
TICKS_MS = (1, 10, 100, 1_000, 10_000)
TARGET_MS = 10
COLOURS = {"jalon": "#0b5cad", "plain": "#9aa5b1"}
NAMES = {"jalon": "Jalon", "plain": "plain way"}
DASHES = {"sqlite": "none", "postgresql": "6 4"}
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def draw(lines: Sequence[dict[str, Any]]) -> str:
    """The 95th percentile of each way and database, as SVG; both scales are logarithmic."""
    found = [line for line in lines if "search" in line]
    sizes = sorted({line["services"] for line in found})
    most = max(TICKS_MS[-1], *(line["p95_ms"] for line in found))

    def across(size: int) -> float:
        share = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def down(milliseconds: float) -> float:
        share = math.log(max(milliseconds, TICKS_MS[0])) / math.log(most)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="13">',
        "<title>Time of a search, 95th percentile, by number of services</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 26, "Time of a search, 95th percentile (shorter is better)", weight="bold"),
    ]
    for tick in TICKS_MS:
        dash = ' stroke-dasharray="2 3"' if tick == TARGET_MS else ""
        colour = "#b00020" if tick == TARGET_MS else "#dddddd"
        parts.append(
            f'<path d="M{LEFT} {down(tick):.1f}H{WIDTH - RIGHT}" stroke="{colour}"{dash}/>'
        )
        parts.append(_text(LEFT - 8, down(tick) + 4, f"{tick:,} ms", anchor="end"))
    for size in sizes:
        parts.append(_text(across(size), HEIGHT - BOTTOM + 22, f"{size:,}", anchor="middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "services", anchor="middle"))
    for way in NAMES:
        for database, dashes in DASHES.items():
            points = sorted(
                (across(line["services"]), down(line["p95_ms"]), line["p95_ms"])
                for line in found
                if (line["search"], line["database"]) == (way, database)
            )
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in points)
            parts.append(
                f'<path d="M{path}" fill="none" stroke="{COLOURS[way]}" stroke-width="2.5" '
                f'stroke-dasharray="{dashes}"/>'
            )
    for rank, line in enumerate(_last_of_each(found)):
        label = f"{NAMES[line['search']]}, {DATABASES[line['database']]}: {line['p95_ms']:,.0f} ms"
        y = TOP + 18 * rank
        dashes = DASHES[line["database"]]
        parts.append(
            f'<path d="M{WIDTH - RIGHT + 16} {y - 4}h24" stroke-width="2.5" '
            f'stroke="{COLOURS[line["search"]]}" stroke-dasharray="{dashes}"/>'
        )
        parts.append(_text(WIDTH - RIGHT + 44, y, label, size=10))
    return "\n".join([*parts, "</svg>", ""])


def _last_of_each(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The largest size of each way and database, the slowest first: named beside the picture."""
    by_size = sorted(found, key=lambda line: line["services"])
    last = {(line["search"], line["database"]): line for line in by_size}
    return sorted(last.values(), key=lambda line: -line["p95_ms"])


def _text(
    x: float, y: float, words: str, anchor: str = "start", weight: str = "normal", size: int = 13
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
        f'font-size="{size}" fill="#333333">{words}</text>'
    )
