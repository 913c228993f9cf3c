"""`make bench-import`: how fast and how heavy an import is, on both databases (JSON lines).

Invented national files of each size (`tests/bench/national.py`) are imported by the real command
into an empty directory, then a second time unchanged. Everything counts: start of the process,
reading, validation, duplicates, indexes. Memory is the peak of the process (not of PostgreSQL).
The time of processor is given beside the time of the clock, the server's apart: the machine may be
shared.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.bench import national
from tests.postgresql_server import running_server

ROOT = Path(__file__).parents[2]
SIZES = (10_000, 100_000, 1_000_000)
DATABASES = ("sqlite", "postgresql")


@contextmanager
def empty_database(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty database; gone at the end."""
    if name == "sqlite":
        target = folder / "sqlite"
        target.mkdir()
        yield f"sqlite:///{target}/annuaire.sqlite"
        shutil.rmtree(target)
    else:
        with running_server() as url:
            yield f"{url}/postgres"


def run_import(url: str, files: Path, reports: Path) -> dict[str, float]:
    """Import these files in a process of its own: seconds, seconds of processor, megabytes."""
    begun = time.perf_counter()
    arguments = ["-m", "actions.directory", "import", str(files), "--reports", str(reports)]
    environment = os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    process = os.posix_spawn(
        sys.executable, [sys.executable, *arguments], environment, file_actions=quiet
    )
    _, status, used = os.wait4(process, 0)
    if status:
        raise SystemExit(f"the import failed (status {status >> 8})")
    return {
        "seconds": round(time.perf_counter() - begun, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "memory_mb": round(used.ru_maxrss / 1024),
    }


def server_seconds(url: str) -> float:
    """Seconds of processor that a PostgreSQL server of this machine has used; 0 for SQLite."""
    if not url.startswith("postgresql"):
        return 0.0
    with psycopg.connect(url) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    process = Path(folder, "postmaster.pid").read_text("ascii").split()[0]
    # Its own time and that of the processes it has seen end, user and system (proc(5)).
    ticks = Path("/proc", process, "stat").read_text("ascii").rsplit(")", 1)[1].split()[11:15]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def measure(database: str, form: str, services: int, files: Path, folder: Path) -> dict[str, Any]:
    """Import files into an empty database, then again."""
    with empty_database(database, folder) as url:
        before = server_seconds(url)
        first = run_import(url, files, folder / "reports")
        server = server_seconds(url) - before
        again = run_import(url, files, folder / "reports")
    return {
        "import": database,
        "form": form,
        "services": services,
        "services_a_second": round(services / first["seconds"]),
        "services_a_processor_second": round(services / first["processor_seconds"]),
        **first,
        "server_processor_seconds": round(server, 1),
        "again_seconds": again["seconds"],
        "again_memory_mb": again["memory_mb"],
    }


def main() -> None:
    """Measure what the command line asks, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--databases", nargs="+", default=DATABASES, choices=DATABASES)
    parser.add_argument("--form", default="json", choices=[*national.WRITERS, "parquet"])
    arguments = parser.parse_args()
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory(prefix="jalon-bench-") as name:
            folder = Path(name)
            national.write(folder / "files", size, arguments.form)
            for database in arguments.databases:
                figures = measure(database, arguments.form, size, folder / "files", folder)
                print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
