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
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, bindparam, func, or_, select, update

from actions.directory.geography import distance_km
from actions.directory.models import Service, Structure
from actions.directory.report import EXAMPLES, Count, Report
from actions.directory.text import simplify

SAME_PLACE_KM = 0.15
AS_FRESH_DAYS = 365
SAME_SIRET, SAME_NAME = "same SIRET at the same place", "same name and address"
SAME_SERVICE = "same service at the same place"
# What may come from another source; a position may not: it would move the place.
FACTS = {
    "structures": ("telephone", "courriel", "site_web", "horaires_accueil", "accessibilite_lieu"),
    "services": ("telephone", "courriel", "horaires_accueil", "lien_mobilisation"),
}

Record = Row[Any]
Pairs = dict[str, str]  # id of a record -> id of the one shown instead


def merge(connection: Connection, report: Report) -> None:
    """Find the duplicates of the whole directory, and mark them, in the caller's transaction."""
    structures, services = _table(Structure), _table(Service)
    groups = _structure_groups(connection, structures)
    clusters = _clusters(groups)
    reasons = {record.id: reason for reason, group in groups for record in group}
    _mark(connection, structures, clusters, report.of("structures"), lambda id_: reasons[id_])
    same = list(_service_clusters(connection, services, structures))
    _mark(connection, services, same, report.of("services"), lambda _: SAME_SERVICE)


def _table(model: type[Structure] | type[Service]) -> Table:
    return model.metadata.tables[model.__tablename__]


def _structure_groups(connection: Connection, structures: Table) -> list[tuple[str, list[Record]]]:
    """Groups of structures that may be one, with the reason; at most one by source in each."""
    c = structures.c
    groups: list[tuple[str, list[Record]]] = []
    by_siret = _shared(connection, structures, (c.siret, c.code_insee), c.siret.is_not(None))
    for group in by_siret:
        groups.extend((SAME_SIRET, part) for part in _by_place(group))
    named = and_(c.adresse_simple != "", c.nom_simple != "", c.code_insee.is_not(None))
    keys = (c.code_insee, c.nom_simple, c.adresse_simple)
    groups.extend((SAME_NAME, group) for group in _shared(connection, structures, keys, named))
    return groups


def _shared(
    connection: Connection, table: Table, keys: Sequence[Any], where: Any
) -> Iterator[list[Record]]:
    """Records of several sources with the same keys, the best of each source."""
    several = (
        select(*keys).where(where).group_by(*keys).having(func.count(table.c.source.distinct()) > 1)
    ).subquery()
    joined = table.join(several, and_(*(key == several.c[key.name] for key in keys)))
    rows = select(*_columns(table)).select_from(joined).where(where)
    groups: dict[Hashable, list[Record]] = defaultdict(list)
    for row in connection.execute(rows):
        groups[tuple(getattr(row, key.name) for key in keys)].append(row)
    for group in groups.values():
        yield _one_by_source(group, "structures")


def _columns(table: Table) -> list[Any]:
    names = {"id", "source", "nom", "date_maj", "date_inconnue", "latitude", "longitude"}
    names |= {"code_insee", "adresse", "siret", "nom_simple", "adresse_simple", "structure_id"}
    names |= {"lieu_code_insee", "doublon_de", "complete_par", *FACTS[table.name]}
    return [column for column in table.columns if column.name in names]


def _merit(record: Record, kind: str) -> tuple[Any, ...]:
    """Sorts the best first: the freshest, then the most complete, then by id."""
    borrowed = record.complete_par or {}
    known = sum(1 for name in FACTS[kind] if getattr(record, name) and name not in borrowed)
    day = 0 if record.date_inconnue else record.date_maj.toordinal()
    return (-day, -known, record.id)


def _one_by_source(group: Iterable[Record], kind: str) -> list[Record]:
    best: dict[str, Record] = {}
    for record in sorted(group, key=lambda record: _merit(record, kind)):
        best.setdefault(record.source, record)
    return list(best.values())


def _by_place(group: Sequence[Record]) -> Iterator[list[Record]]:
    """Parts of a group that are at one place: a SIRET may have several doors."""
    left = list(group)
    while left:
        first, *others = left
        here = [record for record in others if _same_place(first, record)]
        if here:
            yield [first, *here]
        left = [record for record in others if record not in here]


