"""Writing behind the answer: a report must never keep a person waiting, nor fail their answer."""

from __future__ import annotations

import atexit
import hashlib
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, Timer

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.directory.database import writing

logger = logging.getLogger(__name__)

TRIES = 5  # an import may hold the database; each try on SQLite waits up to ten seconds
PAUSE = 0.2  # seconds before the second try; it doubles each time
REMEMBERED = 20_000  # voices kept, the oldest forgotten first: about two megabytes

WAIT = 60.0  # seconds that counts may wait to be written together

Work = Callable[[Session], object]

_writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
# Digests of who said what, in memory only, under a key that dies with the process: they tell that
# a conversation repeats itself, and cannot be turned back into anyone.
_key = secrets.token_bytes(32)
_heard: OrderedDict[str, None] = OrderedDict()
_lock = Lock()
_waiting: dict[Engine, list[Work]] = {}


def first_time(sender: str, subject: str) -> bool:
    """Whether this conversation speaks of this subject for the first time.

    Args:
        sender: the pseudonym of the conversation.
        subject: what is said once only (a place, a need in a commune).
    """
    said = f"{sender}\0{subject}".encode()
    voice = hashlib.blake2b(said, key=_key, digest_size=16).hexdigest()
    with _lock:
        if voice in _heard:
            return False
        _heard[voice] = None
        if len(_heard) > REMEMBERED:
            _heard.popitem(last=False)
    return True


def engine_of(session: Session) -> Engine:
    """The database that this session reads."""
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


def write(engine: Engine, work: Work) -> None:
    """Do this work in a transaction of its own, soon, in order; what fails is logged and lost."""
    _writer.submit(_write, engine, [work])


def write_later(engine: Engine, work: Work) -> None:
    """Do this work within a minute, with others, in one transaction.

    Every write makes searches forget what they remember: counts need not be that fresh.
    """
    with _lock:
        works = _waiting.setdefault(engine, [])
        works.append(work)
        if len(works) > 1:
            return
    timer = Timer(WAIT, _write_waiting)
    timer.daemon = True
    timer.start()


def flush() -> None:
    """Wait until all that was asked for is written."""
    _write_waiting()
    _writer.submit(lambda: None).result()


def _write_waiting() -> None:
    for engine, works in _taken():
        _writer.submit(_write, engine, works)


@atexit.register
def _write_at_exit() -> None:
    """What still waits when the process ends well; the writer's thread is closed by then."""
    for engine, works in _taken():
        _write(engine, works)


def _taken() -> list[tuple[Engine, list[Work]]]:
    """What waits, which waits no longer."""
    with _lock:
        waiting = list(_waiting.items())
        _waiting.clear()
    return waiting


def _write(engine: Engine, works: Sequence[Work]) -> None:
    for attempt in range(TRIES):
        try:
            with writing(engine) as session:
                for work in works:
                    work(session)
            return
        except SQLAlchemyError as error:
            # The kind of error only: a statement holds what was written.
            logger.warning("the journal was not written (%s)", type(error).__name__)
            time.sleep(PAUSE * 2**attempt)
