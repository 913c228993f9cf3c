"""The files of the review folder: one a day, and the list prepared for labelling."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DAYS = 30  # then a file is deleted

# What stands in a message for what was taken out.
MASKS = ("[nom]", "[telephone]", "[courriel]", "[adresse]", "[numero]", "[lien]")


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The messages of one day; a line that is not ours is left out."""
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            read = json.loads(line)
        except ValueError:
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
    today = date.today()
    for day, path in day_files(folder):
        if day <= today - timedelta(days=DAYS):
            path.unlink(missing_ok=True)
    for path in (*folder.glob("*.yml"), *folder.glob("*.tmp")):
        if time.time() - path.stat().st_mtime > DAYS * 24 * 3600:
            path.unlink(missing_ok=True)
