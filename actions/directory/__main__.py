"""`python -m actions.directory import [FILE or FOLDER or ADDRESS]…`, `sync`, `ensure`, `explain`.

Exit status: 0 done; 1 nothing was changed; 2 wrong command; 3 another import is running;
4 done, but some sources could not be used and keep their older records (`sync`).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from actions.directory import migrations
from actions.directory.database import ROOT, create_directory_engine
from actions.directory.models import Commune, Structure

if TYPE_CHECKING:
    from actions.directory.report import Report

REPORTS = ROOT / "var" / "imports"
NOTHING_DONE, BUSY, PARTLY_DONE = 1, 3, 4


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; not 0 when it is not wholly done, with one line that says why."""
    arguments = _parse(words)
    engine = create_directory_engine()
    try:
        if arguments.command == "ensure":
            return _ensure(engine)
        if arguments.command == "sync":
            return _sync(engine, arguments)
        if arguments.command == "explain":
            return _explain(engine, arguments)
        return _import(engine, arguments)
    except OperationalError as error:
        return _fail(f"the directory's database does not answer: {error.orig}")


def _parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m actions.directory", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    importing = commands.add_parser("import", help="replace what these files give")
    importing.add_argument("path", nargs="?", help="a file, a folder or an address; or the seed")
    importing.add_argument("--source", help="the name of the source whose records these are")
    importing.add_argument("--encoding", default="utf-8", help="of the texts (cp1252…)")
    importing.add_argument("--departements", default="", help="93,92,05: only these")
    syncing = commands.add_parser("sync", help="replace the directory by the sources of a file")
    syncing.add_argument("file", nargs="?", type=Path, default=ROOT / "sources.yml")
    for command in (importing, syncing):
        command.add_argument(
            "--accept-losses", action="store_true", help="believe a source that lost half it had"
        )
        command.add_argument("--reports", type=Path, default=REPORTS, help="where reports go")
    commands.add_parser("ensure", help="create the tables, and import the seed if they are empty")
    explaining = commands.add_parser("explain", help="why a search shows each service, or not")
    explaining.add_argument("--theme", required=True, help="the need: garde_enfants, francais…")
    explaining.add_argument("--detail", help="its finer part: creche…")
    where = explaining.add_mutually_exclusive_group(required=True)
    where.add_argument("--commune", help="INSEE code (93010)")
    where.add_argument("--position", type=_position, help="latitude,longitude (48.90,2.48)")
    explaining.add_argument("--id", action="append", default=[], help="only this service or place")
    explaining.add_argument("--text", default="", help="what the person wrote (« gratuit »…)")
    return parser.parse_args(words)


def _position(text: str) -> tuple[float, float]:
    latitude, longitude = map(float, text.split(","))
    return latitude, longitude


def _ensure(engine: Engine) -> int:
    """Fill an empty directory with the seed; nothing to do most of the time, so quick."""
    if not migrations.is_current(engine):
        migrations.upgrade(engine)
    if _is_filled(engine):
        return 0
    return _import(engine, _parse(["import"]))


def _is_filled(engine: Engine) -> bool:
    with engine.connect() as connection:
        return all(
            connection.execute(select(key).limit(1)).first()
            for key in (Structure.id, Commune.code_insee)
        )


def _import(engine: Engine, arguments: argparse.Namespace) -> int:
    # Loaded here: `ensure` has nothing to import at most starts, and must be quick.
    from actions.directory import importer, report
    from actions.directory.lock import ImportRunningError
    from actions.directory.sources.files import BadFileError

    departements = [code.strip() for code in arguments.departements.split(",") if code.strip()]
    try:
        with _on_disk(arguments.path or str(importer.SEED)) as path:
            source = importer.Source((path,), arguments.source, arguments.encoding)
            done = importer.import_sources(
                engine,
                [source],
                departements=departements,
                accept_losses=arguments.accept_losses,
            )
    except BadFileError as error:
        return _fail(str(error))
    except ImportRunningError as error:
        return _fail(str(error), BUSY)
    print(report.format_report(done))
    _keep(done, arguments.reports)
    return 0


@contextmanager
def _on_disk(name: str) -> Iterator[Path]:
    """The file or folder of this name, fetched for the time of the import if it is an address."""
    from actions.directory.report import ProgressBar
    from actions.directory.sources.download import download, is_address

    if not is_address(name):
        yield Path(name)
        return
    with tempfile.TemporaryDirectory(prefix="jalon-import-") as folder:
        yield asyncio.run(download(name, Path(folder), ProgressBar().fetching(name)))


def _sync(engine: Engine, arguments: argparse.Namespace) -> int:
    from actions.directory import sync
    from actions.directory.lock import ImportRunningError
    from actions.directory.sources.files import BadFileError

    try:
        done = sync.sync(engine, arguments.file, arguments.accept_losses)
    except (BadFileError, ImportRunningError) as error:
        sync.tell(sync.summary_of(None, str(error)))
        return _fail(str(error), BUSY if isinstance(error, ImportRunningError) else NOTHING_DONE)
    summary = sync.summary_of(done)
    print(summary)
    _keep(done, arguments.reports)
    sync.tell(summary)
    return PARTLY_DONE if done.failed else 0


def _explain(engine: Engine, arguments: argparse.Namespace) -> int:
    from actions import conditions
    from actions.directory import followup, search
    from actions.directory.hours import PARIS
    from actions.directory.needs import NEEDS

    now = datetime.now(PARIS)
    with Session(engine) as session:
        nearest = search.commune_at(session, *arguments.position) if arguments.position else None
        query = search.SearchQuery(
            theme=arguments.theme,
            detail=arguments.detail,
            code_insee=nearest.code_insee if nearest else arguments.commune or "",
            position=arguments.position,
            today=now.date(),
            words=arguments.text,
            conditions=conditions.read(arguments.text, now, arguments.theme == "garde_enfants"),
        )
        doubted = followup.doubted(session)
        explanations = search.explain(session, query, arguments.id, doubted)
    if not explanations:
        themes = ", ".join(dict.fromkeys(theme for theme, _ in NEEDS))
        print(
            f"Nothing was read. Themes of services: {themes}. A commune is said by its INSEE "
            "code: 93010.",
            file=sys.stderr,
        )
        return NOTHING_DONE
    print(*search.in_lines(explanations), sep="\n")
    return 0


def _keep(done: Report, folder: Path) -> None:
    """Write the report; where no file can be written (a read-only container), say so."""
    from actions.directory.report import write_report

    try:
        print(f"report: {write_report(done, folder)}")
    except OSError as error:
        print(f"The report was not written: {error}", file=sys.stderr)


def _fail(reason: str, status: int = NOTHING_DONE) -> int:
    print(f"Nothing was imported: {' '.join(reason.split())}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
