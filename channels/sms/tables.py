"""The tables of SMS, and their engine.

They are ours alone (`sms_…`), on an embedded SQLite file or on PostgreSQL; no row but the
suppression list lives long, so they have no migrations: they are created when missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import (
    Engine,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SQLITE_WAIT_MS = 10_000

# States of an answer. WRITING: in the response of a webhook. SENDING: given to the provider's API.
DUE, WRITING, SENDING, SENT, DELIVERED, FAILED = (
    "due",
    "writing",
    "sending",
    "sent",
    "delivered",
    "failed",
)
UNSENT = (DUE, WRITING, SENDING)
NOBODY = ""  # in place of a pseudonym


class Base(DeclarativeBase):
    """Our tables."""

    metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})


class SmsIn(Base):
    """An SMS received; its number and text are there until it is answered."""

    __tablename__ = "sms_in"
    __table_args__ = (
        UniqueConstraint("provider", "message_id", name="uq_sms_in_message"),
        Index(None, "person", "answered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    message_id: Mapped[str] = mapped_column(String(128))
    person: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # number, text, reply_from
    received_at: Mapped[float] = mapped_column(index=True)
    answered: Mapped[bool] = mapped_column(default=False)
    # The answer that a repetition of this SMS may be given.
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("sms_out.id", ondelete="SET NULL"))


class SmsOut(Base):
    """An answer; its number and text are there until the provider has it."""

    __tablename__ = "sms_out"
    __table_args__ = (
        Index(None, "state", "next_at"),
        Index(None, "person", "state"),
        {"sqlite_autoincrement": True},  # a gateway knows an SMS by its id: never given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    person: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # number, text, reply_from
    state: Mapped[str] = mapped_column(String(10))
    urgent: Mapped[bool] = mapped_column(default=False)
    by_day: Mapped[bool] = mapped_column(default=False)  # nobody waits for it: never at night
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[float] = mapped_column(default=0.0)
    started_at: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[float] = mapped_column(index=True)
    reference: Mapped[str | None] = mapped_column(String(128), index=True)


class SmsPerson(Base):
    """What was shown last to a person, so that « 2 » and « SUITE » mean something."""

    __tablename__ = "sms_person"

    person: Mapped[str] = mapped_column(String(40), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    seen_at: Mapped[float] = mapped_column(index=True)


class SmsSuppressed(Base):
    """Numbers (as pseudonyms) that asked for silence."""

    __tablename__ = "sms_suppressed"

    person: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[float]


class SmsConsent(Base):
    """That somebody asked, on the web, for one SMS to this number (as a pseudonym)."""

    __tablename__ = "sms_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(40), index=True)
    at: Mapped[float]


class SmsCode(Base):
    """What a code stands for; its name is an HMAC, so that the table gives no code."""

    __tablename__ = "sms_code"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[float] = mapped_column(index=True)


def create_store_engine(url: str) -> Engine:
    """An engine for this address; a SQLite file's folder is made."""
    scheme, separator, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"}:
        scheme = "postgresql+psycopg"
    target = make_url(f"{scheme}{separator}{rest}")
    # Errors must not quote parameters in a log.
    engine = create_engine(target, pool_pre_ping=True, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        if target.database and target.database != ":memory:":
            Path(target.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # an acknowledged SMS survives a power cut
    # The log is folded into the file by `Store.tidy`, beside the writer, so that no SMS waits.
    cursor.execute("PRAGMA wal_autocheckpoint = 0")
    cursor.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT_MS}")
    cursor.close()
