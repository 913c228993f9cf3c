"""Import of the directory: what the files hold replaces what the tables hold, in one transaction.

A bad record is left out, and its older version stays; a bad file changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, func, insert, inspect, select, update
from sqlalchemy.orm import Session

from actions.directory import formats
from actions.directory.database import ROOT, writing
from actions.directory.formats import OFFRES, SERVICES, STRUCTURES, Batch, Rejection, Row
from actions.directory.geography import departement_of
from actions.directory.models import (
    Base,
    Commune,
    Evenement,
    Offre,
    Service,
    ServiceThematique,
    ServiceZone,
    Structure,
    StructureReseau,
)
from actions.directory.text import simplify

SEED = ROOT / "data" / "annuaire"
COMMUNES = ROOT / "data" / "communes"
CHUNK = 500  # ids in one statement; SQLite refuses more than 32,766 values

TABLES: Mapping[str, type[Base]] = {
    "communes": Commune,
    STRUCTURES: Structure,
    SERVICES: Service,
    formats.EVENEMENTS: Evenement,
    OFFRES: Offre,
}
# For each list of a record that is searched by: its table, and the name of its column there.
LISTS: Mapping[str, Mapping[str, tuple[type[Base], str, str]]] = {
    STRUCTURES: {"reseaux_porteurs": (StructureReseau, "structure_id", "reseau")},
    SERVICES: {
        "thematiques": (ServiceThematique, "service_id", "thematique"),
        "zone_eligibilite": (ServiceZone, "service_id", "code"),
    },
}
WORKED_OUT = frozenset(
    {
        "lieu_code_insee",
        "lieu_departement",
        "lieu_latitude",
        "lieu_longitude",
        "lieu_approche",
        "a_distance",
        "nom_simple",
        "texte_simple",
    }
)


@dataclass
class Count:
    """What an import did to the records of one kind."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: list[Rejection] = field(default_factory=list)


Report = dict[str, Count]


def import_directory(engine: Engine, path: Path = SEED, communes: Path = COMMUNES) -> Report:
    """Bring the tables to what the files say; return what was done, by kind.

    Args:
        path: a folder with `structures.json`, `services.json`, `evenements.json`, `offres.json`
            (any of them) and `sources.json`, or one file of one of these kinds.
        communes: the folder of `communes.tsv` and `epci.tsv`.

    Raises:
        BadFileError: a file cannot be used; nothing was changed.
    """
    batches = {batch.kind: batch for batch in formats.read_batches(path)}
    commune_rows = formats.read_communes(communes)
    with writing(engine) as session:
        report = {"communes": _replace(session, "communes", commune_rows, keep=())}
        if SERVICES in batches:
            _reject_orphans(session, batches[SERVICES], batches.get(STRUCTURES))
        if STRUCTURES in batches:
            before = _size(session, Service)
            report[STRUCTURES] = _replace_batch(session, batches.pop(STRUCTURES))
            lost = before - _size(session, Service)  # services go with their structure
            report[SERVICES] = Count(removed=lost)
        for kind, batch in batches.items():
            count = _replace_batch(session, batch)
            count.removed += report.get(kind, Count()).removed
            report[kind] = count
        _work_out_places(session)
    return report


def format_report(report: Report) -> str:
    """The report as lines of text: one by kind, then one by rejected record."""
    lines = []
    for kind, count in report.items():
        lines.append(
            f"{kind}: {count.added} added, {count.changed} changed, {count.unchanged} unchanged, "
            f"{count.removed} removed, {len(count.rejected)} rejected"
        )
        lines.extend(f"  rejected {record.id}: {record.reason}" for record in count.rejected)
    return "\n".join(lines)


def _reject_orphans(session: Session, services: Batch, structures: Batch | None) -> None:
    """Leave out the services whose structure is not there."""
    known: Collection[str] = (
        structures.rows if structures else set(session.scalars(select(Structure.id)))
    )
    refused = {record.id for record in structures.rejected} if structures else set()
    for id_, row in list(services.rows.items()):
        structure_id = row["structure_id"]
        if structure_id not in known:
            why = "was rejected" if structure_id in refused else "is unknown"
            services.rejected.append(Rejection(id_, f"its structure {structure_id} {why}"))
            del services.rows[id_]


def _replace_batch(session: Session, batch: Batch) -> Count:
    count = _replace(session, batch.kind, batch.rows, keep={r.id for r in batch.rejected})
    count.rejected = batch.rejected
    return count


def _replace(session: Session, kind: str, rows: Mapping[str, Row], keep: Collection[str]) -> Count:
    """Add, change and remove what differs; records of `keep` stay as they are."""
    model = TABLES[kind]
    key = _key(model)
    existing = _existing(session, model)
    added = [row for id_, row in rows.items() if id_ not in existing]
    changed = [row for id_, row in rows.items() if id_ in existing and existing[id_] != row]
    removed = [id_ for id_ in existing if id_ not in rows and id_ not in keep]

    _delete(session, model, key.name, removed)
    if added:
        session.execute(insert(model), added)
    if changed:
        session.execute(update(model), changed)
    for column, (child, parent_name, name) in LISTS.get(kind, {}).items():
        _delete(session, child, parent_name, [row["id"] for row in changed])
        values = [
            {parent_name: row["id"], name: value}
            for row in (*added, *changed)
            for value in row[column] or ()
        ]
        if values:
            session.execute(insert(child), values)
    unchanged = len(rows) - len(added) - len(changed)
    return Count(len(added), len(changed), unchanged, len(removed))


def _key(model: type[Base]) -> Any:
    return inspect(model).primary_key[0]


def _size(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def _existing(session: Session, model: type[Base]) -> dict[str, Row]:
    """The rows of a table by key, without the columns that no file gives."""
    columns = [column for column in model.__table__.columns if column.name not in WORKED_OUT]
    key = _key(model).name
    return {row[key]: dict(row) for row in session.execute(select(*columns)).mappings()}


def _delete(session: Session, model: type[Base], column: str, values: Sequence[str]) -> None:
    for start in range(0, len(values), CHUNK):
        chunk = values[start : start + CHUNK]
        session.execute(delete(model).where(getattr(model, column).in_(chunk)))


def _work_out_places(session: Session) -> None:
    """Fill the columns that search reads, where they are not what they should be."""
    communes = {commune.code_insee: commune for commune in session.scalars(select(Commune))}
    services = session.execute(select(Service, Structure).join(Service.structure))
    changes = []
    for service, structure in services:
        row = _worked_out(service, structure, communes)
        if any(getattr(service, name) != value for name, value in row.items()):
            changes.append({"id": service.id, **row})
    if changes:
        session.execute(update(Service), changes)


def _worked_out(service: Service, structure: Structure, communes: Mapping[str, Commune]) -> Row:
    place = service if service.code_insee or service.adresse else structure
    code = place.code_insee
    commune = communes.get(code or "")
    exact = place.latitude is not None and place.longitude is not None
    point = place if exact else commune
    departement = commune.departement if commune else code and departement_of(code)
    return {
        "lieu_code_insee": code,
        "lieu_departement": departement,
        "lieu_latitude": point.latitude if point else None,
        "lieu_longitude": point.longitude if point else None,
        "lieu_approche": not exact,
        "a_distance": "a-distance" in (service.modes_accueil or ()),
        "nom_simple": simplify(f"{structure.nom} {service.nom}"),
        "texte_simple": simplify(service.description),
    }
