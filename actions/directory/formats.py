"""From files to rows: data·inclusion (schema v1), events, offers, sources and communes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from data_inclusion.schema.v1.services import Service as ServiceSchema
from data_inclusion.schema.v1.structures import Structure as StructureSchema
from pydantic import BaseModel, Field, ValidationError

from actions.directory.words import MONTHS

Row = dict[str, Any]

STRUCTURES, SERVICES, EVENEMENTS, OFFRES = "structures", "services", "evenements", "offres"
KINDS = (STRUCTURES, SERVICES, EVENEMENTS, OFFRES)
SIDECAR = "sources.json"
COMMUNE_COLUMNS = {
    "code_insee",
    "nom",
    "departement",
    "codes_postaux",
    "epci_siren",
    "population",
    "latitude",
    "longitude",
    "estime",
    "commune_mere",
}


class BadFileError(Exception):
    """A file that cannot be imported at all; the message says why in one line."""


class EvenementSchema(BaseModel):
    """An event, as in `evenements.json`."""

    id: str = Field(min_length=1)
    nom: str = Field(min_length=3)
    type: str | None = None
    debut: datetime | None
    fin: datetime | None = None
    lieu: str | None = None
    adresse: str | None = None
    commune: str | None = None
    code_insee: str | None = Field(default=None, pattern=r"^\w{5}$")
    organisateur: str | None = None
    public: str | None = None
    inscription: str | None = None
    description: str | None = None
    source: str | None = None
    lu_le: date | None = None
    note: str | None = None


class OffreSchema(BaseModel):
    """A partner's offer, as in `offres.json`."""

    id: str = Field(min_length=1)
    nom: str = Field(min_length=3)
    type: Literal["emploi", "insertion", "creation", "mobilite", "aide_materielle"] | None = None
    organisme: str | None = None
    description: str | None = None
    adresse: str | None = None
    commune: str | None = None
    code_insee: str | None = Field(default=None, pattern=r"^\w{5}$")
    telephone: str | None = None
    courriel: str | None = None
    lien: str | None = None
    zone_eligibilite: list[str] | None = Field(default=None, min_length=1)
    valable_du: date | None = None
    valable_au: date
    date_maj: date | None = None
    source: str | None = None
    lu_le: date | None = None


class SourceSchema(BaseModel):
    """What `sources.json` says of one record."""

    source: str | None = None
    lu_le: date | None = None
    date_inconnue: bool = False
    note: str | None = None


@dataclass
class Rejection:
    """A record left out: its id as written, and why."""

    id: str
    reason: str


@dataclass
class Batch:
    """The records of one kind: rows ready for the table, by id, and those left out."""

    kind: str
    rows: dict[str, Row] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)


def read_batches(path: Path) -> list[Batch]:
    """Read a folder (`structures.json`, `services.json`…) or one file of any of these kinds.

    Raises:
        BadFileError: a file is missing, unreadable, empty, or holds no valid record.
    """
    if not path.exists():
        raise BadFileError(f"{path}: no such file or folder")
    if path.is_dir():
        files = [path / f"{kind}.json" for kind in KINDS]
        files = [file for file in files if file.exists()]
        if not files:
            names = ", ".join(f"{kind}.json" for kind in KINDS)
            raise BadFileError(f"{path}: none of {names} in this folder")
    else:
        files = [path]
    folder = path if path.is_dir() else path.parent
    sources = _read_sources(folder / SIDECAR)
    return [_read_batch(file, sources) for file in files]


