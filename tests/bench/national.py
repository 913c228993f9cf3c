"""A directory of the size of a country, invented but shaped as the real one, always the same.

    python -m tests.bench.national 100000 /tmp/france --form json

What is kept from real data: communes are drawn by population (`data/communes`), services by what
the seed directory holds (themes, publics, texts, missing facts), 1.32 services by structure (what
data·inclusion publishes: 66,000 structures, 87,000 services). What is chosen, and written here:
eight sources of unequal size, structures that two sources tell of, ages of facts, zones, errors.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, TextIO

from actions.directory.formats import SERVICES, STRUCTURES, read_communes
from actions.directory.importer import COMMUNES, SEED

Record = dict[str, Any]

TODAY = date(2026, 11, 1)  # no date is later, so that the same files come out every day
SERVICES_BY_STRUCTURE = 87 / 66
SHARES = [34, 22, 14, 10, 8, 6, 4, 2]  # of each source, out of a hundred
TOLD_TWICE = 0.06  # structures that a second source tells of too
WRONG = 0.004  # records that no import should take
MEDIAN_AGE_DAYS, OLDEST_DAYS = 270, 2500
ZONES = {"none": 55, "commune": 15, "epci": 10, "departement": 18, "france": 2}
WEEKS = (
    "Mo-Fr 09:00-12:00,14:00-17:00",
    "Mo-Fr 08:30-12:30,13:30-17:30; PH off",
    "Tu-Sa 10:00-18:00",
    "Mo,We 09:00-12:00; Fr 14:00-18:00",
    "Mo 13:30-17:30; Tu 13:00-19:00; We 08:30-12:00,13:30-17:30",
)
HAVING_HOURS = 0.35
KINDS = (
    "Association",
    "Centre social",
    "Maison de quartier",
    "Atelier",
    "Espace",
    "Point d'accueil",
)
WORDS = (
    *("Horizon", "Passerelle", "Tremplin", "Solidarité", "Envol", "Boussole", "Rivage", "Étape"),
    *("Clairière", "Échange", "Confluence", "Avenir", "Ressource", "Lumière", "Jardin", "Phare"),
)
STREETS = (
    *("rue de la Gare", "avenue Jean Jaurès", "place de la Mairie", "rue Victor Hugo"),
    *("rue des Écoles", "impasse du Moulin", "boulevard Gambetta", "chemin des Vignes"),
)
FACTS = ("telephone", "courriel", "site_web", "lien_source", "siret", "description")


class Country:
    """Draws records; the same seed draws the same ones."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        rows = [row for row in read_communes(COMMUNES) if row["latitude"] is not None]
        self._communes = [row for row in rows if row["population"]]
        self._weights = list(accumulate(row["population"] for row in self._communes))
        self._models = json.loads((SEED / "services.json").read_text("utf-8"))
        structures = json.loads((SEED / "structures.json").read_text("utf-8"))
        self._known = {
            name: sum(structure[name] is not None for structure in structures) / len(structures)
            for name in FACTS
        }
        self._known["siret"] = 0.6  # the seed has next to none, the national files have most
        self._sources = [f"source-{number}" for number in range(1, len(SHARES) + 1)]

    def records(self, services: int) -> Iterator[tuple[str, Record]]:
        """(kind, record), a structure always before its services, until there are that many."""
        made = number = 0
        while made < services:
            number += 1
            structure = self._structure(number)
            offered = [self._service(structure, rank) for rank in range(self._how_many())]
            yield STRUCTURES, structure
            yield from ((SERVICES, service) for service in offered)
            made += len(offered)
            if self._random.random() < TOLD_TWICE:
                twin = self._twin(structure)
                yield STRUCTURES, twin
                copies = [self._copy(service, twin) for service in offered]
                yield from ((SERVICES, service) for service in copies)
                made += len(copies)

    def _how_many(self) -> int:
        """Services of a structure: often one or none, sometimes many (1.32 on average)."""
        return min(12, int(self._random.expovariate(1 / (SERVICES_BY_STRUCTURE + 0.5))))

    def _structure(self, number: int) -> Record:
        draw = self._random
        commune = draw.choices(self._communes, cum_weights=self._weights)[0]
        source = draw.choices(self._sources, SHARES)[0]
        spread = 0.002 + 0.00002 * math.sqrt(commune["population"])
        structure = {
            "source": source,
            "id": f"{source}--{number}",
            "nom": f"{draw.choice(KINDS)} {draw.choice(WORDS)} {draw.choice(WORDS)} {number % 977}",
            "date_maj": self._day().isoformat(),
            "description": "Lieu d'accueil, d'écoute et d'orientation ouvert à tous les habitants.",
            "lien_source": f"https://exemple.fr/{source}/{number}",
            "siret": f"{draw.randrange(10**13, 10**14)}",
            "commune": commune["nom"],
            "code_postal": commune["codes_postaux"][0] if commune["codes_postaux"] else None,
            "code_insee": commune["code_insee"],
            "adresse": f"{draw.randrange(1, 200)} {draw.choice(STREETS)}",
            "latitude": round(draw.gauss(commune["latitude"], spread), 6),
            "longitude": round(draw.gauss(commune["longitude"], spread), 6),
            "telephone": f"+331{draw.randrange(10**7, 10**8)}",
            "courriel": f"contact{number}@exemple{number % 999}.fr",
            "site_web": f"https://exemple{number % 999}.fr/",
            "horaires_accueil": draw.choice(WEEKS) if draw.random() < HAVING_HOURS else None,
            "reseaux_porteurs": draw.choice((None, None, None, ["france-service"], ["ccas-cias"])),
        }
        for name, share in self._known.items():
            if draw.random() > share:
                structure[name] = None
        if draw.random() < 0.1:  # places known by their commune only
            structure |= {"adresse": None, "latitude": None, "longitude": None}
        if draw.random() < WRONG:
            structure |= draw.choice(({"nom": ""}, {"date_maj": "2999-01-01"}, {"siret": "12"}))
        return structure

    def _day(self) -> date:
        age = self._random.expovariate(math.log(2) / MEDIAN_AGE_DAYS)
        return TODAY - timedelta(days=min(OLDEST_DAYS, int(age)))

    def _service(self, structure: Record, rank: int) -> Record:
        draw = self._random
        model = draw.choice(self._models)
        service: Record = {name: value for name, value in model.items() if name != "source"}
        service |= {
            "source": structure["source"],
            "id": f"{structure['id']}--{rank}",
            "structure_id": structure["id"],
            "nom": f"{model['nom'][:120]} ({rank + 1})",
            "date_maj": structure["date_maj"],
            "lien_source": structure["lien_source"],
            "zone_eligibilite": self._zone(structure["code_insee"]),
            "horaires_accueil": structure["horaires_accueil"],
        }
        for name in ("commune", "code_postal", "code_insee", "adresse", "latitude", "longitude"):
            service[name] = structure[name]
        for name in ("telephone", "courriel"):
            service[name] = structure[name] if draw.random() < 0.7 else None
        if draw.random() < WRONG:
            service |= draw.choice(({"description": ""}, {"thematiques": ["inventee"]}))
        return service

    def _zone(self, code_insee: str) -> list[str] | None:
        kind = self._random.choices(list(ZONES), list(ZONES.values()))[0]
        if kind == "none":
            return None
        if kind == "france":
            return ["france"]
        commune = self._by_code(code_insee)
        return [
            {
                "commune": code_insee,
                "departement": commune["departement"],
                "epci": commune["siren_epci"] or code_insee,
            }[kind]
        ]

    def _by_code(self, code_insee: str) -> Record:
        if not hasattr(self, "_index"):
            self._index = {row["code_insee"]: row for row in self._communes}
        return self._index[code_insee]

    def _twin(self, structure: Record) -> Record:
        """The same place, as another source writes it."""
        other = [name for name in self._sources if name != structure["source"]]
        source = self._random.choice(other)
        twin = structure | {
            "source": source,
            "id": f"{source}--{structure['id']}",
            "nom": structure["nom"].upper(),
            "date_maj": self._day().isoformat(),
        }
        twin[self._random.choice(FACTS)] = None
        return twin

    def _copy(self, service: Record, twin: Record) -> Record:
        rank = service["id"].rsplit("--", 1)[1]
        return service | {
            "source": twin["source"],
            "id": f"{twin['id']}--{rank}",
            "structure_id": twin["id"],
            "date_maj": twin["date_maj"],
        }


