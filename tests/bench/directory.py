"""`make bench-directory`: the search at the scale of a country, on both databases (JSON lines).

Invented national files of each size (`tests/bench/national.py`) are imported by the real command;
then every need is searched in communes drawn by population over all of France, each question once.
In the same run, on the same data, the plain way a team would write it: a filter on the theme in
SQL, the distance of all that it gives in Python, and a sort. Milliseconds are those of the clock;
`processor_p95_ms` is what our process itself used: the machine may be shared.

With all sizes and databases, the figures and their picture go to `docs/`.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from actions.directory import search
from actions.directory.database import create_directory_engine
from actions.directory.geography import distance_km, zone_codes
from actions.directory.models import Commune, Service, ServiceThematique
from actions.directory.needs import NEEDS, find_need
from actions.directory.search import SearchQuery
from tests.bench import national
from tests.bench.directory_plot import draw
from tests.bench.imports import DATABASES, ROOT, SIZES, empty_database, run_import

COMMUNES, PLAIN_QUESTIONS, WARM_UP = 40, 60, 50
SEED = 93
RESULTS, PICTURE = ROOT / "docs/bench-directory.json", ROOT / "docs/images/bench-directory.svg"


def questions(session: Session) -> list[SearchQuery]:
    """Every need and detail in communes drawn by population, in no order."""
    rows = session.execute(
        select(Commune.code_insee, Commune.population).order_by(Commune.code_insee)
    ).all()
    draw_of = random.Random(SEED)
    codes = draw_of.choices([row[0] for row in rows], [row[1] for row in rows], k=COMMUNES)
    asked = [
        SearchQuery(theme=theme, detail=detail, code_insee=code, today=date.today())
        for code in dict.fromkeys(codes)
        for theme, detail in NEEDS
    ]
    draw_of.shuffle(asked)
    return asked


def plain_search(session: Session, query: SearchQuery) -> list[Service]:
    """The nearest services of the need's themes, as one would write it in an afternoon."""
    need, commune = find_need(query.theme, query.detail), session.get(Commune, query.code_insee)
    themes = select(ServiceThematique.service_id).where(
        ServiceThematique.thematique.in_(need.thematiques)
    )
    rows = session.execute(
        select(
            Service.id, Service.zone_eligibilite, Service.lieu_latitude, Service.lieu_longitude
        ).where(Service.id.in_(themes))
    )
    ranked = []
    for id_, zone, latitude, longitude in rows:
        distance = distance_km(commune.latitude, commune.longitude, latitude, longitude)
        if distance is not None and (not zone or zone_codes(commune) & set(zone)):
            ranked.append((distance, id_))
    best = [id_ for _, id_ in sorted(ranked)[: query.limit]]
    return list(session.scalars(select(Service).where(Service.id.in_(best))))


def timed(
    session: Session,
    asked: Iterable[SearchQuery],
    way: Callable[[Session, SearchQuery], list[Any]],
) -> dict[str, float]:
    """Ask each question once; nothing of one is kept for the next."""
    clock, processor, without = [], [], 0
    for query in asked:
        begun, used = time.perf_counter(), time.process_time()
        found = way(session, query)
        processor.append((time.process_time() - used) * 1000)
        clock.append((time.perf_counter() - begun) * 1000)
        without += not found
        session.expunge_all()
    return {
        "questions": len(clock),
        "without_answer": without,
        "p50_ms": round(statistics.median(clock), 1),
        "p95_ms": _percentile(clock),
        "max_ms": round(max(clock), 1),
        "processor_p50_ms": round(statistics.median(processor), 1),
        "processor_p95_ms": _percentile(processor),
    }


def _percentile(values: list[float]) -> float:
    return round(sorted(values)[int(len(values) * 0.95)], 1)


def compare(engine: Engine) -> dict[str, dict[str, float]]:
    """Both ways on this directory, with the index that the plain way needs."""
    with engine.begin() as connection:
        connection.execute(text("CREATE INDEX plain ON service_thematiques (thematique)"))
    with Session(engine) as session:
        asked = questions(session)
        timed(session, asked[-WARM_UP:], search.search_services)
        ours = timed(session, asked[:-WARM_UP], search.search_services)
        timed(session, asked[-1:], plain_search)
        return {"jalon": ours, "plain": timed(session, asked[:PLAIN_QUESTIONS], plain_search)}


def measure(database: str, size: int, files: Path, folder: Path) -> list[dict[str, Any]]:
    """Import, then search: a line for the import and one for each way."""
    with empty_database(database, folder) as url:
        imported = run_import(url, files, folder / "reports")
        about = {"database": database, "services": size}
        speed = {"services_a_second": round(size / imported["seconds"])}
        lines: list[dict[str, Any]] = [{"import": "jalon", **about, **speed, **imported}]
        engine = create_directory_engine(url)
        for name, figures in compare(engine).items():
            lines.append({"search": name, **about, **figures})
        engine.dispose()
    return lines


def main() -> None:
    """Measure what the command line asks, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--databases", nargs="+", default=DATABASES, choices=DATABASES)
    arguments = parser.parse_args()
    lines: list[dict[str, Any]] = []
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory(prefix="jalon-bench-") as name:
            folder = Path(name)
            national.write(folder / "files", size, "json")
            for database in arguments.databases:
                for line in measure(database, size, folder / "files", folder):
                    print(json.dumps(line), flush=True)
                    lines.append(line)
    if set(SIZES) <= set(arguments.sizes) and set(DATABASES) <= set(arguments.databases):
        RESULTS.write_text("\n".join(["[", ",\n".join(map(json.dumps, lines)), "]", ""]), "utf-8")
        PICTURE.write_text(draw(lines), "utf-8")


if __name__ == "__main__":
    main()
