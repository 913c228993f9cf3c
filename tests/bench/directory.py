"""`make bench-directory`: how fast the directory answers, on its current database.

Every need in fifty communes of the covered départements, drawn once for all; then contacts, names
and events. Prints JSON lines: number of calls, median and 95th percentile in milliseconds.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.directory import search
from actions.directory.database import create_directory_engine, session_factory
from actions.directory.models import Commune, Service
from actions.directory.needs import NEEDS
from actions.directory.search import SearchQuery
from actions.towns import covered_departements
from tests.bench.bench import summary

COMMUNES = 50
SEED = 93
NAMES = ("plat in", "yookan", "code", "france services", "emmaus connect", "greta")


def timed(calls: Iterable[Callable[[], object]]) -> dict[str, float]:
    """Milliseconds of each call, summed up; the first one warms up and does not count."""
    milliseconds = []
    for call in calls:
        start = time.perf_counter()
        call()
        milliseconds.append((time.perf_counter() - start) * 1000)
    return {"calls": len(milliseconds) - 1, **summary(milliseconds[1:])}


def measures(
    session: Session, codes: list[str], today: date
) -> dict[str, list[Callable[[], object]]]:
    """What to measure, by name."""
    queries = [
        SearchQuery(theme=theme, detail=detail, code_insee=code, today=today)
        for code in codes
        for theme, detail in NEEDS
    ]
    roles = list(search.ROLES)
    return {
        "services": [lambda q=q: search.search_services(session, q) for q in queries],
        "contacts": [lambda c=c: search.find_contacts(session, c, today, roles) for c in codes],
        "names": [
            lambda c=c, n=n: search.search_by_name(session, n, c, 3) for c in codes for n in NAMES
        ],
        "events": [lambda c=c: search.search_events(session, c, today, 3) for c in codes],
    }


def main() -> None:
    """Measure and print."""
    engine = create_directory_engine()
    with session_factory(engine)() as session:
        everywhere = session.scalars(
            select(Commune.code_insee)
            .where(Commune.departement.in_(covered_departements()))
            .order_by(Commune.code_insee)
        ).all()
        chosen = random.Random(SEED).sample(everywhere, COMMUNES)
        services = session.scalar(select(func.count()).select_from(Service))
        about = {"database": engine.dialect.name, "services_in_directory": services}
        for name, calls in measures(session, chosen, date.today()).items():
            print(json.dumps({"search": name, **about, **timed(calls)}))


if __name__ == "__main__":
    main()
