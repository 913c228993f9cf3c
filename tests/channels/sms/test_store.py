"""The store, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Engine, create_engine, text

from channels.sms.privacy import Vault
from channels.sms.provider import Inbound, Outgoing, Receipt
from channels.sms.store import PURGE_EVERY, Answer, Store
from channels.sms.tables import DUE, SENT, WRITING, create_store_engine

ANA, BOB = "sms-ana", "sms-bob"
DAY = 24 * 3600
NOON, NIGHT = "2026-11-26T12:00:00+01:00", "2026-11-26T20:00:00+01:00"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/sms.sqlite"
        return
    new_database: Callable[[], AbstractContextManager[str]] = request.getfixturevalue(
        "new_postgresql_database"
    )
    with new_database() as url:
        yield url


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = Store(create_store_engine(url), Vault("secret"))
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """Another connection, to see what is really kept."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    yield engine
    engine.dispose()


def kept(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


async def write(store: Store, person: str, words: str) -> None:
    await store.receive("test", person, Inbound(f"{person} {words}", "+33612345678", words, {}))


async def answer(store: Store, person: str, words: str, **fields: object) -> int:
    await write(store, person, words)
    group = await store.waiting(person, 10)
    told = Answer(words, **fields)  # type: ignore[arg-type]
    outgoing = await store.answer(person, group, told, DUE)
    assert outgoing
    return outgoing.id


async def test_the_same_sms_is_stored_once_even_at_the_same_time(store: Store) -> None:
    inbound = Inbound("x", "+33612345678", "bonjour", {})
    received = await asyncio.gather(*(store.receive("test", ANA, inbound) for _ in range(20)))
    assert sum(one.is_new for one in received) == 1
    assert len({one.id for one in received}) == 1
    assert len(await store.waiting(ANA, 10)) == 1


async def test_who_has_nothing_pending_is_alone(store: Store) -> None:
    first = await store.receive("test", ANA, Inbound("1", "+33612345678", "a", {}))
    second = await store.receive("test", ANA, Inbound("2", "+33612345678", "b", {}))
    other = await store.receive("test", BOB, Inbound("3", "+33612345679", "c", {}))
    assert [one.alone for one in (first, second, other)] == [True, False, True]


async def test_one_answer_a_person_is_taken_at_a_time_oldest_first(store: Store) -> None:
    for words in ("un", "deux"):
        await answer(store, ANA, words)
        await answer(store, BOB, words)
    taken = [sms for _, sms, _ in await store.take_due(["test"], 10)]
    assert [sms.text for sms in taken] == ["un", "un"]
    assert await store.take_due(["test"], 10) == []
    await store.sent(taken[0].id, "reference")
    assert [sms.text for _, sms, _ in await store.take_due(["test"], 10)] == ["deux"]


async def test_an_answer_that_failed_blocks_the_next_of_its_person_only(store: Store) -> None:
    for person in (ANA, BOB):
        await answer(store, person, "un")
    await answer(store, ANA, "deux")
    for _, sms, _ in await store.take_due(["test"], 10):
        await store.postpone(sms.id, time.time() + 100, uncertain=False)
    assert await store.take_due(["test"], 10) == []
    next_at = await store.next_due(["test"])
    assert next_at is not None
    assert next_at > time.time() + 90


async def test_stop_drops_what_was_not_sent_unless_it_may_save_a_life(store: Store) -> None:
    await answer(store, ANA, "des crèches")
    await answer(store, ANA, "le 115", urgent=True)
    await answer(store, ANA, "c'est noté", suppress=True)
    texts = []
    while taken := await store.take_due(["test"], 10):
        for _, sms, _ in taken:
            texts.append(sms.text)
            await store.sent(sms.id, None)
    assert texts == ["le 115", "c'est noté"]
    assert (await store.known(ANA)).suppressed
    await answer(store, ANA, "reprendre", suppress=False)
    assert not (await store.known(ANA)).suppressed


async def test_what_was_sent_leaves_no_number_and_no_text(store: Store, engine: Engine) -> None:
    await store.sent(await answer(store, ANA, "bonjour"), None)
    for table in ("sms_in", "sms_out"):
        assert kept(engine, f"SELECT sealed FROM {table}") == [(None,)]


async def test_after_a_day_nothing_can_be_read_and_after_two_nothing_remains(
    store: Store, engine: Engine
) -> None:
    await answer(store, ANA, "jamais envoyé", memory={"greeted": True})
    await write(store, BOB, "jamais répondu")
    with time_machine.travel(time.time() + DAY - PURGE_EVERY + 1):  # the last purge in a day
        await store.purge()
        for table in ("sms_in", "sms_out", "sms_person"):
            assert kept(engine, f"SELECT 1 FROM {table} WHERE sealed IS NOT NULL") == []
        assert await store.waiting_people() == []
    with time_machine.travel(time.time() + 2 * DAY + 60):
        await store.purge()
        for table in ("sms_in", "sms_out", "sms_person"):
            assert kept(engine, f"SELECT 1 FROM {table}") == []


async def test_erasing_removes_every_trace_but_the_suppression(
    store: Store, engine: Engine
) -> None:
    await store.sent(await answer(store, ANA, "un", memory={"greeted": True}), None)
    await store.sent(await answer(store, ANA, "stop", suppress=True), None)
    await answer(store, ANA, "effacé", erase=True)
    assert kept(engine, "SELECT person FROM sms_person") == []
    assert len(kept(engine, "SELECT 1 FROM sms_out")) == 1  # the confirmation itself
    assert kept(engine, "SELECT person FROM sms_suppressed") == [(ANA,)]


async def test_after_erasing_a_repetition_is_still_one_and_tells_nobody(
    store: Store, engine: Engine
) -> None:
    await store.sent(await answer(store, ANA, "un"), None)
    await answer(store, ANA, "effacé", erase=True)
    again = await store.receive("test", ANA, Inbound(f"{ANA} un", "+33612345678", "un", {}))
    assert not again.is_new
    assert kept(engine, "SELECT person FROM sms_in WHERE message_id LIKE '%un'") == [("",)]


async def test_the_id_that_a_gateway_knows_is_never_given_twice(store: Store) -> None:
    first = await answer(store, ANA, "un")
    await store.sent(first, None)
    second = await answer(store, ANA, "effacé", erase=True)
    await store.sent(second, None)
    with time_machine.travel(time.time() + 3 * DAY):
        await store.purge()
    assert first < second < await answer(store, BOB, "deux")


async def test_what_was_sealed_is_nowhere_in_the_files_of_sqlite_after_a_purge(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/sms.sqlite"
    store = Store(create_store_engine(url), Vault("secret"))
    await store.open()
    ours = await answer(store, ANA, "bonjour")
    engine = create_engine(url)
    [(sealed,)] = kept(engine, "SELECT sealed FROM sms_out")
    engine.dispose()
    assert isinstance(sealed, bytes)
    assert sealed in on_disk(tmp_path)
    await store.sent(ours, None)
    await store.purge()
    assert sealed not in on_disk(tmp_path)
    await store.close()


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("sms.sqlite*"))


async def first_word(store: Store, person: str, provider: str = "test") -> None:
    """An SMS that this person asked for on the web."""
    outgoing = Outgoing(0, "+33612345678", "des lieux", {}, time.time())
    assert await store.send_once(provider, person, outgoing, 2)


async def due(store: Store) -> list[str]:
    return [sms.text for _, sms, _ in await store.take_due(["test"], 10)]


async def test_what_nobody_waits_for_stays_until_the_morning_and_blocks_no_answer(
    store: Store,
) -> None:
    with time_machine.travel(NIGHT, tick=False) as clock:
        await first_word(store, ANA)
        assert (await store.collect("test", [], 10))[0] == []
        await answer(store, ANA, "le 115")
        assert await due(store) == ["le 115"]
        assert await store.next_due(["test"]) is None
        clock.shift(12 * 3600)
        assert await due(store) == ["des lieux"]


async def test_a_stop_ends_also_what_was_tried_without_success(store: Store) -> None:
    with time_machine.travel(NOON, tick=False):
        await first_word(store, ANA)
        [(_, sms, _)] = await store.take_due(["test"], 10)
        await store.sent(await answer(store, ANA, "c'est noté", suppress=True), None)
        await store.postpone(sms.id, 0.0, uncertain=False)
        assert await due(store) == []
        assert not await store.send_once("test", ANA, sms, 2)


async def test_an_answer_stuck_at_a_provider_that_was_left_blocks_no_other(store: Store) -> None:
    other = Inbound("x", "+33612345678", "avant", {})
    await store.receive("left", ANA, other)
    await store.answer(ANA, await store.waiting(ANA, 10), Answer("jamais parti"), DUE)
    received = await store.receive("test", ANA, Inbound("y", "+33612345678", "après", {}))
    assert received.alone
    await store.answer(ANA, await store.waiting(ANA, 10), Answer("bonjour"), DUE)
    assert await due(store) == ["bonjour"]


@pytest.mark.parametrize(("delivered", "state"), [(None, SENT), (True, "delivered")])
async def test_a_receipt_that_comes_before_our_note_is_one(
    store: Store, engine: Engine, delivered: bool | None, state: str
) -> None:
    ours = await answer(store, ANA, "bonjour")
    assert await due(store) == ["bonjour"]
    await store.note_receipt("test", Receipt("reference", ours, delivered))
    await store.postpone(ours, 0.0, uncertain=True)  # after a crash
    assert await due(store) == []
    await store.sent(ours, "reference")
    assert kept(engine, "SELECT state, sealed FROM sms_out") == [(state, None)]


async def test_an_interrupted_response_is_found_again(store: Store) -> None:
    await write(store, ANA, "bonjour")
    group = await store.waiting(ANA, 10)
    await store.answer(ANA, group, Answer("bonjour"), WRITING, group[0].id)
    assert await store.take_due(["test"], 10) == []
    [(provider, sms)] = await store.interrupted(time.time() + 1)
    assert (provider, sms.text) == ("test", "bonjour")


@pytest.mark.parametrize("carried_at_once", [True, False])
async def test_only_the_sms_whose_response_was_cut_short_may_carry_the_answer_again(
    store: Store, carried_at_once: bool
) -> None:
    await write(store, ANA, "bonjour")
    await write(store, ANA, "une crèche")
    first, second = group = await store.waiting(ANA, 10)
    told = Answer("bonjour")
    if carried_at_once:
        await store.answer(ANA, group, told, WRITING, second.id)
    else:
        await store.answer(ANA, group, told, DUE)
        assert (await store.claim_answer(second.id))[1]
    [(_, interrupted)] = await store.interrupted(time.time() + 1)
    await store.postpone(interrupted.id, time.time() + 5, uncertain=True)
    assert await store.claim_answer(first.id) == (True, None)
    again = (await store.claim_answer(second.id))[1]
    assert again
    assert again.id == interrupted.id


async def test_receipts_end_the_story_of_an_sms(store: Store, engine: Engine) -> None:
    ours = await answer(store, ANA, "bonjour")
    await store.sent(ours, "reference")
    assert await store.without_receipt("test", 10) == ["reference"]
    await store.note_receipt("other", Receipt("reference", None, True))
    await store.note_receipt("test", Receipt("reference", None, None))
    assert kept(engine, "SELECT state FROM sms_out") == [(SENT,)]
    await store.note_receipt("test", Receipt("reference", None, True))
    assert kept(engine, "SELECT state FROM sms_out") == [("delivered",)]


async def test_a_failure_does_not_undo_what_is_committed_with_it(store: Store) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    results = await asyncio.gather(
        write(store, ANA, "avant"),
        store._run(fail),
        write(store, ANA, "après"),
        return_exceptions=True,
    )
    assert isinstance(results[1], ZeroDivisionError)
    assert [one.inbound.text for one in await store.waiting(ANA, 10)] == ["avant", "après"]


async def test_what_another_secret_sealed_is_dropped_and_said_at_the_start(
    store: Store, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await answer(store, ANA, "bonjour", memory={"greeted": True})
    await write(store, BOB, "bonjour")
    other = Store(create_store_engine(url), Vault("another"))
    await other.open()
    assert "JALON_SECRET changed: 3 SMS, memories and codes are lost" in caplog.text
    assert await other.waiting(BOB, 10) == []
    assert await other.take_due(["test"], 10) == []
    assert (await other.known(ANA)).memory == {}
    await other.close()