def write(folder: Path, services: int, form: str = "json", seed: int = 7) -> dict[str, int]:
    """Write `structures.<form>` and `services.<form>`; how many records of each.

    `form` is json, geojson, csv or parquet.
    """
    folder.mkdir(parents=True, exist_ok=True)
    records = Country(seed).records(services)
    if form == "parquet":
        return _write_parquet(folder, records)
    counts = {STRUCTURES: 0, SERVICES: 0}
    with (
        (folder / f"{STRUCTURES}.{form}").open("w", encoding="utf-8", newline="") as structures,
        (folder / f"{SERVICES}.{form}").open("w", encoding="utf-8", newline="") as services_file,
    ):
        writers = {
            STRUCTURES: WRITERS[form](structures),
            SERVICES: WRITERS[form](services_file),
        }
        for kind, record in records:
            writers[kind].add(record)
            counts[kind] += 1
        for writer in writers.values():
            writer.end()
    return counts


class JsonWriter:
    """An array, one record a line."""

    start, stop = "[\n", "\n]\n"

    def __init__(self, file: TextIO) -> None:
        self._file, self._next = file, self.start

    def add(self, record: Record) -> None:
        self._file.write(self._next + json.dumps(self.shape(record), ensure_ascii=False))
        self._next = ",\n"

    def shape(self, record: Record) -> Record:
        return record

    def end(self) -> None:
        self._file.write(self.stop)


