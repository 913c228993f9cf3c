"""Connection to the directory: an embedded SQLite file, or PostgreSQL by `DATABASE_URL`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Text,
    bindparam,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_FILE = ROOT / "var" / "annuaire.sqlite"
SQLITE_WAIT_MS = 10_000
# Options of a connection whose transactions on SQLite take the right to write as they begin.
WRITING = {"sqlite_begin": "BEGIN IMMEDIATE"}


def database_url() -> str:
    """The address of the directory: `DATABASE_URL`, or the embedded file."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{DEFAULT_FILE}"


def _with_driver(url: str) -> str:
    """The same address, read by psycopg 3 where it says `postgresql://` alone."""
    scheme, separator, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"}:
        scheme = "postgresql+psycopg"
    return f"{scheme}{separator}{rest}"


def create_directory_engine(url: str | None = None) -> Engine:
    """An engine for this address, `database_url()` by default; a SQLite file's folder is made."""
    target = make_url(_with_driver(url or database_url()))
    engine = create_engine(target, pool_pre_ping=True, json_deserializer=_read_json)
    if engine.dialect.name == "sqlite":
        if target.database and target.database != ":memory:":
            Path(target.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@lru_cache(maxsize=10_000)
def _read_json(text: str) -> Any:
    """The list that a column holds; hundreds of records share a few, which nobody changes."""
    return json.loads(text)


def session_factory(engine: Engine | None = None) -> sessionmaker[Session]:
    """A maker of sessions; records stay readable after their session."""
    return sessionmaker(engine or create_directory_engine(), expire_on_commit=False)


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session in one transaction: all is kept at the end, or nothing after an error."""
    with Session(one_writer(engine), expire_on_commit=False) as session, session.begin():
        yield session


def one_writer(engine: Engine) -> Engine:
    """The same engine, whose transactions on SQLite wait for their turn to write at once."""
    return engine.execution_options(**WRITING)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver would start transactions by itself, too late and not for DDL: see _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT_MS}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


def one_of(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str
) -> ColumnElement[bool]:
    """True where the column is one of the texts of the list given under this name.

    `in_` makes a parameter of each: for three hundred, that takes ten times as long as the search
    itself, and each number of them is another statement to prepare.
    """
    return _OneOf(column, bindparam(name, type_=_Texts()))


class _Texts(TypeDecorator[Sequence[str]]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Text()))

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        texts = list(value or ())
        return json.dumps(texts) if dialect.name == "sqlite" else texts


class _OneOf(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> _OneOf:
        return self  # SQLite would be asked for « … = 1 », which no index answers


@compiles(_OneOf)
def _in_array(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, texts = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({texts})"


@compiles(_OneOf, "sqlite")
def _in_json(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, texts = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608
