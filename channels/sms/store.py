"""What must outlive a crash: the SMS received and not answered, the answers not yet sent.

Numbers and texts are encrypted, and erased as soon as they have served, after 24 hours at most.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Engine,
    Exists,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from channels.sms.night import is_night
from channels.sms.privacy import Vault
from channels.sms.provider import Inbound, Outgoing, Receipt
from channels.sms.tables import (
    DELIVERED,
    DUE,
    FAILED,
    NOBODY,
    SENDING,
    SENT,
    UNSENT,
    WRITING,
    Base,
    SmsCode,
    SmsConsent,
    SmsIn,
    SmsOut,
    SmsPerson,
    SmsSuppressed,
)
from channels.sms.transactions import Transactions

T = TypeVar("T")

logger = logging.getLogger(__name__)

PURGE_EVERY = 600.0  # seconds
# Seconds after which numbers, texts and what was shown are erased: 24 hours with the purge.
KEPT = 24 * 3600 - PURGE_EVERY
REMEMBERED = 48 * 3600  # seconds: names of the SMS already received, against repetitions
CODES = 7 * 24 * 3600  # seconds during which a code is good
ASKED_FOR = 3 * 3600  # seconds during which a receipt is asked for


@dataclass(frozen=True)
class Waiting:
    """An SMS that waits for its answer."""

    id: int
    provider: str
    received_at: float
    inbound: Inbound


@dataclass(frozen=True)
class Answer:
    """What a turn produced: nothing (None) or one SMS, and what to remember of the person."""

    text: str | None
    memory: dict[str, Any] | None = None  # None: as before
    urgent: bool = False
    erase: bool = False  # everything about this person; the names of SMS stay, nobody's
    suppress: bool | None = None  # on or off the suppression list; None: as before


@dataclass(frozen=True)
class Known:
    """What is known of a person.

    Args:
        memory: what was shown; empty at first, and after 24 hours of silence.
        suppressed: whether they asked for silence.
    """

    memory: dict[str, Any]
    suppressed: bool


@dataclass(frozen=True)
class Received:
    """How an SMS was received: `alone` when nothing else is pending for this person."""

    id: int
    is_new: bool
    alone: bool


class Store:
    """The six tables. Every method is one transaction, run outside the event loop, in order."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault
        self._transactions = Transactions(engine)

    async def open(self) -> None:
        """Create the missing tables; drop what another secret sealed, that nobody can read."""
        await self._run(lambda session: Base.metadata.create_all(session.connection()))
        await self._run(self._drop_unreadable)

    async def close(self) -> None:
        """Let the transactions under way end."""
        await self._transactions.close()

    # Receiving

    async def receive(self, provider: str, person: str, inbound: Inbound) -> Received:
        """Store an SMS, once for a given name of it."""
        row = SmsIn(
            provider=provider,
            message_id=inbound.message_id,
            person=person,
            sealed=self._seal(inbound),
            received_at=time.time(),
        )
        try:
            return await self._transactions.run(lambda session: _receive(session, row), first=True)
        except IntegrityError:
            return await self._run(lambda session: _received_before(session, provider, inbound))

    async def waiting_people(self) -> list[str]:
        """Everyone who waits for an answer, longest first."""
        query = (
            select(SmsIn.person)
            .where(~SmsIn.answered)
            .group_by(SmsIn.person)
            .order_by(func.min(SmsIn.id))
        )
        return await self._run(lambda session: list(session.scalars(query)))

    async def waiting(self, person: str, limit: int) -> list[Waiting]:
        """What a person wrote and got no answer to, in order."""
        query = (
            select(SmsIn)
            .where(SmsIn.person == person, ~SmsIn.answered)
            .order_by(SmsIn.id)
            .limit(limit)
        )
        rows = await self._run(lambda session: list(session.scalars(query)))
        return [
            Waiting(row.id, row.provider, row.received_at, self._inbound(row))
            for row in rows
            if row.sealed
        ]

    async def known(self, person: str) -> Known:
        """What is known of a person before a turn."""

        def read(session: Session) -> tuple[SmsPerson | None, bool]:
            suppressed = session.get(SmsSuppressed, person) is not None
            return session.get(SmsPerson, person), suppressed

        row, suppressed = await self._run(read)
        if row is None or row.seen_at < time.time() - KEPT:
            return Known({}, suppressed)
        return Known(self._vault.open(row.sealed), suppressed)

    # Answering

    async def answer(
        self,
        person: str,
        group: list[Waiting],
        answer: Answer,
        state: str,
        carrier: int | None = None,
    ) -> Outgoing | None:
        """Note that these SMS are answered, and how: all of it, or nothing after a crash.

        Args:
            state: of the answer (`tables.py`).
            carrier: when WRITING, the SMS whose webhook's response carries the answer.
        """
        last = group[-1]
        sealed = self._vault.seal([last.inbound.number, answer.text, last.inbound.reply_from])
        memory = None if answer.memory is None else self._vault.seal(answer.memory)
        row = SmsOut(
            provider=last.provider,
            person=person,
            sealed=sealed,
            state=state,
            urgent=answer.urgent,
            started_at=time.time() if state == WRITING else 0.0,
            created_at=time.time(),
        )
        ids = [waiting.id for waiting in group]

        def note(session: Session) -> None:
            _note_person(session, person, answer, memory)
            if answer.text is not None:
                session.add(row)
                session.flush()
            values = {"answered": True, "sealed": None, "answer_id": row.id}
            session.execute(update(SmsIn).where(SmsIn.id.in_(ids)).values(values))
            if carrier is not None:
                _carry(session, row, carrier)

        await self._run(note)
        return None if answer.text is None else self._outgoing(row)

    async def claim_answer(self, inbound_id: int) -> tuple[bool, Outgoing | None]:
        """Whether this SMS is answered, and the answer if it may go in a webhook's response now.

        An answer may if nobody is sending it, and nothing older is unsent for this person.
        """
        row = await self._run(lambda session: _claim(session, inbound_id))
        if isinstance(row, bool):
            return row, None
        return True, self._outgoing(row)

    # From one channel to the other

    async def add_code(self, name: str, about: dict[str, Any]) -> bool:
        """Keep what a new code stands for; False if this code exists."""
        row = SmsCode(name=name, sealed=self._vault.seal(about), created_at=time.time())
        try:
            await self._run(lambda session: session.add(row))
        except IntegrityError:
            return False
        return True

    async def keep(self, name: str, about: dict[str, Any]) -> None:
        """Keep this under this name, for seven days from now."""
        row = SmsCode(name=name, sealed=self._vault.seal(about), created_at=time.time())
        await self._run(lambda session: session.merge(row))

    async def read_code(self, name: str) -> dict[str, Any] | None:
        """What a code stands for, during seven days."""
        row = await self._run(lambda session: session.get(SmsCode, name))
        if row is None or row.created_at < time.time() - CODES:
            return None
        about: dict[str, Any] = self._vault.open(row.sealed)
        return about

    async def send_once(self, provider: str, person: str, sealed_for: Outgoing, most: int) -> bool:
        """Record a consent and put one SMS in the outbox, for the day.

        False, and nothing kept, when this number asked for silence or got `most` in a day.
        """
        row = SmsOut(
            provider=provider,
            person=person,
            sealed=self._vault.seal([sealed_for.number, sealed_for.text, sealed_for.reply_from]),
            state=DUE,
            by_day=True,
            created_at=sealed_for.created_at,
        )

        def send(session: Session) -> bool:
            asked = select(func.count()).where(
                SmsConsent.person == person, SmsConsent.at > time.time() - KEPT
            )
            if session.get(SmsSuppressed, person) or (session.scalar(asked) or 0) >= most:
                return False
            session.add_all([SmsConsent(person=person, at=time.time()), row])
            return True

        return await self._run(send)

    # Sending

    async def take_due(
        self, providers: Collection[str], limit: int
    ) -> list[tuple[str, Outgoing, int]]:
        """Answers to send now, marked SENDING: provider, SMS, attempts with this one.

        One a person, the oldest, and none for a person whose earlier answer is on its way.
        """
        rows = await self._run(lambda session: _take_due(session, providers, limit))
        return [(row.provider, self._outgoing(row, before), row.attempts) for row, before in rows]

    async def next_due(self, providers: Collection[str]) -> float | None:
        """When the next answer is due (seconds since 1970), or None."""
        query = select(func.min(SmsOut.next_at)).where(*_is_next(providers))
        return await self._run(lambda session: session.scalar(query))

    async def sent(self, outgoing_id: int, reference: str | None) -> None:
        """The provider has it: its number and text are erased.

        Before any SMS received from now on: who has read an answer may write again at once, and
        has nothing pending.
        """
        change = update(SmsOut).where(SmsOut.id == outgoing_id, SmsOut.state.in_(UNSENT))
        values = {"state": SENT, "reference": reference, "sealed": None}
        await self._transactions.run(lambda s: s.execute(change.values(values)), first=True)

    async def failed(self, outgoing_id: int) -> None:
        """It will never be sent: its number and text are erased."""
        change = update(SmsOut).where(SmsOut.id == outgoing_id)
        values = {"state": FAILED, "sealed": None}
        await self._run(lambda session: session.execute(change.values(values)))

    async def postpone(self, outgoing_id: int, next_at: float, uncertain: bool) -> None:
        """To be sent (again) at this time, unless a receipt came meanwhile.

        Args:
            uncertain: the provider may have it already.
        """
        values = {"state": DUE, "next_at": next_at, **({} if uncertain else {"started_at": 0.0})}
        change = update(SmsOut).where(SmsOut.id == outgoing_id, SmsOut.state.in_(UNSENT))
        await self._run(lambda session: session.execute(change.values(values)))

    async def collect(
        self, provider: str, done: list[int], limit: int
    ) -> tuple[list[Outgoing], int]:
        """Note that a gateway has sent these; the next ones, and how many SMS wait for an answer.

        What is given and never noted is given again: the gateway knows it by its id.
        """
        sent = (
            update(SmsOut)
            .where(SmsOut.provider == provider, SmsOut.id.in_(done), SmsOut.state == DUE)
            .values(state=SENT, sealed=None)
        )
        query = (
            select(SmsOut)
            .where(SmsOut.provider == provider, SmsOut.state == DUE, _may_go_now())
            .order_by(SmsOut.id)
            .limit(limit)
        )

        unanswered = (
            select(func.count())
            .select_from(SmsIn)
            .where(SmsIn.provider == provider, ~SmsIn.answered)
        )

        def exchange(session: Session) -> tuple[list[SmsOut], int]:
            session.execute(sent)
            return list(session.scalars(query)), session.scalar(unanswered) or 0

        rows, waiting = await self._run(exchange)
        return [self._outgoing(row) for row in rows], waiting

    async def note_receipt(self, provider: str, receipt: Receipt) -> None:
        """Record what became of an SMS: whatever a receipt says, the provider has it."""
        ours = [SmsOut.reference == receipt.reference] if receipt.reference else []
        if receipt.outgoing_id is not None:
            ours.append(SmsOut.id == receipt.outgoing_id)
        if not ours:
            return
        became = {None: SENT, True: DELIVERED, False: FAILED}[receipt.delivered]
        change = (
            update(SmsOut)
            .where(SmsOut.provider == provider, or_(*ours), SmsOut.state.in_((*UNSENT, SENT)))
            .values(state=became, sealed=None)
        )
        await self._run(lambda session: session.execute(change))

    async def without_receipt(self, provider: str, limit: int) -> list[str]:
        """References of recent SMS whose end is not known, those asked for longest ago first."""
        query = (
            select(SmsOut)
            .where(SmsOut.provider == provider, SmsOut.state == SENT)
            .where(SmsOut.reference.is_not(None), SmsOut.created_at > time.time() - ASKED_FOR)
            .order_by(SmsOut.next_at)
            .limit(limit)
        )

        def take(session: Session) -> list[str]:
            rows = list(session.scalars(query))
            for row in rows:
                row.next_at = time.time()
            return [row.reference or "" for row in rows]

        return await self._run(take)

    async def interrupted(self, before: float) -> list[tuple[str, Outgoing]]:
        """Answers whose sending began before this time and whose end nobody noted."""
        query = (
            select(SmsOut)
            .where(SmsOut.state.in_((WRITING, SENDING)), SmsOut.started_at < before)
            .order_by(SmsOut.id)
        )
        rows = await self._run(lambda session: list(session.scalars(query)))
        return [(row.provider, self._outgoing(row)) for row in rows if row.sealed]

    async def purge(self) -> None:
        """Erase what is too old: numbers, texts and memories, then the rows themselves."""
        await self._run(_purge)
        await self._checkpoint("TRUNCATE")  # SQLite's log forgets it too

    async def tidy(self) -> None:
        """Fold SQLite's log into its file; nothing to do on PostgreSQL."""
        await self._checkpoint("PASSIVE")

    async def _checkpoint(self, mode: str) -> None:
        if self._engine.dialect.name == "sqlite":
            await asyncio.to_thread(self._fold, mode)

    def _fold(self, mode: str) -> None:
        raw = self._engine.raw_connection()
        try:
            raw.cursor().execute(f"PRAGMA wal_checkpoint({mode})").close()
        finally:
            raw.close()

    def _drop_unreadable(self, session: Session) -> None:
        rows: list[SmsIn | SmsOut | SmsPerson | SmsCode] = [
            *session.scalars(select(SmsIn).where(SmsIn.sealed.is_not(None))),
            *session.scalars(select(SmsOut).where(SmsOut.sealed.is_not(None))),
            *session.scalars(select(SmsPerson)),
            *session.scalars(select(SmsCode)),
        ]
        lost = [row for row in rows if not self._vault.can_open(row.sealed or b"")]
        for row in lost:
            session.delete(row)
        if lost:
            logger.error(
                "JALON_SECRET changed: %d SMS, memories and codes are lost, and who asked for "
                "silence is not known any more",
                len(lost),
            )

    def _seal(self, inbound: Inbound) -> bytes:
        return self._vault.seal([inbound.number, inbound.text, inbound.reply_from])

    def _inbound(self, row: SmsIn) -> Inbound:
        number, text, reply_from = self._vault.open(row.sealed or b"")
        return Inbound(row.message_id, number, text, reply_from)

    def _outgoing(self, row: SmsOut, started_at: float | None = None) -> Outgoing:
        number, text, reply_from = self._vault.open(row.sealed or b"")
        began = row.started_at if started_at is None else started_at
        return Outgoing(row.id, number, text, reply_from, row.created_at, began)

    async def _run(self, work: Callable[[Session], T]) -> T:
        return await self._transactions.run(work)