def _same_place(one: Record, other: Record) -> bool:
    if one.adresse_simple and one.adresse_simple == other.adresse_simple:
        return True
    distance = distance_km(one.latitude, one.longitude, other.latitude, other.longitude)
    if distance is not None:
        return distance <= SAME_PLACE_KM
    return not (one.adresse_simple and other.adresse_simple)


def _clusters(groups: Sequence[tuple[str, Sequence[Record]]]) -> list[list[Record]]:
    """Groups that share a record, joined; the record shown comes first in each."""
    root: dict[str, str] = {}

    def find(id_: str) -> str:
        while root.setdefault(id_, id_) != id_:
            root[id_] = root[root[id_]]
            id_ = root[id_]
        return id_

    records: dict[str, Record] = {}
    for _, group in groups:
        for record in group:
            records[record.id] = record
            root[find(record.id)] = find(group[0].id)
    joined: dict[str, list[Record]] = defaultdict(list)
    for id_, record in records.items():
        joined[find(id_)].append(record)
    single = (_one_by_source(cluster, "structures") for cluster in joined.values())
    return [cluster for cluster in single if len(cluster) > 1]


def _service_clusters(
    connection: Connection, services: Table, structures: Table
) -> Iterator[list[Record]]:
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
    for _, offered in groupby(connection.execute(query), key=lambda row: row.lieu):
        groups: dict[Hashable, list[Record]] = defaultdict(list)
        for row in offered:
            place = simplify(row.adresse or row.adresse_structure or "")
            groups[simplify(row.nom), row.lieu_code_insee, place].append(row)
        for group in groups.values():
            cluster = _one_by_source(group, "services")
            if len(cluster) > 1:
                yield cluster


def _mark(
    connection: Connection,
    table: Table,
    clusters: Sequence[Sequence[Record]],
    count: Count,
    reason_of: Callable[[str], str],
) -> None:
    """Write what is merged, where it is not written yet."""
    shown = {record.id: cluster[0].id for cluster in clusters for record in cluster[1:]}
    for id_, first in shown.items():
        reason = reason_of(id_)
        count.merged[reason] += 1
        examples = count.merged_examples.setdefault(reason, [])
        if len(examples) < EXAMPLES:
            examples.append(f"{id_} is shown as {first}")
    marked = select(table.c.id, table.c.doublon_de).where(table.c.doublon_de.is_not(None))
    before = {id_: first for id_, first in connection.execute(marked)}
    changes = [
        {"key": id_, "first": shown.get(id_)}
        for id_ in before.keys() | shown.keys()
        if before.get(id_) != shown.get(id_)
    ]
    if changes:
        statement = update(table).where(table.c.id == bindparam("key"))
        connection.execute(statement.values(doublon_de=bindparam("first")), changes)
    _complete(connection, table, clusters)


def _complete(connection: Connection, table: Table, clusters: Sequence[Sequence[Record]]) -> None:
    """Give the records shown the facts they lack, and take back those that no longer hold."""
    facts = FACTS[table.name]
    wanted = {cluster[0].id: _lent(cluster, facts) for cluster in clusters}
    completed = select(*_columns(table)).where(table.c.complete_par.is_not(None))
    before = {row.id: row for row in connection.execute(completed)}
    changes = []
    for id_ in before.keys() | {id_ for id_, lent in wanted.items() if lent}:
        lent, row = wanted.get(id_, {}), before.get(id_)
        values = {name: value for name, (value, _) in lent.items()}
        by = {name: lender for name, (_, lender) in lent.items()}
        old = {} if row is None else {name: getattr(row, name) for name in row.complete_par}
        if row is None or old != values or row.complete_par != by:
            gone: dict[str, Any] = dict.fromkeys(old)
            changes.append((id_, gone | values | {"complete_par": by or None}))
    for id_, new in changes:
        connection.execute(update(table).where(table.c.id == id_).values(new))


def _lent(cluster: Sequence[Record], facts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """For each fact that the first record lacks of itself: its value, and who gives it."""
    first = cluster[0]
    borrowed = first.complete_par or {}
    lent = {}
    for name in facts:
        if getattr(first, name) and name not in borrowed:
            continue
        for other in cluster[1:]:
            own = name not in (other.complete_par or {})
            if own and getattr(other, name) and _as_fresh(first, other):
                lent[name] = (getattr(other, name), other.id)
                break
    return lent


def _as_fresh(one: Record, other: Record) -> bool:
    if one.date_inconnue or other.date_inconnue:
        return False
    return bool(abs((one.date_maj - other.date_maj).days) <= AS_FRESH_DAYS)
