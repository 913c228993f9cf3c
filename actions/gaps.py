"""What the directory lacks, town by town: `python -m actions.gaps FILE.svg` (`make gaps`).

For each commune covered and each need, the search itself says what a person would be shown. The
picture has one square for each; a summary by need is printed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from html import escape
from itertools import batched
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import towns
from actions.directory import search
from actions.directory.database import session_factory
from actions.directory.hours import PARIS
from actions.directory.models import Commune
from actions.directory.needs import NEEDS
from actions.directory.search import Match, SearchQuery
from actions.directory.text import simplify
from actions.services import SHOWN

HERE, NEAR, INDIRECT, NOTHING = "here", "near", "indirect", "nothing"
MEANINGS = {
    HERE: "in the town, or for its people",
    NEAR: "in another town within reach",
    INDIRECT: "only a place that informs",
    NOTHING: "nothing",
}
COLOURS = {HERE: "#14559c", NEAR: "#8db8e0", INDIRECT: "#f2c14e", NOTHING: "#b3261e"}
FOLLOWING = ("ali", "departement", "service_social", "ccas")  # who follows someone on RSA
EXTRA = ("agence", "evenement")  # needs that no service answers
CELL, ROWS = 9, 84  # side of a square in pixels; towns in one column of the picture
NAMES, HEAD, GAP = 150, 170, 24  # room for the names of towns, of needs, and between columns


def columns() -> list[tuple[str, str | None]]:
    """The needs of the picture, each with its finer part."""
    return [*NEEDS, *((name, None) for name in EXTRA)]


def level(session: Session, commune: Commune, theme: str, detail: str | None, today: date) -> str:
    """What a person of this commune would find for a need."""
    code = commune.code_insee
    if theme == "agence":
        return _best(search.find_contacts(session, code, today, FOLLOWING), code)
    if theme == "evenement":
        return _best(search.search_events(session, code, today, SHOWN), code)
    query = SearchQuery(theme=theme, detail=detail, code_insee=code, today=today, limit=SHOWN)
    matches = search.search_services(session, query)
    if theme == "offre_partenaire":
        matches = [*search.search_offers(session, code, today, detail, SHOWN), *matches]
    return _best(matches, code)


def _best(matches: Sequence[Match], code_insee: str) -> str:
    direct = [match for match in matches if match.is_direct]
    if any(match.couvre or match.record.code_insee == code_insee for match in direct):
        return HERE
    return NEAR if direct else INDIRECT if matches else NOTHING


def levels(session: Session, today: date) -> dict[str, list[tuple[str, list[str]]]]:
    """By département: each commune in order of name, with its level for each need."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for departement in towns.covered_departements():
        communes = sorted(
            session.scalars(select(Commune).where(Commune.departement == departement)),
            key=lambda commune: simplify(commune.nom),
        )
        found[departement] = [
            (commune.nom, [level(session, commune, *need, today) for need in columns()])
            for commune in communes
        ]
    return found


def picture(found: dict[str, list[tuple[str, list[str]]]]) -> str:
    """The levels as an SVG of its own white background, so that it reads in a dark page."""
    rows = [
        (f"{name} ({departement})", known)
        for departement, towns_of_it in found.items()
        for name, known in towns_of_it
    ]
    blocks = list(batched(rows, ROWS))
    needs = ["_".join(filter(None, need)) for need in columns()]
    wide = NAMES + CELL * len(needs) + GAP
    width, height = (
        max(wide * len(blocks), 230 * len(MEANINGS)),
        HEAD + CELL * min(ROWS, len(rows)) + 40,
    )
    drawn = [line for i, block in enumerate(blocks) for line in _block(block, needs, wide * i)]
    drawn += _legend(height - 16)
    title = "What people would find, by commune and need"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-label="{title}">',
            "<style>text{font:9px sans-serif;fill:#1b1b1b}.key{font-size:12px}</style>",
            '<rect width="100%" height="100%" fill="white"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def _block(rows: Sequence[tuple[str, list[str]]], needs: Sequence[str], left: int) -> Iterator[str]:
    """One column of towns, under the names of the needs."""
    start = left + NAMES
    for x, name in enumerate(needs):
        place = f"translate({start + CELL * x + 7} {HEAD - 5}) rotate(-90)"
        yield f'<text transform="{place}">{escape(name)}</text>'
    for y, (name, _) in enumerate(rows):
        at = f'x="{start - 5}" y="{HEAD + CELL * y + 8}" text-anchor="end"'
        yield f"<text {at}>{escape(name)}</text>"
    for meaning, colour in COLOURS.items():
        squares = "".join(
            f"M{start + CELL * x} {HEAD + CELL * y}h8v8h-8z"
            for y, (_, known) in enumerate(rows)
            for x, found in enumerate(known)
            if found == meaning
        )
        if squares:
            yield f'<path d="{squares}" fill="{colour}"/>'


def _legend(baseline: int) -> Iterator[str]:
    for number, (meaning, words) in enumerate(MEANINGS.items()):
        x = 10 + 230 * number
        box = f'x="{x}" y="{baseline - 11}" width="13" height="13"'
        yield f'<rect {box} fill="{COLOURS[meaning]}"/>'
        yield f'<text x="{x + 20}" y="{baseline}" class="key">{escape(words)}</text>'


def summary(found: dict[str, list[tuple[str, list[str]]]]) -> Iterator[str]:
    """How many communes have each level, need by need."""
    known = [levels_ for towns_of_it in found.values() for _, levels_ in towns_of_it]
    yield f"{'communes: ' + str(len(known)):<34}" + "".join(f"{name:>10}" for name in MEANINGS)
    for x, need in enumerate(columns()):
        counts = Counter(levels_[x] for levels_ in known)
        name = "_".join(filter(None, need))
        yield f"{name:<34}" + "".join(f"{counts[meaning]:>10}" for meaning in MEANINGS)


def main() -> int:
    """Draw the picture in the file of the command line, and print the summary."""
    parser = argparse.ArgumentParser(prog="python -m actions.gaps", description=__doc__)
    parser.add_argument("file", type=Path, help="where to write the picture (SVG)")
    arguments = parser.parse_args()
    with session_factory()() as session:
        found = levels(session, datetime.now(PARIS).date())
    if not any(found.values()):
        print("No commune in these départements: import the directory first.", file=sys.stderr)
        return 1
    arguments.file.parent.mkdir(parents=True, exist_ok=True)
    arguments.file.write_text(picture(found), "utf-8")
    print("\n".join(summary(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
