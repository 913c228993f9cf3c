"""From records to rows: data·inclusion (schema v1), events, offers, sources and communes."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from data_inclusion.schema.v1.services import Service as ServiceSchema
from data_inclusion.schema.v1.structures import Structure as StructureSchema
from pydantic import BaseModel, Field, ValidationError
from pydantic.networks import validate_email

from actions.directory.sources.files import BadFileError
from actions.directory.sources.typed import phone
from actions.directory.text import simplify
from actions.directory.words import MONTHS

Row = dict[str, Any]

COMMUNES = "communes"
STRUCTURES, SERVICES, EVENEMENTS, OFFRES = "structures", "services", "evenements", "offres"
KINDS = (STRUCTURES, SERVICES, EVENEMENTS, OFFRES)
SIDECAR = "sources.json"
MOST_WEEKS = 1_000  # twenty years; beyond, a number of weeks is a mistake
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
    statut: Literal["annule", "complet"] | None = None
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


def read_sources(file: Path) -> dict[str, SourceSchema]:
    """What `sources.json` says of each record, by id; nothing where there is no such file.

    Raises:
        BadFileError: it is not an object of id -> source.
    """
    if not file.exists():
        return {}
    try:
        content = json.loads(file.read_text("utf-8"))
        return {id_: SourceSchema.model_validate(entry) for id_, entry in content.items()}
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(f"{file}: cannot be read ({error})") from error
    except json.JSONDecodeError as error:
        raise BadFileError(f"{file}: not valid JSON ({error})") from error
    except (AttributeError, ValidationError) as error:
        raise BadFileError(f"{file}: not an object of id -> source ({error})") from error


def to_row(kind: str, record: Any, sources: Mapping[str, SourceSchema]) -> Row:
    """The columns of a record, with those worked out from it alone, and its digest.

    Raises:
        ValueError: the record is not valid; `reason_of` says why (pydantic's error is one).
    """
    row = READERS[kind](record, sources)
    row["empreinte"] = _digest(row)
    if kind == STRUCTURES:
        row["nom_simple"] = simplify(row["nom"])
        row["adresse_simple"] = simplify(row["adresse"] or "")
    elif kind == SERVICES:
        row["a_distance"] = "a-distance" in (row["modes_accueil"] or ())
        row["nom_simple"] = simplify(row["nom"])
        row["texte_simple"] = simplify(row["description"])
    return row


FRENCH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(?:à\s+)?(\d{1,2})[:h](\d{2})?)?")


def with_french_dates(record: Mapping[str, Any]) -> Row:
    """A row of a CSV file with its dates in ISO form: « 02/01/2030 9h30 » is `2030-01-02T09:30`."""
    row = dict(record)
    for name in ("debut", "fin", "valable_du", "valable_au", "date_maj", "lu_le"):
        found = FRENCH_DATE.fullmatch(row.get(name) or "")
        if found:
            day, month, year, hour, minute = found.groups()
            row[name] = f"{year}-{int(month):02d}-{int(day):02d}"
            if hour:
                row[name] += f"T{int(hour):02d}:{minute or '00'}"
    return row


def reason_of(error: ValueError) -> str:
    """Why a record is refused, in one line without its values: « siret: String should… »."""
    if not isinstance(error, ValidationError):
        return str(error)
    details = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"{'.'.join(str(part) for part in detail['loc'][:1]) or 'record'}: {detail['msg'][:120]}"
        for detail in details[:3]
    )


def _digest(row: Row) -> str:
    # The day of reading stands for an unknown date: it must not make a record look new.
    values = dict(row, lu_le=None)
    if row.get("date_inconnue"):
        values["date_maj"] = None
    text = "\x1f".join(map(str, values.values()))
    if "\x00" in text:
        raise ValueError("a text holds a character of number 0")
    try:
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half of a character") from error


def _structure_row(record: Any, sources: Mapping[str, SourceSchema]) -> Row:
    return _inclusion_row(StructureSchema, record, sources)


def _service_row(record: Any, sources: Mapping[str, SourceSchema]) -> Row:
    row = _inclusion_row(ServiceSchema, record, sources)
    hours = row["volume_horaire_hebdomadaire"]
    if hours is not None and not hours <= 7 * 24:
        raise ValueError("volume_horaire_hebdomadaire: more hours than a week has")
    if (row["nombre_semaines"] or 0) > MOST_WEEKS:
        raise ValueError(f"nombre_semaines: more than {MOST_WEEKS}")
    return row


def _inclusion_row(
    schema: type[BaseModel], record: Any, sources: Mapping[str, SourceSchema]
) -> Row:
    email = None
    if isinstance(record, dict) and isinstance(record.get("courriel"), str):
        # The schema's own check takes a third of its time: done once for each address.
        email = _email(record["courriel"])
        record = record | {"courriel": None}
    row: Row = dict(schema.model_validate(record).__dict__)
    row["courriel"] = email
    codes, addresses, lists = FIELDS_OF[schema]
    for name in codes:
        if row[name] is not None:
            row[name] = row[name].value
    for name in addresses:
        if row[name] is not None:
            row[name] = str(row[name])
    for name in lists:
        if row[name]:
            # Lists are sets in the schema: sorted, so that the same file gives the same rows.
            row[name] = sorted({str(value) for value in row[name]})
        elif row[name] is not None:
            row[name] = []
    if "" in row.values():
        row = {name: None if value == "" else value for name, value in row.items()}
    if not _on_earth(row["latitude"], row["longitude"]):
        row["latitude"] = row["longitude"] = None
    day = row["date_maj"]
    origin = sources.get(row["id"]) or NO_SOURCE
    row["date_inconnue"] = origin.date_inconnue
    row["date_precision"] = date_precision(day, origin.note)
    row["page_source"] = origin.source
    row["lu_le"] = origin.lu_le
    row["note"] = origin.note
    return row


# Addresses of the plainest form, which the schema's check always takes as they are written. That
# check weighs each letter against Unicode: without this, it would take a tenth of an import.
PLAIN_EMAIL = re.compile(
    r"(?=.{6,200}$)[a-z0-9]{1,30}(?:[._-][a-z0-9]{1,30}){0,1}"
    r"@(?!xn--)[a-z0-9]{1,30}(?:-[a-z0-9]{1,20}){0,3}\.(?:gouv\.fr|fr|com|org|net|eu)",
    re.ASCII,
)


@lru_cache(maxsize=20_000)
def _email(text: str) -> str:
    if PLAIN_EMAIL.fullmatch(text):
        return text
    try:
        return validate_email(text)[1]
    except ValueError as error:
        raise ValueError("courriel: value is not a valid email address") from error


def _on_earth(latitude: float | None, longitude: float | None) -> bool:
    """Whether both are known and make a point; 0, 0 is what spreadsheets write for « unknown »."""
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return False
    finite = math.isfinite(latitude) and math.isfinite(longitude)
    return finite and abs(latitude) <= 90 and abs(longitude) <= 180


def _evenement_row(record: Any, _sources: Mapping[str, SourceSchema]) -> Row:
    row = EvenementSchema.model_validate(record).model_dump()
    for moment in ("debut", "fin"):
        if row[moment] is not None:
            row[moment] = row[moment].replace(tzinfo=None)
    return row


def _offre_row(record: Any, _sources: Mapping[str, SourceSchema]) -> Row:
    row = OffreSchema.model_validate(record).model_dump()
    if row["valable_du"] and row["valable_du"] > row["valable_au"]:
        raise ValueError("valable_du: after valable_au")
    row["telephone"] = phone(row["telephone"])
    return row


NO_SOURCE = SourceSchema()
# What each schema holds that is no plain value: codes, addresses of pages, and lists of codes.
FIELDS_OF: Mapping[type[BaseModel], tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    StructureSchema: (
        (),
        ("lien_source", "site_web", "accessibilite_lieu"),
        ("reseaux_porteurs",),
    ),
    ServiceSchema: (
        ("type", "frais"),
        ("lien_source", "lien_mobilisation"),
        (
            *("thematiques", "publics", "modes_accueil", "zone_eligibilite"),
            *("modes_mobilisation", "mobilisable_par"),
        ),
    ),
}


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


def read_communes(folder: Path) -> list[Row]:
    """Read `communes.tsv` and `epci.tsv` of a folder.

    Raises:
        BadFileError: a file is missing or has other columns.
    """
    epcis = {row["siren"]: row["nom"] for row in _read_table(folder / "epci.tsv", {"siren", "nom"})}
    communes = _read_table(folder / "communes.tsv", COMMUNE_COLUMNS)
    rows = [_commune_row(row, epcis) for row in communes]
    for row in rows:
        row["empreinte"] = _digest(row)
    return rows


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
