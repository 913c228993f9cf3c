"""Answers what is in the store: in order for each person, several SMS together, then sends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from channels.sms.provider import Outgoing, Provider, Refused, Unavailable
from channels.sms.store import PURGE_EVERY, Answer, Store, Waiting
from channels.sms.tables import DUE, WRITING
from channels.sms.turn import Turns

logger = logging.getLogger(__name__)

ANSWERING = 4  # people answered at the same time; Rasa understands one message at a time
SENDING_AT_ONCE = 8
GROUP_MAX = 20  # SMS answered together
HOUR = 3600.0
FOREVER = 60.0  # seconds between two looks at the store when nothing is due
TIDY_EVERY = 10.0  # seconds
LOST = 30.0  # seconds after which a response being written is taken for lost
BACKOFF = 2.0  # seconds before the second attempt, then twice as long each time
LONGEST_WAIT = 900.0
MAX_ATTEMPTS = 30  # about six hours: after so long, an answer is of no use


@dataclass(frozen=True)
class Pace:
    """How long to wait, in seconds."""

    quiet: float = 1.0  # after an SMS, in case the person has not finished
    longest: float = 3.0  # after the first of them
    backoff: float = BACKOFF
    # Before asking whether an interrupted sending arrived: a provider takes time to list it, or to
    # repeat a webhook whose response a crash cut short.
    grace: float = 5.0


@dataclass
class Expected:
    """A webhook that waits for the answer, to put it in its response."""

    inbound_id: int
    answer: asyncio.Future[Outgoing | None] = field(default_factory=asyncio.Future)
    taken: bool = False


class Worker:
    """Two loops over one store: answer the people who wait, send the answers due."""

    def __init__(
        self, store: Store, turns: Turns, providers: Mapping[str, Provider], pace: Pace
    ) -> None:
        self._store = store
        self._turns = turns
        self._providers = providers
        self._pace = pace
        self._ready: asyncio.Queue[str] = asyncio.Queue()
        self._first_at: dict[str, float] = {}  # people who wrote and are not being answered
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._busy: set[str] = set()
        self._expected: dict[int, Expected] = {}
        self._due = asyncio.Event()
        self._next_purge = time.monotonic() + PURGE_EVERY
        self._tasks: list[asyncio.Task[None]] = []
        self._sending: set[asyncio.Task[None]] = set()
        self.counted: Counter[str] = Counter()

    async def start(self) -> None:
        """Take up what a stop or a crash left, then keep answering."""
        await self._store.purge()
        await self._recover(time.time() + 1)
        for person in await self._store.waiting_people():
            self.wake(person)
        steps = [*[self._answer_next] * ANSWERING, self._send_due, self._tidy]
        self._tasks = [asyncio.create_task(self._keep(step)) for step in steps]

    async def stop(self) -> None:
        """Stop; what is not finished is taken up at the next start."""
        for timer in self._timers.values():
            timer.cancel()
        tasks = [*self._tasks, *self._sending]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def wake(self, person: str) -> None:
        """This person wrote: answer once they have finished."""
        now = time.monotonic()
        first = self._first_at.setdefault(person, now)
        if person in self._busy:
            return
        delay = min(self._pace.quiet, max(0.0, first + self._pace.longest - now))
        self._schedule(person, delay)

    def expect(self, inbound_id: int) -> Expected:
        """A webhook will wait for the answer to this SMS, to write it in its response."""
        expected = Expected(inbound_id)
        self._expected[inbound_id] = expected
        return expected

    async def wait(self, expected: Expected, timeout: float) -> Outgoing | None:
        """The answer; None when there is none, or when it comes later and goes by the API.

        Args:
            timeout: seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                return await asyncio.shield(expected.answer)
        except TimeoutError:
            if not expected.taken:
                return None
            return await expected.answer  # being stored: a matter of milliseconds
        finally:
            self._expected.pop(expected.inbound_id, None)

    def send_soon(self) -> None:
        """Something is due."""
        self._due.set()

    def _schedule(self, person: str, delay: float) -> None:
        if timer := self._timers.pop(person, None):
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers[person] = loop.call_later(delay, self._enqueue, person)

    def _enqueue(self, person: str) -> None:
        self._timers.pop(person, None)
        self._first_at.pop(person, None)
        self._busy.add(person)
        self._ready.put_nowait(person)

    async def _keep(self, step: Callable[[], Awaitable[None]]) -> None:
        """Repeat for ever: a failure (the database is away…) is logged, and tried again later."""
        while True:
            try:
                await step()
            except Exception as error:
                # Not the traceback: an exception's text may quote what the person wrote.
                logger.error("SMS, trying again: %s", type(error).__name__)
                await asyncio.sleep(self._pace.backoff)

    async def _answer_next(self) -> None:
        person = await self._ready.get()
        try:
            await self._answer(person)
        except Exception:
            self._schedule(person, self._pace.backoff)
            raise
        self._busy.discard(person)
        if person in self._first_at:
            self.wake(person)

    async def _answer(self, person: str) -> None:
        waiting = await self._store.waiting(person, GROUP_MAX)
        if len(waiting) == GROUP_MAX:  # there may be more
            self._first_at.setdefault(person, time.monotonic())
        while waiting:
            count = self._turns.group_size(waiting)
            group, waiting = waiting[:count], waiting[count:]
            answer = await self._turns.take(person, group)
            await self._store_answer(person, group, answer)

    async def _store_answer(self, person: str, group: list[Waiting], answer: Answer) -> None:
        expected = next((self._expected[one.id] for one in group if one.id in self._expected), None)
        if expected:
            expected.taken = True
        try:
            state, carrier = (WRITING, expected.inbound_id) if expected else (DUE, None)
            outgoing = await self._store.answer(person, group, answer, state, carrier)
        except BaseException:
            if expected:
                expected.taken = False
            raise
        if expected and not expected.answer.done():
            expected.answer.set_result(outgoing)
        elif outgoing:
            self.send_soon()
        self.counted["answered" if outgoing else "silent"] += 1

    async def _send_due(self) -> None:
        self._due.clear()
        names, room = self._providers.keys(), SENDING_AT_ONCE - len(self._sending)
        for provider, outgoing, attempts in await self._store.take_due(names, room):
            task = asyncio.create_task(self._send(provider, outgoing, attempts))
            self._sending.add(task)
            task.add_done_callback(self._sent)
        next_at = await self._store.next_due(names)
        wait = FOREVER if next_at is None else max(0.05, next_at - time.time())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(wait, FOREVER)):
                await self._due.wait()

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if not task.cancelled() and (error := task.exception()):
            # The database did not answer: this sending is taken up after LOST seconds.
            logger.error("SMS, trying again: %s", type(error).__name__)
        self._due.set()

    async def _send(self, provider_name: str, outgoing: Outgoing, attempts: int) -> None:
        provider = self._providers[provider_name]
        try:
            reference = await self._sent_before(provider, outgoing)
            reference = reference or await provider.send(outgoing)
        except Refused:
            logger.error("%s refuses an SMS for good", provider_name)
            self.counted["refused by provider"] += 1
            await self._store.failed(outgoing.id)
        except Exception as error:  # not available, or an answer that no documentation describes
            if not isinstance(error, Unavailable):
                logger.error("%s: %s", provider_name, type(error).__name__)
                error = Unavailable(uncertain=True)
            await self._try_later(provider_name, outgoing.id, attempts, error)
        else:
            self.counted["sent"] += 1
            await self._store.sent(outgoing.id, reference)

    async def _sent_before(self, provider: Provider, outgoing: Outgoing) -> str | None:
        """The reference of an earlier attempt that reached the provider unknown to us."""
        if not outgoing.started_at:
            return None
        try:
            return await provider.was_sent(outgoing)
        except Refused:
            return None  # it does not say: rather twice than never
        except Unavailable as error:
            raise Unavailable(error.retry_after, uncertain=True) from error

    async def _try_later(
        self, provider: str, outgoing_id: int, attempts: int, error: Unavailable
    ) -> None:
        if attempts >= MAX_ATTEMPTS:
            logger.error("%s did not take an SMS in %d attempts: given up", provider, attempts)
            self.counted["given up"] += 1
            await self._store.failed(outgoing_id)
            return
        logger.warning("%s did not take an SMS (attempt %d)", provider, attempts)
        wait = min(self._pace.backoff * 2 ** (attempts - 1), LONGEST_WAIT)
        wait = max(wait, min(error.retry_after or 0.0, HOUR))
        if error.uncertain:
            wait = max(wait, self._pace.grace)
        await self._store.postpone(outgoing_id, time.time() + wait, uncertain=error.uncertain)

    async def _tidy(self) -> None:
        await asyncio.sleep(TIDY_EVERY)
        await self._store.tidy()
        await self._recover(time.time() - LOST)
        if time.monotonic() > self._next_purge:
            self._next_purge += PURGE_EVERY
            await self._store.purge()
            logger.info("SMS since the start: %s", dict(self.counted))

    async def _recover(self, before: float) -> None:
        """Sendings that began before this time and never ended are due, at once."""
        for _, outgoing in await self._store.interrupted(before):
            await self._store.postpone(outgoing.id, time.time() + self._pace.grace, uncertain=True)
        self.send_soon()
