"""Import of the directory: what the sources say replaces what they said last time, all at once.

A bad record is left out, and its older version stays; a bad file changes nothing. Each source has
a name, which its records keep: an import of one source leaves those of the others alone.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from actions.directory import formats, migrations
from actions.directory.database import ROOT
from actions.directory.formats import (
    EVENEMENTS,
    KINDS,
    OFFRES,
    SERVICES,
    SIDECAR,
    STRUCTURES,
    Row,
    SourceSchema,
)
from actions.directory.geography import WHOLE_COUNTRY, departement_of
from actions.directory.lock import one_import
from actions.directory.report import ProgressBar, Report, format_report
from actions.directory.sources import calendars, national, older
from actions.directory.sources.files import (
    BadFileError,
    Opened,
    Unreadable,
    Withdrawn,
    open_file,
    read_records,
)
from actions.directory.staging import Scope, Staging, open_staging
from actions.directory.text import simplify

__all__ = ["COMMUNES", "SEED", "Source", "format_report", "import_directory", "import_sources"]

SEED = ROOT / "data" / "annuaire"
COMMUNES = ROOT / "data" / "communes"
OWN_ORIGIN = "annuaire"  # of data·inclusion files, events and offers given without a name
FORMS = (".json", ".csv", ".parquet", ".geojson", ".ics")
# Columns that only services have, in v1 and before.
SERVICE_COLUMNS = frozenset({"modes_accueil", "zone_eligibilite", "frais", "zone_diffusion_type"})
FIRST_RECORDS = 100  # looked at to tell what a file is
BAR_EVERY = 500  # records
# A source that suddenly loses more than this share of its records is not believed by itself.
MOST_LOST, FEW_RECORDS = 0.5, 20


@dataclass(frozen=True)
class Source:
    """Where records come from.

    Attributes:
        name: its origin, which tells its records from those of other sources; None for the name
            that the kind of file gives (`annuaire`, `france-services`, `mediation-numerique`).
        paths: files, or folders of files named by their kind (`structures.json`…).
        encoding: of its texts.
    """

    paths: tuple[Path, ...]
    name: str | None = None
    encoding: str = "utf-8"


def import_directory(
    engine: Engine,
    path: Path = SEED,
    communes: Path = COMMUNES,
    departements: Collection[str] = (),
    bar: ProgressBar | None = None,
) -> Report:
    """Bring one file or folder in; return what was done, by kind.

    Args:
        path: a folder with `structures`, `services`, `evenements`, `offres` (any of them, in any
            form) and `sources.json`, or one file of any kind that is known.
        communes: the folder of `communes.tsv` and `epci.tsv`.
        departements: those wanted; all of France when empty.

    Raises:
        BadFileError: a file cannot be used; nothing was changed.
        ImportRunningError: another import is running; nothing was changed.
    """
    return import_sources(engine, [Source((path,))], communes, departements, bar)


def import_sources(
    engine: Engine,
    sources: Sequence[Source],
    communes: Path = COMMUNES,
    departements: Collection[str] = (),
    bar: ProgressBar | None = None,
    whole: bool = False,
    failed: Mapping[str, str] | None = None,
    accept_losses: bool = False,
) -> Report:
    """Bring several sources in, in one transaction.

    Args:
        whole: these sources are the whole directory: records of others go, and a source that
            cannot be used keeps the records it has (`Report.failed` says why).
        failed: sources that could not even be fetched, with the reason.
        accept_losses: believe a source that lost more than half of its records.

    Raises:
        BadFileError: a file cannot be used (with `whole`: no source can), or there is no such
            département; nothing was changed.
        ImportRunningError: another import is running; nothing was changed.
    """
    begun = time.monotonic()
    bar = bar or ProgressBar()
    report = Report()
    report.failed.update(failed or {})
    with one_import(engine):
        if not migrations.is_current(engine):
            migrations.upgrade(engine)
        with open_staging(engine) as staging:
            places = Places(formats.read_communes(communes), departements)
            staging.add_communes(places.rows, report)
            given: set[tuple[str, str]] = set()
            for source in sources:
                intake = Intake(source, staging, places, report, bar)
                given |= _take_in(intake, report, whole, accept_losses)
            if not given:
                raise BadFileError("; ".join(report.failed.values()) or "no source")
            scope = Scope(frozenset(given), whole, frozenset(report.failed))
            bar.step("checking")
            staging.settle(scope, report)
            bar.step("bringing everything in")
            staging.swap(scope, report)
    bar.end()
    report.drop_untouched()
    report.seconds = time.monotonic() - begun
    return report


def _take_in(
    intake: Intake, report: Report, whole: bool, accept_losses: bool
) -> set[tuple[str, str]]:
    """Read a source; what it gives, or nothing when it is unusable and others may still be."""
    name = intake.source.name
    try:
        intake.read()
        if not accept_losses:
            intake.check_losses()
    except BadFileError as error:
        if not whole or name is None:
            raise
        intake.forget()
        report.failed[name] = str(error)
        return set()
    return intake.given


class Places:
    """The communes, to find one by its postal code, and the départements wanted."""

    def __init__(self, rows: Sequence[Row], departements: Collection[str]) -> None:
        self.rows = rows
        self._wanted = frozenset(departements)
        unknown = self._wanted - {row["departement"] for row in rows}
        if unknown:
            raise BadFileError(f"no such département: {', '.join(sorted(unknown))}")
        self._by_postal_code: dict[str, list[Row]] = {}
        for row in rows:
            for code in row["codes_postaux"]:
                self._by_postal_code.setdefault(code, []).append(row)
        inside = [row for row in rows if row["departement"] in self._wanted]
        self._zones = self._wanted | {row["code_insee"] for row in inside}
        self._zones |= {row["siren_epci"] for row in inside if row["siren_epci"]}

    def find(self, postal_code: str, town: str) -> tuple[str, str] | None:
        """The commune of a postal code that this text names, or the only one it has."""
        rows = self._by_postal_code.get(postal_code, [])
        name = simplify(town)
        named = [row for row in rows if name.startswith(simplify(row["nom"]))]
        chosen = max(named, key=lambda row: len(row["nom"])) if named else None
        if chosen is None and len(rows) == 1:
            chosen = rows[0]
        return (chosen["code_insee"], chosen["nom"]) if chosen else None

    def is_outside(self, kind: str, row: Row) -> bool:
        """Whether a record is of none of the départements wanted, by its place and its zone."""
        if not self._wanted or self._departement(row) in self._wanted:
            return False
        zone = set(row.get("zone_eligibilite") or ())
        if zone & self._zones:
            return False
        everywhere = not zone.isdisjoint(WHOLE_COUNTRY)
        if kind == SERVICES:
            return not (everywhere and "a-distance" in (row["modes_accueil"] or ()))
        somewhere = bool(zone or row.get("code_insee"))
        return kind not in (EVENEMENTS, OFFRES) or (somewhere and not everywhere)

    @staticmethod
    def _departement(row: Row) -> str | None:
        if row.get("code_insee"):
            return departement_of(row["code_insee"])
        code = row.get("code_postal") or ""
        return code[:3] if code.startswith(("97", "98")) else code[:2] or None


class Intake:
    """One source on its way to the staging tables."""

    def __init__(
        self, source: Source, staging: Staging, places: Places, report: Report, bar: ProgressBar
    ) -> None:
        self.source, self._staging, self._places = source, staging, places
        self._report, self._bar = report, bar
        self.given: set[tuple[str, str]] = set()
        self._valid: Counter[str] = Counter()
        self._first_refusal: dict[str, str] = {}

    def read(self) -> None:
        """Read every file of the source.

        Raises:
            BadFileError: a file is missing, unreadable, empty, or holds no valid record.
        """
        for path in self.source.paths:
            if not path.exists():
                raise BadFileError(f"{path}: no such file or folder")
            files = _files_of(path)
            sidecar = formats.read_sources((path if path.is_dir() else path.parent) / SIDECAR)
            for file in files:
                self._read_file(file, sidecar)
        self._staging.flush()

    def forget(self) -> None:
        """Take back what was read."""
        for origin in {origin for origin, _ in self.given}:
            self._staging.forget(origin)

    def check_losses(self) -> None:
        """Refuse a source that would lose most of its records, as a file cut short would.

        Raises:
            BadFileError: it would; the message says how many.
        """
        by_origin: dict[str, list[str]] = {}
        for origin, kind in self.given:
            by_origin.setdefault(origin, []).append(kind)
        for origin, kinds in by_origin.items():
            for kind, (had, loses) in self._staging.lost(origin, kinds).items():
                if had >= FEW_RECORDS and loses > MOST_LOST * had:
                    raise BadFileError(
                        f"it would remove {loses} of its {had} {kind}: not believed "
                        "(--accept-losses to believe it)"
                    )

    def _read_file(self, file: Path, sidecar: Mapping[str, SourceSchema]) -> None:
        size = file.stat().st_size
        self._valid.clear()
        self._first_refusal.clear()
        with open_file(file, self.source.encoding) as opened:
            for position, (kind, found) in enumerate(self._records(opened, file), start=1):
                self._take(kind, found, position, sidecar)
                if position % BAR_EVERY == 0:
                    self._bar.reading(file.name, opened.tell(), size, position)
        if not self._valid:
            if not self._first_refusal:
                raise BadFileError(f"{file}: no record at all; nothing is removed on an empty file")
            raise BadFileError(
                f"{file}: no valid record; {next(iter(self._first_refusal.values()))}"
            )

    def _records(self, opened: Opened, file: Path) -> Iterator[tuple[str, Any]]:
        """(kind, record) of each record of a file, in the columns of its kind."""
        if opened.form == "ics":
            self._origin = self.source.name or OWN_ORIGIN
            self.given.add((self._origin, EVENEMENTS))
            for event in calendars.read_calendar(opened.raw, opened.name, self._places.find):
                yield EVENEMENTS, event
            return
        records = read_records(opened)
        first = list(islice(records, FIRST_RECORDS))
        columns = {key for record in first if isinstance(record, dict) for key in record}
        if not first:
            return
        translate = self._translator(columns, opened, file)
        for record in chain(first, records):
            yield from translate(record)

    def _translator(self, columns: Collection[str], opened: Opened, file: Path) -> Any:
        """What makes (kind, record) of a record, for a file of these columns."""
        if national.is_france_services(columns):
            self._give(national.FRANCE_SERVICES, STRUCTURES, SERVICES)
            listed_on = national.date_in_name(file.name)
            return lambda record: self._france_services(record, opened, listed_on)
        if national.is_mediation(columns):
            self._give(national.MEDIATION, STRUCTURES, SERVICES)
            return lambda record: self._mediation(record, opened)
        kind = _kind_of(columns, opened.name)
        self._give(OWN_ORIGIN, kind)
        is_older = kind in (STRUCTURES, SERVICES) and older.is_older(columns)
        return lambda record: [(kind, _readable(record, kind, opened, is_older))]

    def _give(self, default_name: str, *kinds: str) -> None:
        self._origin = self.source.name or default_name
        self.given |= {(self._origin, kind) for kind in kinds}

    def _france_services(
        self, record: Any, opened: Opened, listed_on: date | None
    ) -> Iterable[tuple[str, Any]]:
        plain = _plain(record, opened)
        if not isinstance(plain, dict) or not plain.get("id_fs"):
            return [(STRUCTURES, _without("id_fs", plain))]
        pairs = national.from_france_services(plain, listed_on or date.today())
        # A list whose day nobody tells: the dates of its places are not known.
        return ((kind, Undated(made) if listed_on is None else made) for kind, made in pairs)

    def _mediation(self, record: Any, opened: Opened) -> Iterable[tuple[str, Any]]:
        plain = _plain(record, opened)
        if not isinstance(plain, dict) or not plain.get("id"):
            return [(STRUCTURES, _without("id", plain))]
        if national.is_closed_to_the_public(plain):
            id_ = f"{national.MEDIATION}--{plain['id']}"
            return [(STRUCTURES, Withdrawn(id_, "it says that it does not receive the public"))]
        return national.from_mediation(plain)

    def _take(
        self, kind: str, found: Any, position: int, sidecar: Mapping[str, SourceSchema]
    ) -> None:
        if isinstance(found, Withdrawn):
            self._report.of(kind).rejected.add(printable(found.id), found.reason)
            return
        id_ = f"#{position}"
        try:
            if isinstance(found, Unreadable):
                id_ = printable(found.id) or id_
                raise ValueError(found.reason)
            if isinstance(found, dict) and found.get("id"):
                id_ = printable(str(found["id"]))
            undated = isinstance(found, Undated)
            row = formats.to_row(kind, found, {id_: UNDATED} if undated else sidecar)
        except ValueError as error:
            reason = formats.reason_of(error)
            self._first_refusal.setdefault(kind, f"the first one ({id_}): {reason}")
            self._report.of(kind).rejected.add(id_, reason)
            self._staging.reject(kind, self._origin, id_)
            return
        self._valid[kind] += 1
        outside = self._places.is_outside(kind, row)
        if outside and kind in (EVENEMENTS, OFFRES):
            self._report.of(kind).outside += 1
            return
        self._staging.add(kind, self._origin, row, outside)


class Undated(dict[str, Any]):
    """A record whose source tells no date: its `date_maj` is only the day it was read."""


UNDATED = SourceSchema(date_inconnue=True)


def printable(id_: str) -> str:
    """An identifier that any database and screen takes, whatever was in the file."""
    return id_.encode("utf-8", "replace").decode().replace("\x00", "?")[:200]


def _files_of(path: Path) -> list[Path]:
    """The files of a folder, in the order in which they must be read."""
    if not path.is_dir():
        return [path]
    files = []
    for kind in KINDS:
        found = [
            file
            for file in sorted(path.iterdir())
            if file.name.split(".")[0] == kind and set(file.suffixes) & set(FORMS)
        ]
        files.extend(found)
    if not files:
        raise BadFileError(
            f"{path}: none of {', '.join(f'{kind}.json' for kind in KINDS)} in this folder"
        )
    return files


def _kind_of(columns: Collection[str], name: str) -> str:
    if "structure_id" in columns:
        return SERVICES
    if "valable_au" in columns:
        return OFFRES
    if "debut" in columns:
        return EVENEMENTS
    if not SERVICE_COLUMNS.isdisjoint(columns):
        raise BadFileError(f"{name}: services without a column structure_id")
    if {"id", "nom", "date_maj"} <= set(columns):
        return STRUCTURES
    raise BadFileError(
        f"{name}: the columns are not those of structures, services, evenements or offres, "
        "nor those of France services or of the places of digital help"
    )


def _without(column: str, found: Any) -> Any:
    return Unreadable(f"{column}: missing") if isinstance(found, dict) else found


def _plain(record: Any, opened: Opened) -> Any:
    """A record with its values read, where they are texts."""
    if opened.values_are_text and isinstance(record, dict):
        return older.from_texts(record)
    return record


def _readable(record: Any, kind: str, opened: Opened, is_older: bool) -> Any:
    """A record in the columns of its kind, or why it cannot be."""
    plain = _plain(record, opened)
    if not isinstance(plain, dict):
        return plain
    if opened.values_are_text and kind in (EVENEMENTS, OFFRES):
        return formats.with_french_dates(plain)
    if not is_older:
        return plain
    try:
        if older.is_suspended(plain):
            return Withdrawn(str(plain.get("id")), "suspended since its `date_suspension`")
    except ValueError:
        return Unreadable("date_suspension: not a date")
    return older.to_v1(plain, kind == SERVICES)
