"""Where an import waits until it is whole, and the one transaction that brings it in.

Rows are written beside the directory (SQLite: a file of its own; PostgreSQL: temporary tables),
where nobody reads them. Then one transaction adds, changes and removes what differs. Whoever reads
sees the directory as it was until that transaction ends, and an import that dies before leaves
nothing: the file is emptied by the next one, the temporary tables go with their connection.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Engine,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    not_,
    null,
    or_,
    select,
    text,
    true,
    update,
)

from actions.directory import duplicates, reach
from actions.directory.database import WRITING
from actions.directory.formats import COMMUNES, EVENEMENTS, OFFRES, SERVICES, STRUCTURES, Row
from actions.directory.lock import wait_for_the_dead
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
from actions.directory.report import Count, Report

ROWS = 2_000  # written at once
SQLITE_CACHE_KB = 48_000
SORTING_CACHE_KB = 8_000
# Of the server, for this connection alone: by default PostgreSQL sorts and joins in 4 MB, and
# keeps 8 MB of temporary tables at hand.
POSTGRESQL_SETTINGS = {"temp_buffers": "64MB", "work_mem": "32MB"}

MODELS: Mapping[str, type[Base]] = {
    COMMUNES: Commune,
    STRUCTURES: Structure,
    SERVICES: Service,
    EVENEMENTS: Evenement,
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
# Worked out once the record is in the directory, beside the others.
NOT_STAGED = frozenset({"doublon_de", "complete_par"})
PLACES = frozenset(
    {"lieu_code_insee", "lieu_departement", "lieu_latitude", "lieu_longitude", "lieu_approche"}
)


@dataclass(frozen=True)
class Scope:
    """Whose records an import may remove, where its files no longer give them.

    Attributes:
        given: (origin, kind) of each file read.
        whole: the import is the whole directory: what no origin gives is removed too.
        kept: origins that could not be read: their records stay as they are.
    """

    given: frozenset[tuple[str, str]]
    whole: bool = False
    kept: frozenset[str] = frozenset()

    def removable(self, kind: str, origin: Any) -> ColumnElement[bool]:
        """Whether the records of this origin (a column) go when the files do not give them."""
        if kind == COMMUNES:
            return true()
        if self.whole:
            return not_(or_(false(), origin.in_(self.kept)))
        names = [name for name, given in self.given if given == kind]
        return or_(false(), origin.in_(names))


def table_of(kind: str) -> Table:
    """The directory's own table of a kind."""
    return MODELS[kind].metadata.tables[MODELS[kind].__tablename__]


def key_of(kind: str) -> str:
    """The name of the column that tells the records of a kind apart."""
    return "code_insee" if kind == COMMUNES else "id"


@contextmanager
def open_staging(engine: Engine) -> Iterator[Staging]:
    """Tables to fill, on a connection of their own; they are gone at the end."""
    connection = engine.connect()
    beside: Path | None = None
    try:
        if engine.dialect.name == "sqlite":
            beside = _beside(engine)
            _attach(connection, beside)
        else:
            _give_room(connection)
        yield Staging(connection)
    finally:
        connection.detach()  # it has tables that no other use of it should see
        connection.close()
        _remove(beside)


def _beside(engine: Engine) -> Path | None:
    name = engine.url.database
    return Path(f"{name}.import") if name and name != ":memory:" else None


def _attach(connection: Connection, beside: Path | None) -> None:
    _remove(beside)  # of an import that died
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101
    driver.execute("ATTACH DATABASE ? AS staging", [str(beside or ":memory:")])
    # Losing this file costs a run, nothing more.
    for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{SQLITE_CACHE_KB}"):
        driver.execute(f"PRAGMA staging.{pragma}")
    driver.execute(f"PRAGMA main.cache_size = -{SQLITE_CACHE_KB}")


def _give_room(connection: Connection) -> None:
    with connection.begin():
        for name, value in POSTGRESQL_SETTINGS.items():
            connection.execute(text(f"SET {name} = '{value}'"))