def _receive(session: Session, row: SmsIn) -> Received:
    pending = session.scalar(
        select(
            or_(
                exists().where(SmsIn.person == row.person, ~SmsIn.answered),
                _unsent(SmsOut, row.person, row.provider),
            )
        )
    )
    session.add(row)
    session.flush()
    return Received(row.id, is_new=True, alone=not pending)


def _received_before(session: Session, provider: str, inbound: Inbound) -> Received:
    same = select(SmsIn.id).where(
        SmsIn.provider == provider, SmsIn.message_id == inbound.message_id
    )
    return Received(session.scalars(same).one(), is_new=False, alone=False)


def _note_person(session: Session, person: str, answer: Answer, memory: bytes | None) -> None:
    if answer.erase:
        session.execute(delete(SmsPerson).where(SmsPerson.person == person))
        forgotten = update(SmsIn).where(SmsIn.person == person, SmsIn.answered)
        session.execute(forgotten.values(person=NOBODY))  # the same SMS may still come again
        session.execute(delete(SmsOut).where(SmsOut.person == person, SmsOut.state.not_in(UNSENT)))
    if memory is not None:
        session.merge(SmsPerson(person=person, sealed=memory, seen_at=time.time()))
    if answer.suppress is True:
        session.merge(SmsSuppressed(person=person, since=time.time()))
        # Silence from now on: what was not sent yet will not be, unless it may save a life.
        session.execute(
            update(SmsOut)
            .where(SmsOut.person == person, SmsOut.state == DUE, ~SmsOut.urgent)
            .values(state=FAILED, sealed=None)
        )
    if answer.suppress is False:
        session.execute(delete(SmsSuppressed).where(SmsSuppressed.person == person))


