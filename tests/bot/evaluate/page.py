"""Write the sections: Markdown (for the terminal too) and one HTML page."""

from __future__ import annotations

import re
from html import escape

from tests.bot.evaluate.report import Section

BEGIN = "<!-- Written by `make evaluate`: edit outside these two marks. -->"
END = "<!-- End of what `make evaluate` writes. -->"

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid GrayText; padding: .2rem .8rem .2rem 0; text-align: left; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
svg { display: block; margin: 1rem 0; }
"""

_NUMBER = re.compile(r"[-+=—]|[-+]?[\d,.]+")
_CODE = re.compile(r"`([^`]+)`")


def markdown(sections: list[Section], pictures: str = "", fold: bool = False) -> str:
    """Aligned tables; pictures are linked from the folder `pictures`, left out if it is empty."""
    return "\n\n".join(_markdown(section, pictures, fold) for section in sections)


def _markdown(section: Section, pictures: str, fold: bool) -> str:
    parts = [f"### {section.title}", section.note]
    if section.picture and pictures:
        parts.append(f"![{section.title}]({pictures}/{section.picture}.svg)")
    table = _table(section)
    if fold and section.is_long and table:
        table = f"<details><summary>Show them</summary>\n\n{table}\n\n</details>"
    return "\n\n".join(part for part in [*parts, table] if part)


def _table(section: Section) -> str:
    if not section.rows:
        return ""
    lines = [[_one_line(cell) for cell in row] for row in (section.header, *section.rows)]
    columns = list(zip(*lines, strict=True))
    widths = [max(map(len, column)) for column in columns]
    # The last column may be a long message: nothing needs aligning after it.
    widths[-1] = min(widths[-1], 24)
    rights = [all(map(_NUMBER.fullmatch, column[1:])) for column in columns]
    rule = ["-" * (w - 1) + ("-:"[right]) for w, right in zip(widths, rights, strict=True)]

    def drawn(line: list[str]) -> str:
        cells = zip(line, widths, rights, strict=True)
        return f"| {' | '.join(c.rjust(w) if right else c.ljust(w) for c, w, right in cells)} |"

    return "\n".join(map(drawn, [lines[0], rule, *lines[1:]]))


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def between_marks(document: str, generated: str) -> str:
    """The document with what is between its two marks replaced.

    Raises:
        ValueError: a mark is missing.
    """
    before, _, rest = document.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"The document must hold {BEGIN} then {END}")
    return f"{before}{BEGIN}\n\n{generated}\n\n{END}{after}"


def html(title: str, sections: list[Section], pictures: dict[str, str]) -> str:
    """A page that needs no other file; `pictures` are SVG, by name."""
    body = "\n".join(_html(section, pictures) for section in sections)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _html(section: Section, pictures: dict[str, str]) -> str:
    parts = [f"<h2>{_inline(section.title)}</h2>"]
    if section.note:
        parts.append(f"<p>{_inline(section.note)}</p>")
    if section.picture:
        picture = pictures[section.picture]
        parts.append(_scrolling(section.title, picture))
    if section.rows:
        head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in section.header)
        lines = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in section.rows)
        table = f"<table>\n<tr>{head}</tr>\n{lines}\n</table>"
        parts.append(_scrolling(section.title, table))
    return "\n".join(parts)


def _scrolling(label: str, content: str) -> str:
    """What may be wider than the screen, reachable with the keyboard."""
    name = escape(label, quote=True)
    return f'<div class="wide" role="region" aria-label="{name}" tabindex="0">\n{content}\n</div>'


def _cell(text: str) -> str:
    kind = ' class="number"' if _NUMBER.fullmatch(text) else ' dir="auto"'
    return f"<td{kind}>{_inline(text)}</td>"


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))
