"""`make corrections`, `make unmet`, `make confirm ID=…`: what people told us, for staff.

`python -m actions.directory.followup corrections|unmet [FILE]` writes CSV, or JSON where the
name of the file ends so; `confirm ID` closes the reports on a record that staff checked.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.directory import followup, migrations
from actions.directory.database import ROOT, create_directory_engine, writing
from actions.directory.followup import exports

FOLDER = ROOT / "var"


def main() -> int:
    """Run one command; 1 when nothing could be done, with one line that says why."""
    arguments = _parse()
    engine = create_directory_engine()
    try:
        if not migrations.is_current(engine):
            migrations.upgrade(engine)
        if arguments.command == "confirm":
            with writing(engine) as session:
                closed = followup.confirm(session, arguments.id, date.today())
            print(f"{arguments.id}: {closed} report(s) closed")
            return 0 if closed else 1
        with Session(engine) as session:
            return _export(session, arguments)
    except (SQLAlchemyError, OSError) as error:
        print(f"Nothing was done: {type(error).__name__}", file=sys.stderr)
        return 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m actions.directory.followup")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (("corrections", "records to check"), ("unmet", "needs without answer")):
        command = commands.add_parser(name, help=f"write the {what}")
        command.add_argument("file", nargs="?", type=Path, default=FOLDER / f"{name}.csv")
        if name == "unmet":
            least = f"smaller counts are suppressed (never under {exports.LEAST})"
            command.add_argument("--least", type=int, default=exports.LEAST, help=least)
    confirming = commands.add_parser(
        "confirm", help="close the reports on a record: it was checked"
    )
    confirming.add_argument("id", help="the record's id, or its structure's")
    return parser.parse_args()


def _export(session: Session, arguments: argparse.Namespace) -> int:
    columns: Sequence[str] = exports.CORRECTION_COLUMNS
    if arguments.command == "corrections":
        rows = exports.corrections(session)
        doubted = sum(row["etat"] == exports.DOUBTED for row in rows)
        said = f"{len(rows)} correction(s), {doubted} of them on places in doubt"
    else:
        rows, suppressed = exports.unmet(session, arguments.least)
        columns = exports.UNMET_COLUMNS
        said = f"{len(rows)} need(s) without answer; {suppressed} small count(s) suppressed"
    _write(arguments.file, rows, columns)
    print(f"{arguments.file}: {said}")
    return 0


def _write(file: Path, rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        if file.suffix == ".json":
            json.dump(rows, out, ensure_ascii=False, indent=2)
            return
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)


def _cell(value: object) -> object:
    """A text that a spreadsheet will not take for a formula; phone numbers stay as they are."""
    if isinstance(value, str) and value.startswith(("=", "@", "-")):
        return f"'{value}"
    return value


if __name__ == "__main__":
    sys.exit(main())