def _read_json(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(f"{file}: cannot be read ({error})") from error
    except json.JSONDecodeError as error:
        raise BadFileError(f"{file}: not valid JSON ({error})") from error


def _read_sources(file: Path) -> dict[str, SourceSchema]:
    if not file.exists():
        return {}
    content = _read_json(file)
    try:
        return {id_: SourceSchema.model_validate(entry) for id_, entry in content.items()}
    except (AttributeError, ValidationError) as error:
        raise BadFileError(f"{file}: not an object of id -> source ({error})") from error


def _read_batch(file: Path, sources: Mapping[str, SourceSchema]) -> Batch:
    records = _read_json(file)
    if not isinstance(records, list):
        raise BadFileError(f"{file}: not a JSON array of records")
    if not records:
        raise BadFileError(f"{file}: no record at all; nothing is removed on an empty file")
    batch = Batch(_kind_of(records, file))
    to_row = READERS[batch.kind]
    for position, record in enumerate(records, start=1):
        id_ = (
            str(record.get("id") or f"#{position}") if isinstance(record, dict) else f"#{position}"
        )
        try:
            row = to_row(record, sources)
        except ValidationError as error:
            batch.rejected.append(Rejection(id_, _reason(error)))
            continue
        if row["id"] in batch.rows:
            batch.rejected.append(Rejection(id_, "this id appears twice in the file"))
            continue
        batch.rows[row["id"]] = row
    if not batch.rows:
        first = batch.rejected[0]
        raise BadFileError(f"{file}: no valid record; the first one ({first.id}): {first.reason}")
    return batch


def _kind_of(records: Sequence[Any], file: Path) -> str:
    columns = {key for record in records if isinstance(record, dict) for key in record}
    if "structure_id" in columns:
        return SERVICES
    if "valable_au" in columns:
        return OFFRES
    if "debut" in columns:
        return EVENEMENTS
    if {"id", "nom", "date_maj"} <= columns:
        return STRUCTURES
    raise BadFileError(
        f"{file}: the columns are not those of structures, services, evenements or offres"
    )


def _reason(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_input=False)
    return "; ".join(
        f"{'.'.join(str(part) for part in detail['loc'][:1]) or 'record'}: {detail['msg']}"
        for detail in details
    )


def _structure_row(record: Any, sources: Mapping[str, SourceSchema]) -> Row:
    return _inclusion_row(StructureSchema.model_validate(record), sources)


def _service_row(record: Any, sources: Mapping[str, SourceSchema]) -> Row:
    return _inclusion_row(ServiceSchema.model_validate(record), sources)


def _inclusion_row(model: BaseModel, sources: Mapping[str, SourceSchema]) -> Row:
    plain: Row = model.model_dump(mode="json")
    # Lists are sets in the schema: sorted, so that the same file always gives the same rows.
    row: Row = {key: sorted(set(v)) if isinstance(v, list) else v for key, v in plain.items()}
    day = date.fromisoformat(row["date_maj"])
    origin = sources.get(row["id"], SourceSchema())
    return row | {
        "date_maj": day,
        "date_inconnue": origin.date_inconnue,
        "date_precision": date_precision(day, origin.note),
        "page_source": origin.source,
        "lu_le": origin.lu_le,
        "note": origin.note,
    }


def _evenement_row(record: Any, _sources: Mapping[str, SourceSchema]) -> Row:
    row = EvenementSchema.model_validate(record).model_dump()
    for moment in ("debut", "fin"):
        if row[moment] is not None:
            row[moment] = row[moment].replace(tzinfo=None)
    return row


def _offre_row(record: Any, _sources: Mapping[str, SourceSchema]) -> Row:
    return OffreSchema.model_validate(record).model_dump()


READERS: Mapping[str, Callable[[Any, Mapping[str, SourceSchema]], Row]] = {
    STRUCTURES: _structure_row,
    SERVICES: _service_row,
    EVENEMENTS: _evenement_row,
    OFFRES: _offre_row,
}


def date_precision(day: date, note: str | None) -> str:
    """`jour`, `mois` or `annee`: how far a date is known, by what its note says.

    « Liste de juillet 2019 » speaks of a month, « Article de 2013 » of a year. A year that is not
    that of the date says nothing of it.
    """
    if not note:
        return "jour"
    month = MONTHS[day.month - 1]
    if re.search(rf"(?<!\d ){month} {day.year}\b", note):
        return "mois"
    year_alone = rf"\b(?:de|en|vers|saison|fin) {day.year}\b(?!-\d\d-)"
    if re.search(year_alone, note) or "date approximative" in note:
        return "annee"
    return "jour"


def read_communes(folder: Path) -> dict[str, Row]:
    """Read `communes.tsv` and `epci.tsv` of a folder: rows by INSEE code.

    Raises:
        BadFileError: a file is missing or has other columns.
    """
    epcis = {row["siren"]: row["nom"] for row in _read_table(folder / "epci.tsv", {"siren", "nom"})}
    communes = _read_table(folder / "communes.tsv", COMMUNE_COLUMNS)
    return {row["code_insee"]: _commune_row(row, epcis) for row in communes}


def _read_table(file: Path, columns: Iterable[str]) -> Iterator[dict[str, str]]:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, delimiter="\t")
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise BadFileError(f"{file}: missing columns: {', '.join(sorted(missing))}")
            yield from reader
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(f"{file}: cannot be read ({error})") from error


def _commune_row(row: Mapping[str, str], epcis: Mapping[str, str]) -> Row:
    siren = row["epci_siren"] or None
    return {
        "code_insee": row["code_insee"],
        "nom": row["nom"],
        "departement": row["departement"],
        "codes_postaux": row["codes_postaux"].split(),
        "siren_epci": siren,
        "epci": epcis.get(siren or ""),
        "population": int(row["population"] or 0),
        "latitude": float(row["latitude"]) if row["latitude"] else None,
        "longitude": float(row["longitude"]) if row["longitude"] else None,
        "coordonnees_estimees": row["estime"] == "1",
        "commune_mere": row["commune_mere"] or None,
    }
