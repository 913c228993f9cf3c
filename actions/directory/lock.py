"""One import at a time: a lock that dies with its process, so that none is ever left behind."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text

LOCK_NUMBER = 0x4A41_4C4F_4E  # « JALON », among PostgreSQL's advisory locks of this database

SWAP_NUMBER = LOCK_NUMBER + 1


class ImportRunningError(Exception):
    """Another import is running on this directory."""


@contextmanager
def one_import(engine: Engine) -> Iterator[None]:
    """Hold the right to write the directory.

    Raises:
        ImportRunningError: another process holds it; the message says which.
    """
    if engine.dialect.name == "postgresql":
        with _postgresql_lock(engine):
            yield
    elif engine.url.database and engine.url.database != ":memory:":
        with _file_lock(Path(f"{engine.url.database}.import.lock")):
            yield
    else:
        yield


def wait_for_the_dead(connection: Connection) -> None:
    """Wait until the transaction of an import that was killed is over, in the caller's transaction.

    PostgreSQL ends the statement that a client left behind before it sees that nobody listens,
    while the lock of that import is already free. SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": SWAP_NUMBER})


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    # The file stays: removing it would let two processes lock two files of the same name.
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise _running(file.read(20).strip()) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


@contextmanager
def _postgresql_lock(engine: Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        number = {"number": LOCK_NUMBER}
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), number):
            raise _running("")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), number)


def _running(process: str) -> ImportRunningError:
    which = f" (process {process})" if process.isdigit() else ""
    return ImportRunningError(f"another import is running{which}: wait for its end")
