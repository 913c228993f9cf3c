"""Work on the database, in one thread: what waits for the disk is committed together."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

T = TypeVar("T")

TOGETHER = 100  # SMS received and committed at once
FEW = 4  # other pieces of work committed with them


@dataclass
class _Job:
    """Work to do in a transaction, and who waits for its result."""

    work: Callable[[Session], Any]
    done: asyncio.Future[Any]

    def finish(self, result: Any) -> None:
        if self.done.done():
            return
        if isinstance(result, Exception):
            self.done.set_exception(result)
        else:
            self.done.set_result(result)


class Transactions:
    """Runs work on the database in one thread.

    What waits while the disk is written is committed together at the next write: an SMS is
    acknowledged as fast in a rush as alone. Receiving and noting what was sent go first, in
    order, and the rest a few pieces at a time; each still succeeds or fails by itself.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._first: deque[_Job] = deque()
        self._others: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._loop, name="sms-store", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Session], T], first: bool = False) -> T:
        """The result of this work, once it is on the disk."""
        job = _Job(work, asyncio.get_running_loop().create_future())
        with self._changed:
            (self._first if first else self._others).append(job)
            self._changed.notify()
        result: T = await job.done
        return result

    async def close(self) -> None:
        """Let the work under way end."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        await asyncio.to_thread(self._thread.join)

    def _loop(self) -> None:
        while jobs := self._next():
            for job, result in zip(jobs, self._commit(jobs), strict=True):
                job.done.get_loop().call_soon_threadsafe(job.finish, result)
        self._engine.dispose()  # here: a connection in memory belongs to its thread

    def _next(self) -> list[_Job]:
        """The work to commit together; empty once closed and done."""
        with self._changed:
            self._changed.wait_for(lambda: self._first or self._others or self._closed)
            jobs = [self._first.popleft() for _ in range(min(TOGETHER, len(self._first)))]
            return jobs + [self._others.popleft() for _ in range(min(FEW, len(self._others)))]

    def _commit(self, jobs: list[_Job]) -> list[Any]:
        try:
            with self._sessions.begin() as session:
                return [_attempt(session, job) for job in jobs]
        except Exception as error:
            return [error] * len(jobs)


def _attempt(session: Session, job: _Job) -> Any:
    try:
        with session.begin_nested():
            return job.work(session)
    except Exception as error:
        return error
    finally:
        session.expunge_all()  # the next piece of work reads the database, not our memory of it
