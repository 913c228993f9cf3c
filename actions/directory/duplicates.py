"""Records of several sources that tell of one place or one service: one of them is shown.

Two structures of different sources are one when they have the same SIRET at the same place, or the
same name and address in the same commune. Two services of different sources are one when they have
the same name, at the same address of such a structure. Within one source nothing is merged: its
producer knows better.

The record shown is the freshest. Facts it lacks come from the others if they are about as fresh.
No record is removed: what is merged here comes apart as soon as the sources differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import batched, groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    update,
)

from actions.directory.database import one_of
from actions.directory.geography import distance_km
from actions.directory.models import Service, Structure
from actions.directory.report import EXAMPLES, Count, Report
from actions.directory.text import simplify

SAME_PLACE_KM = 0.15
AS_FRESH_DAYS = 365
SAME_SIRET, SAME_NAME = "same SIRET at the same place", "same name and address"
SAME_SERVICE = "same service at the same place"
ROWS, CLUSTERS = 1_000, 500  # read at once: a country has hundreds of thousands of duplicates
# What may come from another source; a position may not: it would move the place.
FACTS = {
    "structures": ("telephone", "courriel", "site_web", "horaires_accueil", "accessibilite_lieu"),
    "services": ("telephone", "courriel", "horaires_accueil", "lien_mobilisation"),
}

Record = Row[Any]


class Member(NamedTuple):
    """What is kept of a record among its duplicates; sorted, the best comes first."""

    merit: tuple[int, int]
    id: str
    source: str
    reason: str


Cluster = list[Member]  # of different sources; the first is shown


def merge(connection: Connection, report: Report) -> None:
    """Find the duplicates of the whole directory, and mark them, in the caller's transaction."""
    structures, services = _table(Structure), _table(Service)
    same_place = _clusters(_structure_groups(connection, structures))
    _mark(connection, structures, same_place, report.of("structures"))
    same_service = list(_service_clusters(connection, services, structures))
    _mark(connection, services, same_service, report.of("services"))


def _table(model: type[Structure] | type[Service]) -> Table:
    return model.metadata.tables[model.__tablename__]


def _rows(connection: Connection, query: Select[Any]) -> Iterator[Record]:
    """The rows of a query, a few at a time."""
    return iter(connection.execute(query, execution_options={"yield_per": ROWS}))


def _structure_groups(connection: Connection, structures: Table) -> Iterator[Cluster]:
    """Structures that are one for one reason, at most one by source."""
    c = structures.c
    by_siret = _shared(connection, structures, (c.siret, c.code_insee), c.siret.is_not(None))
    for rows in by_siret:
        for part in _by_place(rows):
            yield _one_by_source(_members(part, "structures", SAME_SIRET))
    named = and_(c.adresse_simple != "", c.nom_simple != "", c.code_insee.is_not(None))
    keys = (c.code_insee, c.nom_simple, c.adresse_simple)
    for rows in _shared(connection, structures, keys, named):
        yield _one_by_source(_members(rows, "structures", SAME_NAME))


def _shared(
    connection: Connection, table: Table, keys: Sequence[Any], where: Any
) -> Iterator[list[Record]]:
    """Records that have the same keys as one of another source."""
    several = select(*keys).where(where).group_by(*keys)
    several = several.having(func.count(table.c.source.distinct()) > 1)
    same_keys = tuple_(*keys).in_(several)
    query = select(*_columns(table)).where(where, same_keys).order_by(*keys)
    names = [key.name for key in keys]
    same = groupby(_rows(connection, query), lambda row: [getattr(row, name) for name in names])
    for _, rows in same:
        yield list(rows)


def _columns(table: Table) -> list[Any]:
    names = {"id", "source", "nom", "date_maj", "date_inconnue", "latitude", "longitude"}
    names |= {"code_insee", "adresse", "siret", "nom_simple", "adresse_simple", "structure_id"}
    names |= {"lieu_code_insee", "doublon_de", "complete_par", *FACTS[table.name]}
    return [column for column in table.columns if column.name in names]


def _members(rows: Iterable[Record], kind: str, reason: str) -> Iterator[Member]:
    return (Member(_merit(row, kind), row.id, row.source, reason) for row in rows)


def _merit(record: Record, kind: str) -> tuple[int, int]:
    """Sorts the best first: the freshest, then the most complete."""
    borrowed = record.complete_par or {}
    known = sum(1 for name in FACTS[kind] if getattr(record, name) and name not in borrowed)
    day = 0 if record.date_inconnue else record.date_maj.toordinal()
    return (-day, -known)


def _one_by_source(group: Iterable[Member]) -> Cluster:
    best: dict[str, Member] = {}
    for member in sorted(group):
        best.setdefault(member.source, member)
    return list(best.values())


def _by_place(group: Iterable[Record]) -> Iterator[list[Record]]:
    """Parts of a group that are at one place: a SIRET may have several doors."""
    left = sorted(group, key=lambda record: (_merit(record, "structures"), record.id))
    while left:
        first, *others = left
        here = [record for record in others if _same_place(first, record)]
        yield [first, *here]
        left = [record for record in others if record not in here]


