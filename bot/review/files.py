"""The files of the review folder: one a day, and the list prepared for labelling."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DAYS = 30  # then a file is deleted
LOCK = ".verrou"
TO_LABEL = "a_etiqueter.yml"
OLDEST = "# Plus ancien message : "  # how a list begins, so that its copies expire with it

# What stands in a message for what was taken out.
MASKS = ("[nom]", "[telephone]", "[courriel]", "[adresse]", "[numero]", "[lien]")

_OLDEST = re.compile(rf"{OLDEST}(\d{{4}}-\d\d-\d\d)\b")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep the other processes from writing in the folder; raises OSError without a folder."""
    # Read only, so that a lock file made by another user still locks.
    descriptor = os.open(folder / LOCK, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The messages of one day; a line that is not ours is left out."""
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            read = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(read, dict) and isinstance(read.get("texte"), str):
            yield read


def day_files(folder: Path) -> Iterator[tuple[date, Path]]:
    """The files of the folder that are ours, by day."""
    for path in sorted(folder.glob("*.jsonl")):
        try:
            yield date.fromisoformat(path.stem), path
        except ValueError:
            continue


def expire(folder: Path) -> None:
    """Delete what is older than 30 days, lists prepared for labelling included."""
    last = date.today() - timedelta(days=DAYS)
    for day, path in (*day_files(folder), *_other_files(folder)):
        if day <= last:
            path.unlink(missing_ok=True)


def _other_files(folder: Path) -> Iterator[tuple[date, Path]]:
    """The lists and what they leave, by the day of the oldest message that they may hold."""
    for path in filter(Path.is_file, folder.iterdir()):
        with path.open(encoding="utf-8", errors="replace") as file:
            begins = _OLDEST.match(file.readline(100))
        try:
            if begins:
                yield date.fromisoformat(begins[1]), path
            elif path.suffix in (".yml", ".tmp"):
                yield date.fromtimestamp(path.stat().st_mtime), path
        except ValueError:
            continue
