"""What an import did: on screen while it runs, as text at its end, and as a file."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

EXAMPLES = 5  # of each reason
MOST_REASONS = 100  # told apart; the others are counted together
OTHER = "other reasons"
KEPT_REPORTS = 30
BAR = 30  # characters


@dataclass
class Rejections:
    """Records left out: how many by reason, and the ids of a few."""

    total: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, id_: str, reason: str) -> None:
        """Count one more; its id is kept if it is among the first for this reason."""
        if reason not in self.by_reason and len(self.by_reason) >= MOST_REASONS:
            reason = OTHER
        self.total += 1
        self.by_reason[reason] += 1
        examples = self.examples.setdefault(reason, [])
        if len(examples) < EXAMPLES:
            examples.append(id_[:200])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """(id, reason) of each example."""
        for reason, ids in self.examples.items():
            for id_ in ids:
                yield id_, reason


@dataclass
class Count:
    """What an import did to the records of one kind.

    Attributes:
        outside: left out because they are of none of the départements wanted.
        merged: records that another one stands for, by reason.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    outside: int = 0
    rejected: Rejections = field(default_factory=Rejections)
    merged: Counter[str] = field(default_factory=Counter)
    merged_examples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        """Records of the files that are in the directory."""
        return self.added + self.changed + self.unchanged


class Report(dict[str, Count]):
    """What an import did, by kind; and which sources it could not use, with the reason."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: dict[str, str] = {}
        self.started = datetime.now().astimezone()
        self.seconds = 0.0

    def of(self, kind: str) -> Count:
        """The count of a kind, made if needed."""
        return self.setdefault(kind, Count())

    def has_changes(self) -> bool:
        """Whether any record came, changed or went."""
        return any(count.added or count.changed or count.removed for count in self.values())

    def drop_untouched(self) -> None:
        """Forget the kinds that the import had nothing to do with."""
        for kind in [kind for kind, count in self.items() if count == Count()]:
            del self[kind]

    def as_json(self) -> dict[str, Any]:
        """The report as a file holds it."""
        return {
            "started": self.started.isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 1),
            "failed_sources": self.failed,
            "kinds": {kind: _count_as_json(count) for kind, count in self.items()},
        }


def _count_as_json(count: Count) -> dict[str, Any]:
    rejected = count.rejected
    return {
        "accepted": count.accepted,
        "added": count.added,
        "changed": count.changed,
        "unchanged": count.unchanged,
        "removed": count.removed,
        "outside": count.outside,
        "rejected": {
            "total": rejected.total,
            "reasons": [
                {"reason": reason, "count": many, "examples": rejected.examples[reason]}
                for reason, many in rejected.by_reason.most_common()
            ],
        },
        "merged": {
            "total": count.merged.total(),
            "reasons": [
                {"reason": reason, "count": many, "examples": count.merged_examples[reason]}
                for reason, many in count.merged.most_common()
            ],
        },
    }


def format_report(report: Report) -> str:
    """The report as lines of text: one by kind, then one by reason, then the failed sources."""
    lines = []
    for kind, count in report.items():
        line = (
            f"{kind}: {count.added} added, {count.changed} changed, {count.unchanged} unchanged, "
            f"{count.removed} removed, {count.rejected.total} rejected"
        )
        if count.outside:
            line += f", {count.outside} outside the départements"
        lines.append(line)
        for reason, many in count.rejected.by_reason.most_common():
            ids = ", ".join(count.rejected.examples[reason])
            lines.append(f"  rejected {many}: {reason} ({ids}{', …' if many > EXAMPLES else ''})")
        for reason, many in count.merged.most_common():
            lines.append(
                f"  merged {many}: {reason} ({', '.join(count.merged_examples[reason][:2])})"
            )
    lines.extend(f"source {name} kept as it was: {why}" for name, why in report.failed.items())
    return "\n".join(lines)


def write_report(report: Report, folder: Path) -> Path:
    """Write the report as `import-<day and time>.json`; the oldest of thirty go."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"import-{report.started:%Y%m%dT%H%M%S}.json"
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=2)
    file.write_text(f"{text}\n", "utf-8")
    for old in sorted(folder.glob("import-*.json"))[:-KEPT_REPORTS]:
        old.unlink(missing_ok=True)
    return file


class ProgressBar:
    """How far an import is, on one line of a terminal; silent where there is none."""

    def __init__(self, screen: TextIO = sys.stderr, clock: Callable[[], float] = time.monotonic):
        self._screen, self._clock = screen, clock
        self._shown = screen.isatty()
        self._next, self._begun = 0.0, clock()

    def reading(self, name: str, read: int, size: int, records: int) -> None:
        """Show how much of a file is read (bytes), and how many records that made."""
        now = self._clock()
        if not self._shown or now < self._next:
            return
        self._next = now + 0.2
        share = min(1.0, read / size) if size else 0.0
        done = round(share * BAR)
        speed = records / max(0.001, now - self._begun)
        self._line(
            f"{'#' * done}{'.' * (BAR - done)} {share:4.0%} {name} {records:,} ({speed:,.0f}/s)"
        )

    def fetching(self, name: str) -> Callable[[int, int], None]:
        """What to tell how much of a file is fetched (bytes), and its size (0: unknown)."""

        def told(received: int, size: int) -> None:
            now = self._clock()
            if self._shown and now >= self._next:
                self._next = now + 0.2
                of = f" of {size / 1e6:,.0f}" if size else ""
                self._line(f"fetching {received / 1e6:,.0f}{of} MB {name}")

        return told

    def step(self, what: str) -> None:
        """Show what is being done once the files are read."""
        if self._shown:
            self._line(what)

    def end(self) -> None:
        """Leave the line empty."""
        if self._shown:
            self._line("")
            self._screen.write("\r")

    def _line(self, text: str) -> None:
        self._screen.write(f"\r{text[:100]:<100}")
        self._screen.flush()
