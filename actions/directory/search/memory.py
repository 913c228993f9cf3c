"""What a search has found, remembered until someone writes to the directory."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.orm import Session

MOST = 300  # results of one connection, about fifty kilobytes each; then all are forgotten

# One number or text that is another one as soon as a transaction has written.
STATE = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT pg_current_snapshot()",
}

Found = TypeVar("Found")


def remembered(session: Session, key: Hashable, find: Callable[[], Found]) -> Found:
    """What `find` gives for this key, computed again once the directory has changed.

    Each connection has its own memory: only one thread uses it at a time, and SQLite counts
    the changes as a connection sees them.
    """
    connection = session.connection()
    state = _state(connection)
    known_state, known = connection.info.get("remembered", (None, {}))
    if known_state != state or len(known) >= MOST:
        known = {}
        connection.info["remembered"] = (state, known)
    if key not in known:
        known[key] = find()
    return cast(Found, known[key])


def _state(connection: Connection) -> Hashable:
    seen = connection.exec_driver_sql(STATE[connection.dialect.name]).scalar_one()
    own_changes = getattr(connection.connection.dbapi_connection, "total_changes", 0)
    return str(seen), own_changes
