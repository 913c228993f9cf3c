"""`python -m actions.directory import [FILE or FOLDER]`, and `ensure` before a start."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from actions.directory import migrations
from actions.directory.database import create_directory_engine
from actions.directory.models import Commune, Structure


def main() -> int:
    """Run one command; 1 when nothing could be done, with one line that says why."""
    arguments = _parse()
    engine = create_directory_engine()
    try:
        if not migrations.is_current(engine):
            migrations.upgrade(engine)
        if arguments.command == "ensure" and _is_filled(engine):
            return 0
        return _import(engine, getattr(arguments, "path", None))
    except OperationalError as error:
        return _fail(f"the directory's database does not answer: {error.orig}")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m actions.directory", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    importing = commands.add_parser("import", help="replace the directory by these files")
    importing.add_argument("path", nargs="?", type=Path, help="by default, the seed directory")
    commands.add_parser("ensure", help="create the tables, and import the seed if they are empty")
    return parser.parse_args()


def _is_filled(engine: Engine) -> bool:
    with engine.connect() as connection:
        return all(
            connection.execute(select(key).limit(1)).first()
            for key in (Structure.id, Commune.code_insee)
        )


def _import(engine: Engine, path: Path | None) -> int:
    # Loaded here: `ensure` has nothing to import at most starts, and must be quick.
    from actions.directory import importer
    from actions.directory.formats import BadFileError

    try:
        report = importer.import_directory(engine, path or importer.SEED)
    except BadFileError as error:
        return _fail(str(error))
    print(importer.format_report(report))
    return 0


def _fail(reason: str) -> int:
    print(f"Nothing was imported: {' '.join(reason.split())}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
