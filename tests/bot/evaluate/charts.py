"""Pictures in SVG: the confusion matrix, and the reliability of probabilities.

They have their own white background, so that they read the same in a dark page.
"""

from __future__ import annotations

from html import escape
from typing import Any

from bot.intents import NEEDS, OUT_OF_SCOPE

CELL = 24  # pixels, as every length here
NAMES = 128  # room for the names of themes
SIDE = 300  # of the reliability plot
MARGIN = 48

RIGHT, WRONG, INK, FAINT = "#14559c", "#b3261e", "#1b1b1b", "#d0d0d0"
_FIRST = (*NEEDS, "info_rsa", "humain", "urgence", "plainte", OUT_OF_SCOPE)


def confusion_svg(confusion: dict[str, dict[str, int]]) -> str:
    """One row per theme expected, one column per theme read; the darker, the more often."""
    rows = _ordered(set(confusion))
    columns = rows + _ordered(
        {found for counts in confusion.values() for found in counts} - {*rows}
    )
    width, height = NAMES + CELL * len(columns) + 60, NAMES + CELL * len(rows) + 10
    drawn = [_text(NAMES - 8, NAMES - 8, "expected ↓  read →", anchor="end")]
    drawn.append(_grid(len(columns), len(rows)))
    for x, name in enumerate(columns):
        place = f'transform="translate({NAMES + CELL * x + 16} {NAMES - 6}) rotate(-60)"'
        drawn.append(f"<text {place}>{escape(name)}</text>")
    for y, expected in enumerate(rows):
        top = NAMES + CELL * y
        drawn.append(_text(NAMES - 8, top + 16, expected, anchor="end"))
        total = sum(confusion[expected].values())
        for x, found in enumerate(columns):
            count = confusion[expected].get(found)
            if count:
                drawn.append(_cell(NAMES + CELL * x, top, count, count / total, expected == found))
    return _svg(width, height, "Confusion matrix: themes expected and read", drawn)


def _ordered(names: set[str]) -> list[str]:
    first = [name for name in _FIRST if name in names]
    return first + sorted(names - {*first})


def _grid(columns: int, rows: int) -> str:
    across = [f"M{NAMES} {NAMES + CELL * y}h{CELL * columns}" for y in range(rows + 1)]
    down = [f"M{NAMES + CELL * x} {NAMES}v{CELL * rows}" for x in range(columns + 1)]
    return f'<path d="{"".join(across + down)}" stroke="{FAINT}"/>'


def _cell(left: int, top: int, count: int, part: float, is_right: bool) -> str:
    colour = RIGHT if is_right else WRONG
    opacity = round(part if is_right else min(1.0, part * 3), 2)  # errors are few: make them seen
    ink = "white" if opacity > 0.75 else INK
    box = f'<rect x="{left}" y="{top}" width="{CELL}" height="{CELL}"'
    number = _text(left + CELL / 2, top + 16, str(count), anchor="middle", fill=ink)
    return f'{box} fill="{colour}" fill-opacity="{opacity}"/>{number}'


def reliability_svg(bins: list[dict[str, Any]]) -> str:
    """Share of right subjects by probability; on the diagonal, probabilities say the truth."""

    def point(probability: float, right: float) -> tuple[float, float]:
        return round(MARGIN + SIDE * probability, 1), round(MARGIN + SIDE * (1 - right), 1)

    (left, bottom), (end, top) = point(0, 0), point(1, 1)
    drawn = [f'<path d="M{left} {top}V{bottom}H{end}M{left} {bottom}L{end} {top}" class="axis"/>']
    for tick in (0, 0.5, 1):
        drawn.append(_text(point(tick, 0)[0], bottom + 16, f"{tick:g}", anchor="middle"))
        drawn.append(_text(left - 6, point(0, tick)[1] + 4, f"{tick:g}", anchor="end"))
    most = max(each["messages"] for each in bins)
    for each in bins:
        x, y = point(each["probability"], each["right"])
        radius = round(3 + 9 * (each["messages"] / most) ** 0.5, 1)
        label = f"{each['messages']} messages of probability {each['probability']:.2f}"
        title = f"<title>{label}: {each['right']:.2f} right</title>"
        drawn.append(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{RIGHT}">{title}</circle>')
    drawn.append(_text(MARGIN + SIDE / 2, bottom + 36, "probability given", anchor="middle"))
    drawn.append(_text(left, top - 14, "share right (larger: more messages)"))
    size = SIDE + 2 * MARGIN
    return _svg(size, size, "Share of right subjects by probability", drawn)


def _text(x: float, y: float, words: str, anchor: str = "start", fill: str = INK) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'


def _svg(width: int, height: int, title: str, drawn: list[str]) -> str:
    style = f"text{{font:12px sans-serif}}.axis{{fill:none;stroke:{INK}}}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{escape(title)}">',
        f"<style>{style}</style>",
        '<rect width="100%" height="100%" fill="white"/>',
        *drawn,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