class GeoJsonWriter(JsonWriter):
    """A collection of points; records without a position have no geometry."""

    start, stop = '{"type": "FeatureCollection", "features": [\n', "\n]}\n"

    def shape(self, record: Record) -> Record:
        point = [record["longitude"], record["latitude"]]
        properties = {k: v for k, v in record.items() if k not in ("longitude", "latitude")}
        geometry = None if None in point else {"type": "Point", "coordinates": point}
        return {"type": "Feature", "geometry": geometry, "properties": properties}


class CsvWriter:
    """Commas, lists in JSON."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._writer: csv.DictWriter[str] | None = None

    def add(self, record: Record) -> None:
        if self._writer is None:
            self._writer = csv.DictWriter(self._file, list(record))
            self._writer.writeheader()
        self._writer.writerow(
            {k: json.dumps(v) if isinstance(v, list) else v for k, v in record.items()}
        )

    def end(self) -> None:
        pass


WRITERS: dict[str, Any] = {"json": JsonWriter, "geojson": GeoJsonWriter, "csv": CsvWriter}


def _write_parquet(folder: Path, records: Iterator[tuple[str, Record]]) -> dict[str, int]:
    import pyarrow
    from pyarrow import parquet

    counts = {STRUCTURES: 0, SERVICES: 0}
    waiting: dict[str, list[Record]] = {STRUCTURES: [], SERVICES: []}
    writers: dict[str, Any] = {}

    def flush(kind: str) -> None:
        if kind not in writers:
            # The first batch tells the types; all columns are there in each record.
            schema = pyarrow.Table.from_pylist(waiting[kind]).schema
            text, texts = pyarrow.string(), pyarrow.list_(pyarrow.string())
            types = [
                text if pyarrow.types.is_null(column.type) else column.type for column in schema
            ]
            types = [texts if pyarrow.types.is_list(type_) else type_ for type_ in types]
            fields = [(column.name, type_) for column, type_ in zip(schema, types, strict=True)]
            writers[kind] = parquet.ParquetWriter(
                folder / f"{kind}.parquet", pyarrow.schema(fields)
            )
        table = pyarrow.Table.from_pylist(waiting[kind], writers[kind].schema)
        writers[kind].write_table(table)
        waiting[kind].clear()

    for kind, record in records:
        waiting[kind].append(record)
        counts[kind] += 1
        if len(waiting[kind]) >= 5_000:
            flush(kind)
    for kind, rows in waiting.items():
        if rows:
            flush(kind)
        writers[kind].close()
    return counts


def main() -> None:
    """Write the files of the command line, and print how many records they hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--form", default="json", choices=[*WRITERS, "parquet"])
    arguments = parser.parse_args()
    print(json.dumps(write(arguments.folder, arguments.services, arguments.form)))


if __name__ == "__main__":
    main()