def _claim(session: Session, inbound_id: int) -> SmsOut | bool:
    inbound = session.get_one(SmsIn, inbound_id)
    if not inbound.answered:
        return False
    answer = session.get(SmsOut, inbound.answer_id) if inbound.answer_id else None
    if answer is None or answer.state != DUE:
        return True
    if answer.attempts and answer.started_at:
        return True  # the API may have taken it: only the sender can find out
    before = aliased(SmsOut)
    older = _unsent(before, answer.person, answer.provider).where(before.id < answer.id)
    if session.scalar(select(older)):
        return True
    answer.state, answer.started_at = WRITING, time.time()
    _carry(session, answer, inbound_id)
    return answer


def _carry(session: Session, answer: SmsOut, carrier: int) -> None:
    """Only this SMS, if it is repeated, shows that the response with its answer was lost.

    A repetition of those answered with it shows that their own, empty, was.
    """
    others = update(SmsIn).where(
        SmsIn.person == answer.person, SmsIn.answer_id == answer.id, SmsIn.id != carrier
    )
    session.execute(others.values(answer_id=None))


def _is_next(providers: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """What an answer must be to be sent: due, and the oldest that its person has not got."""
    before = aliased(SmsOut)
    older = _unsent(before, SmsOut.person, SmsOut.provider).where(before.id < SmsOut.id)
    return SmsOut.state == DUE, SmsOut.provider.in_(providers), ~older, _may_go_now()


def _unsent(sms: Any, person: Any, provider: Any) -> Exists:
    """An answer that its person has not got: not by a provider that was given up meanwhile."""
    return exists().where(
        sms.person == person, sms.provider == provider, sms.state.in_(UNSENT), ~sms.by_day
    )


def _may_go_now() -> ColumnElement[bool]:
    """Nothing that nobody waits for goes at night, or to who asked for silence since."""
    if is_night():
        return ~SmsOut.by_day
    return ~SmsOut.by_day | ~exists().where(SmsSuppressed.person == SmsOut.person)


def _take_due(
    session: Session, providers: Collection[str], limit: int
) -> list[tuple[SmsOut, float]]:
    query = (
        select(SmsOut)
        .where(*_is_next(providers), SmsOut.next_at <= time.time())
        .order_by(SmsOut.urgent.desc(), SmsOut.id)
        .limit(limit)
    )
    taken = []
    for row in session.scalars(query):
        taken.append((row, row.started_at))
        row.state, row.started_at, row.attempts = SENDING, time.time(), row.attempts + 1
    return taken


def _purge(session: Session) -> None:
    now = time.time()
    held, remembered = now - KEPT, now - REMEMBERED
    session.execute(
        update(SmsOut)
        .where(SmsOut.created_at < held, SmsOut.sealed.is_not(None))
        .values(sealed=None, state=FAILED)
    )
    session.execute(
        update(SmsIn)
        .where(SmsIn.received_at < held, SmsIn.sealed.is_not(None))
        .values(sealed=None, answered=True)
    )
    session.execute(delete(SmsPerson).where(SmsPerson.seen_at < held))
    session.execute(delete(SmsConsent).where(SmsConsent.at < held))
    session.execute(delete(SmsCode).where(SmsCode.created_at < now - CODES))
    session.execute(delete(SmsIn).where(SmsIn.received_at < remembered))
    session.execute(delete(SmsOut).where(SmsOut.created_at < remembered))