def _same_place(one: Record, other: Record) -> bool:
    if one.adresse_simple and one.adresse_simple == other.adresse_simple:
        return True
    distance = distance_km(one.latitude, one.longitude, other.latitude, other.longitude)
    if distance is not None:
        return distance <= SAME_PLACE_KM
    return not (one.adresse_simple and other.adresse_simple)


def _clusters(groups: Iterable[Cluster]) -> list[Cluster]:
    """Groups that share a record, joined."""
    root: dict[str, str] = {}

    def find(id_: str) -> str:
        while root.setdefault(id_, id_) != id_:
            root[id_] = root[root[id_]]
            id_ = root[id_]
        return id_

    members: dict[str, Member] = {}
    for group in groups:
        if len(group) > 1:
            for member in group:
                members[member.id] = member
                root[find(member.id)] = find(group[0].id)
    joined: dict[str, list[Member]] = defaultdict(list)
    for id_, member in members.items():
        joined[find(id_)].append(member)
    return [_one_by_source(cluster) for cluster in joined.values()]


def _service_clusters(
    connection: Connection, services: Table, structures: Table
) -> Iterator[Cluster]:
    """Services that are one, of structures that are one (as they have just been marked)."""
    shown = func.coalesce(structures.c.doublon_de, structures.c.id).label("lieu")
    shown_ids = select(structures.c.doublon_de).where(structures.c.doublon_de.is_not(None))
    merged = or_(structures.c.doublon_de.is_not(None), structures.c.id.in_(shown_ids))
    columns = [*_columns(services), structures.c.adresse.label("adresse_structure"), shown]
    query = (
        select(*columns)
        .select_from(services.join(structures, structures.c.id == services.c.structure_id))
        .where(merged)
        .order_by(shown)
    )
    for _, offered in groupby(_rows(connection, query), key=lambda row: row.lieu):
        groups: dict[Hashable, list[Record]] = defaultdict(list)
        for row in offered:
            place = simplify(row.adresse or row.adresse_structure or "")
            groups[simplify(row.nom), row.lieu_code_insee, place].append(row)
        for group in groups.values():
            cluster = _one_by_source(_members(group, "services", SAME_SERVICE))
            if len(cluster) > 1:
                yield cluster


def _mark(connection: Connection, table: Table, clusters: Sequence[Cluster], count: Count) -> None:
    """Write what is merged, where it is not written yet."""
    shown = {}
    for first, *others in clusters:
        for member in others:
            shown[member.id] = first.id
            count.merged[member.reason] += 1
            examples = count.merged_examples.setdefault(member.reason, [])
            if len(examples) < EXAMPLES:
                examples.append(f"{member.id} is shown as {first.id}")
    marked = select(table.c.id, table.c.doublon_de).where(table.c.doublon_de.is_not(None))
    before = {id_: first for id_, first in connection.execute(marked)}
    changed = (id_ for id_ in before.keys() | shown.keys() if before.get(id_) != shown.get(id_))
    statement = update(table).where(table.c.id == bindparam("key"))
    statement = statement.values(doublon_de=bindparam("first"))
    for ids in batched(changed, ROWS):
        changes = [{"key": id_, "first": shown.get(id_)} for id_ in ids]
        connection.execute(statement, changes)
    _complete(connection, table, clusters)


def _complete(connection: Connection, table: Table, clusters: Sequence[Cluster]) -> None:
    """Give the records shown the facts they lack, and take back those that no longer hold."""
    members = select(*_columns(table)).where(one_of(table.c.id, "ids"))
    for some in batched(clusters, CLUSTERS):
        ids = [member.id for cluster in some for member in cluster]
        rows = {row.id: row for row in connection.execute(members, {"ids": ids})}
        for cluster in some:
            first, *others = (rows[member.id] for member in cluster)
            _lend(connection, table, first, _lent(first, others, FACTS[table.name]))
    firsts = {cluster[0].id for cluster in clusters}
    completed = select(*_columns(table)).where(table.c.complete_par.is_not(None))
    alone = [row for row in _rows(connection, completed) if row.id not in firsts]
    for row in alone:
        _lend(connection, table, row, {})


def _lend(
    connection: Connection, table: Table, record: Record, lent: dict[str, tuple[str, str]]
) -> None:
    """Write what is lent to a record, where it is not what it has already."""
    values = {name: value for name, (value, _) in lent.items()}
    by = {name: lender for name, (_, lender) in lent.items()}
    old = {name: getattr(record, name) for name in record.complete_par or ()}
    if old != values or (record.complete_par or {}) != by:
        new: dict[str, Any] = dict.fromkeys(old) | values | {"complete_par": by or None}
        connection.execute(update(table).where(table.c.id == record.id).values(new))


def _lent(
    first: Record, others: Sequence[Record], facts: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """For each fact that the first record lacks of itself: its value, and who gives it."""
    borrowed = first.complete_par or {}
    lent = {}
    for name in facts:
        if getattr(first, name) and name not in borrowed:
            continue
        for other in others:
            own = name not in (other.complete_par or {})
            if own and getattr(other, name) and _as_fresh(first, other):
                lent[name] = (getattr(other, name), other.id)
                break
    return lent


def _as_fresh(one: Record, other: Record) -> bool:
    if one.date_inconnue or other.date_inconnue:
        return False
    return bool(abs((one.date_maj - other.date_maj).days) <= AS_FRESH_DAYS)