def _remove(beside: Path | None) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        if beside:
            Path(f"{beside}{suffix}").unlink(missing_ok=True)


class Staging:
    """Rows waiting, by kind, and the lists that are searched by."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._metadata = MetaData(schema="staging" if self._is_sqlite else None)
        self.tables = {kind: self._copy(kind) for kind in MODELS}
        self.lists = {
            (kind, name): self._table(
                f"import_{kind}_{name}", Column("rang", Integer), Column("valeur", String)
            )
            for kind, columns in LISTS.items()
            for name in columns
        }
        key = Column("id", String)
        self.rejected = self._table(
            "import_rejets", Column("genre", String), Column("origine", String), key
        )
        self.touched = self._table(
            "import_touches",
            Column("genre", String),
            Column("id", String),
            Column("nouveau", Boolean),
            Column("ancien_nom", String),
        )
        self.gone = self._table("import_partis", Column("genre", String), Column("id", String))
        with connection.begin():
            self._metadata.create_all(connection, checkfirst=False)
        self._waiting: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._names = {table.name: [c.name for c in table.columns] for table in self._all_tables()}
        self._in_order = {kind: itemgetter(*table.c.keys()) for kind, table in self.tables.items()}
        self._texts = {kind: _texts_of(table) for kind, table in self.tables.items()}
        self._rank = 0
        self._same_communes = False

    def _all_tables(self) -> list[Table]:
        return list(self._metadata.tables.values())

    def _copy(self, kind: str) -> Table:
        columns = [
            Column(column.name, column.type)
            for column in table_of(kind).columns
            if column.name not in NOT_STAGED | PLACES
        ]
        extra: list[Column[Any]] = [Column("rang", Integer)]
        if kind in (STRUCTURES, SERVICES):
            extra.append(Column("hors_zone", Boolean))
        return self._table(f"import_{kind}", *columns, *extra)

    def _table(self, name: str, *columns: Column[Any]) -> Table:
        prefixes = [] if self._is_sqlite else ["TEMPORARY"]
        return Table(name, self._metadata, *columns, prefixes=prefixes)

    def add_communes(self, rows: Sequence[Row], report: Report) -> None:
        """Put the communes aside, unless they are just those of the directory."""
        new = {row["code_insee"]: row["empreinte"] for row in rows}
        communes = table_of(COMMUNES)
        with self._connection.begin():
            known = self._connection.execute(select(communes.c.code_insee, communes.c.empreinte))
            self._same_communes = {code: digest for code, digest in known} == new
        if self._same_communes:
            report.of(COMMUNES).unchanged = len(rows)
            return
        for row in rows:
            self.add(COMMUNES, "", row)

    def add(self, kind: str, origin: str, row: Row, outside: bool = False) -> None:
        """Put a row aside; it is written with others."""
        self._rank += 1
        for name in LISTS.get(kind, ()):
            if row[name]:
                pairs = [(self._rank, value) for value in row[name]]
                self._put(self.lists[kind, name], pairs)
        stored = row | {"origine": origin, "rang": self._rank, "hors_zone": outside}
        for name, to_text in self._texts[kind]:
            if stored[name] is not None:
                stored[name] = to_text(stored[name])
        self._put(self.tables[kind], [self._in_order[kind](stored)])

    def reject(self, kind: str, origin: str, id_: str) -> None:
        """Remember a record that is there but cannot be read: its older version stays."""
        self._put(self.rejected, [(kind, origin, id_)])

    def _put(self, table: Table, rows: list[tuple[Any, ...]]) -> None:
        waiting = self._waiting[table.name]
        waiting += rows
        if len(waiting) >= ROWS:
            self._write(table.name, waiting)
            waiting.clear()

    def flush(self) -> None:
        """Write what waits."""
        for name, waiting in self._waiting.items():
            if waiting:
                self._write(name, waiting)
        self._waiting.clear()

    def _write(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        columns = ", ".join(self._names[name])
        settling = self._connection.in_transaction()  # more were refused than one writing holds
        with nullcontext() if settling else self._connection.begin():
            if self._is_sqlite:
                marks = ", ".join("?" * len(self._names[name]))
                self._connection.exec_driver_sql(
                    f"INSERT INTO staging.{name} ({columns}) VALUES ({marks})",  # noqa: S608
                    list(rows),
                )
                return
            driver: Any = self._connection.connection.driver_connection
            with (
                driver.cursor() as cursor,
                cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)

    def forget(self, origin: str) -> None:
        """Take back what a source gave: it turned out to be unusable."""
        self.flush()
        with self._connection.begin():
            for table in (*self.tables.values(), self.rejected):
                if "origine" in table.c:
                    self._connection.execute(delete(table).where(table.c.origine == origin))

    def sizes(self, origin: str) -> dict[str, int]:
        """How many rows of a source wait, by kind."""
        with self._connection.begin():
            return {
                kind: self._count(table, table.c.origine == origin)
                for kind, table in self.tables.items()
                if "origine" in table.c
            }

    def lost(self, origin: str, kinds: Collection[str]) -> dict[str, tuple[int, int]]:
        """By kind: how many records of this source are in the directory, and how many would go."""
        lost = {}
        with self._connection.begin():
            for kind in kinds:
                own = table_of(kind)
                mine = own.c.origine == origin
                gone = not_(exists().where(self.tables[kind].c.id == own.c.id))
                lost[kind] = (self._count(own, mine), self._count(own, and_(mine, gone)))
        return lost

    def _count(self, table: Table, *where: ColumnElement[bool]) -> int:
        return self._connection.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def settle(self, scope: Scope, report: Report) -> None:
        """Leave out ids given twice, records of elsewhere, and services without their structure."""
        self.flush()
        with self._connection.begin():
            for kind, table in self.tables.items():
                name = f"ix_import_{kind}"
                Index(name, table.c[key_of(kind)]).create(self._connection)
                if kind != COMMUNES:
                    self._reject_twice(kind, table, report)
            Index("ix_import_rejets", self.rejected.c.id).create(self._connection)
            self._analyze(*self._all_tables())
            self._leave_out(report)
            self._reject_orphans(scope, report)
        self.flush()

    def _analyze(self, *tables: Table) -> None:
        """Tell PostgreSQL how large these are; by itself it learns it too late, or never."""
        if not self._is_sqlite:
            for table in tables:
                self._connection.execute(text(f"ANALYZE {table.name}"))

    def _reject_twice(self, kind: str, table: Table, report: Report) -> None:
        first = table.alias()
        again = exists().where(first.c.id == table.c.id, first.c.rang < table.c.rang)
        for id_ in self._connection.scalars(delete(table).where(again).returning(table.c.id)):
            report.of(kind).rejected.add(id_, "this id appears twice")

    def _leave_out(self, report: Report) -> None:
        """Keep the structures of the départements, and those of services that serve them."""
        structures, services = self.tables[STRUCTURES], self.tables[SERVICES]
        # A service without a place is where its structure is.
        elsewhere = exists().where(
            structures.c.id == services.c.structure_id, structures.c.hors_zone
        )
        away = and_(services.c.hors_zone, or_(_has_place(services), elsewhere))
        found = self._connection.execute(delete(services).where(away)).rowcount
        report.of(SERVICES).outside += found
        used = exists().where(services.c.structure_id == structures.c.id)
        away = and_(structures.c.hors_zone, not_(used))
        found = self._connection.execute(delete(structures).where(away)).rowcount
        report.of(STRUCTURES).outside += found

    def _reject_orphans(self, scope: Scope, report: Report) -> None:
        structures, services = self.tables[STRUCTURES], self.tables[SERVICES]
        own = table_of(STRUCTURES)
        there = exists().where(structures.c.id == services.c.structure_id)
        stays = exists().where(
            own.c.id == services.c.structure_id, not_(self._goes(STRUCTURES, scope))
        )
        refused = exists().where(
            self.rejected.c.genre == STRUCTURES, self.rejected.c.id == services.c.structure_id
        )
        orphans = delete(services).where(not_(or_(there, stays)))
        columns = (services.c.origine, services.c.id, refused.label("refused"))
        for row in self._connection.execute(orphans.returning(*columns)).all():
            known = "was rejected" if row.refused else "is unknown"
            report.of(SERVICES).rejected.add(row.id, f"its structure {known}")
            # Rejected as any other: an older version whose structure stays may stay.
            self.reject(SERVICES, row.origine, row.id)

    def _goes(self, kind: str, scope: Scope) -> ColumnElement[bool]:
        """Whether a record of the directory is to be removed."""
        own, staged, key = table_of(kind), self.tables[kind], key_of(kind)
        goes = and_(
            scope.removable(kind, own.c.get("origine")),
            not_(exists().where(staged.c[key] == own.c[key])),
        )
        if kind == COMMUNES:
            return goes
        unread = exists().where(self.rejected.c.genre == kind, self.rejected.c.id == own.c.id)
        return and_(goes, not_(unread))

    def swap(self, scope: Scope, report: Report) -> None:
        """Bring everything in, in one transaction, and count what it changed."""
        self._connection.execution_options(**WRITING)
        with self._connection.begin():
            wait_for_the_dead(self._connection)
            order = [COMMUNES, STRUCTURES, SERVICES, EVENEMENTS, OFFRES]
            for kind in order:
                if self._is_concerned(kind, scope):
                    self._bring_in(kind, report.of(kind))
            if self._is_concerned(STRUCTURES, scope):
                self._follow_structures()
            concerned = [kind for kind in order if self._is_concerned(kind, scope)]
            self._take_out(concerned, scope, report)
            self._analyze(table_of(STRUCTURES), table_of(SERVICES), *_list_tables())
            duplicates.merge(self._connection, report)
            if report.has_changes():
                if self._is_sqlite:  # sorting takes as much memory as this cache
                    cache = f"PRAGMA main.cache_size = -{SORTING_CACHE_KB}"
                    self._connection.exec_driver_sql(cache)
                reach.fill(self._connection, date.today())
        self._tidy()

    def _tidy(self) -> None:
        """Leave the database as quick to read as if it were new."""
        driver: Any = self._connection.connection.driver_connection
        if self._is_sqlite:
            driver.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")
            return
        driver.autocommit = True
        driver.execute("VACUUM (ANALYZE) service_lieux")
        driver.autocommit = False

    def _is_concerned(self, kind: str, scope: Scope) -> bool:
        if kind == COMMUNES:
            return not self._same_communes
        return scope.whole or kind in {given for _, given in scope.given}

    def _bring_in(self, kind: str, count: Count) -> None:
        own, staged, key = table_of(kind), self.tables[kind], key_of(kind)
        old_name = own.c.nom_simple if kind == STRUCTURES else literal(None)
        differs = own.c.empreinte != staged.c.empreinte
        if "origine" in own.c:
            differs = or_(differs, own.c.origine != staged.c.origine)
        new = own.c[key].is_(None)
        rows = (
            select(literal(kind), staged.c[key], new, old_name)
            .select_from(staged.outerjoin(own, own.c[key] == staged.c[key]))
            .where(or_(new, differs))
        )
        self._connection.execute(
            insert(self.touched).from_select(["genre", "id", "nouveau", "ancien_nom"], rows)
        )
        self._analyze(self.touched)
        mine = self.touched.c.genre == kind
        count.added = self._count(self.touched, mine, self.touched.c.nouveau)
        count.changed = self._count(self.touched, mine) - count.added
        count.unchanged = self._count(staged) - count.added - count.changed
        self._write_touched(kind, own, staged)
        for name in LISTS.get(kind, {}):
            self._replace_list(kind, name)

    def _is_touched(self, kind: str, id_: ColumnElement[Any], *also: Any) -> ColumnElement[bool]:
        ids = select(self.touched.c.id).where(self.touched.c.genre == kind, *also)
        return id_.in_(ids)

    def _write_touched(self, kind: str, own: Table, staged: Table) -> None:
        key = key_of(kind)
        names = [c.name for c in staged.columns if c.name not in ("rang", "hors_zone")]
        values: dict[str, Any] = {name: staged.c[name] for name in names}
        source: Any = staged
        if kind == SERVICES:
            structures, communes = table_of(STRUCTURES), table_of(COMMUNES)
            source = staged.join(structures, structures.c.id == staged.c.structure_id).outerjoin(
                communes, communes.c.code_insee == _place_code(staged, structures)
            )
            values |= _place(staged, structures, communes)
            values["nom_simple"] = structures.c.nom_simple + " " + staged.c.nom_simple
        rows = select(*(values[name].label(name) for name in values)).select_from(source)
        new = rows.where(self._is_touched(kind, staged.c[key], self.touched.c.nouveau))
        self._connection.execute(insert(own).from_select(list(values), new))
        old = self._is_touched(kind, staged.c[key], not_(self.touched.c.nouveau))
        changed = rows.where(old).subquery()
        facts: dict[str, Any] = {name: changed.c[name] for name in values if name != key}
        if kind in (STRUCTURES, SERVICES):
            facts |= dict.fromkeys(NOT_STAGED)
        self._connection.execute(update(own).values(facts).where(own.c[key] == changed.c[key]))

    def _replace_list(self, kind: str, name: str) -> None:
        model, parent_name, value_name = LISTS[kind][name]
        child = model.metadata.tables[model.__tablename__]
        changed = self._is_touched(kind, child.c[parent_name], not_(self.touched.c.nouveau))
        self._connection.execute(delete(child).where(changed))
        staged, values = self.tables[kind], self.lists[kind, name]
        rows = (
            select(staged.c.id, values.c.valeur)
            .select_from(values.join(staged, staged.c.rang == values.c.rang))
            .where(self._is_touched(kind, staged.c.id))
        )
        self._connection.execute(insert(child).from_select([parent_name, value_name], rows))

    def _follow_structures(self) -> None:
        """Services take the name of their structure, and its place when they have none."""
        structures, services, communes = map(table_of, (STRUCTURES, SERVICES, COMMUNES))
        moved = and_(
            self.touched.c.genre == STRUCTURES,
            not_(self.touched.c.nouveau),
            self.touched.c.id == services.c.structure_id,
        )
        after_name = func.substr(services.c.nom_simple, func.length(self.touched.c.ancien_nom) + 1)
        begins = func.substr(services.c.nom_simple, 1, func.length(self.touched.c.ancien_nom))
        renamed = update(services).values(nom_simple=structures.c.nom_simple + after_name)
        self._connection.execute(
            renamed.where(
                moved,
                structures.c.id == services.c.structure_id,
                self.touched.c.ancien_nom != "",
                begins == self.touched.c.ancien_nom,
                not_(self._is_touched(SERVICES, services.c.id)),
            )
        )
        ids = select(self.touched.c.id).where(
            self.touched.c.genre == STRUCTURES, not_(self.touched.c.nouveau)
        )
        code = _place_code(services, structures)
        for found in (True, False):
            known = communes.alias()
            joined = known.c.code_insee == code if found else true()
            place = _place(services, structures, known if found else None)
            where = [
                services.c.structure_id.in_(ids),
                structures.c.id == services.c.structure_id,
                joined,
            ]
            if not found:
                where.append(or_(code.is_(None), not_(exists().where(known.c.code_insee == code))))
            self._connection.execute(update(services).values(place).where(*where))

    def _take_out(self, kinds: Collection[str], scope: Scope, report: Report) -> None:
        """Remove what the sources no longer give; services go with their structure."""
        for kind in kinds:
            self._note_gone(kind, table_of(kind), self._goes(kind, scope))
        services = table_of(SERVICES)
        homeless = services.c.structure_id.in_(self._gone(STRUCTURES))
        self._note_gone(
            SERVICES, services, and_(homeless, services.c.id.not_in(self._gone(SERVICES)))
        )
        for kind in (SERVICES, STRUCTURES, EVENEMENTS, OFFRES, COMMUNES):
            for model, parent_name, _ in LISTS.get(kind, {}).values():
                child = model.metadata.tables[model.__tablename__]
                orphans = child.c[parent_name].in_(self._gone(kind))
                self._connection.execute(delete(child).where(orphans))
            own = table_of(kind)
            removed = delete(own).where(own.c[key_of(kind)].in_(self._gone(kind)))
            report.of(kind).removed += self._connection.execute(removed).rowcount

    def _note_gone(self, kind: str, own: Table, goes: ColumnElement[bool]) -> None:
        rows = select(literal(kind), own.c[key_of(kind)]).where(goes)
        self._connection.execute(insert(self.gone).from_select(["genre", "id"], rows))

    def _gone(self, kind: str) -> Select[tuple[str]]:
        return select(self.gone.c.id).where(self.gone.c.genre == kind)


def _list_tables() -> list[Table]:
    models = [model for columns in LISTS.values() for model, _, _ in columns.values()]
    return [model.metadata.tables[model.__tablename__] for model in models]


def _texts_of(table: Table) -> list[tuple[str, Callable[[Any], str]]]:
    """The columns that both databases take as text: lists in JSON, days and moments in ISO form."""
    ways: dict[type[Any], Callable[[Any], str]] = {
        JSON: lambda values: _as_json(tuple(values)),
        Date: date.isoformat,
        DateTime: lambda moment: moment.isoformat(" ", "microseconds"),
    }
    return [(c.name, ways[type(c.type)]) for c in table.columns if type(c.type) in ways]


@lru_cache(maxsize=10_000)
def _as_json(values: tuple[str, ...]) -> str:
    """A list as JSON; thousands of records share a few."""
    return json.dumps(values)


def _has_place(service: Any) -> ColumnElement[bool]:
    return or_(service.c.code_insee.is_not(None), service.c.adresse.is_not(None))


def _place_code(service: Any, structure: Any) -> ColumnElement[Any]:
    return case((_has_place(service), service.c.code_insee), else_=structure.c.code_insee)


def _place(service: Any, structure: Any, commune: Any | None) -> dict[str, ColumnElement[Any]]:
    """Where a service is given: at its own place, or at its structure's; else in its commune."""
    code = _place_code(service, structure)

    def of_place(name: str) -> ColumnElement[Any]:
        return case((_has_place(service), service.c[name]), else_=structure.c[name])

    latitude, longitude = of_place("latitude"), of_place("longitude")
    exact = and_(latitude.is_not(None), longitude.is_not(None))
    own_departement = case(
        (code.like("97%"), func.substr(code, 1, 3)),
        (code.like("98%"), func.substr(code, 1, 3)),
        else_=func.substr(code, 1, 2),
    )
    latitude_of_commune = commune.c.latitude if commune is not None else null()
    longitude_of_commune = commune.c.longitude if commune is not None else null()
    departement: ColumnElement[Any] = own_departement
    if commune is not None:
        departement = func.coalesce(commune.c.departement, own_departement)
    return {
        "lieu_code_insee": code,
        "lieu_departement": departement,
        "lieu_latitude": case((exact, latitude), else_=latitude_of_commune),
        "lieu_longitude": case((exact, longitude), else_=longitude_of_commune),
        "lieu_approche": not_(exact),
    }
