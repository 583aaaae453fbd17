"""What a transaction promises: all or nothing, nothing lost, no writing while reading, no naive time."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from agent.model.contact import AttemptOutcome
from agent.store.open import open_store
from agent.store.ports import Duplicate, ReadOnly, StaleVersion, Store, StoreError
from tests.fakes.rows import NOON, add_people, attempt, contact, escalation, patient, plan

NAIVE = datetime(2026, 11, 21, 4, 0)


class Stopped(Exception):
    pass


async def test_an_exception_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(Stopped):
        async with store.transaction() as records:
            await add_people(records)
            raise Stopped
    async with store.transaction(write=False) as records:
        assert await records.patients() == []


async def test_a_cancelled_transaction_leaves_nothing_behind_and_blocks_nobody(store: Store) -> None:
    """A caller hangs up, a server stops: the task is cancelled wherever it happens to be."""

    async def write(number: int) -> None:
        async with store.transaction() as records:
            await records.add_patient(patient(number))
            await records.add_plan(plan(number), [contact(number)])

    for steps in range(12):
        tasks = [asyncio.create_task(write(10 * steps + number)) for number in range(1, 4)]
        for _ in range(steps * 3):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.wait_for(write(999), timeout=10)
    async with store.transaction(write=False) as records:
        written = await records.patients()
        assert patient(999) in written
        for each in written:
            assert len(await records.plans(each.id)) == 1
            assert len(await records.contacts(patient_id=each.id)) == 1


async def test_a_reader_may_not_write(store: Store) -> None:
    with pytest.raises(ReadOnly):
        async with store.transaction(write=False) as records:
            await records.add_patient(patient())
    async with store.transaction() as records:
        await records.add_patient(patient())  # the connection went back able to write


async def test_a_reader_sees_one_moment(store: Store) -> None:
    async with store.transaction(write=False) as reading:
        assert await reading.patients() == []
        async with store.transaction() as records:
            await records.add_patient(patient())
        assert await reading.patients() == []
    async with store.transaction(write=False) as reading:
        assert await reading.patients() == [patient()]


async def test_a_hundred_updates_under_the_fence_lose_none(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)

    async def count_up() -> None:
        done = 0
        while done < 20:
            try:
                async with store.transaction(write=False) as reading:
                    read = await reading.contact("c0001-3")
                async with store.transaction() as records:
                    await records.save_contact(replace(read, attempts_made=read.attempts_made + 1))
                done += 1
            except StaleVersion:
                await asyncio.sleep(0)

    await asyncio.gather(*(count_up() for _ in range(5)))
    async with store.transaction(write=False) as records:
        stored = await records.contact("c0001-3")
    assert (stored.attempts_made, stored.version) == (100, 101)


async def test_a_hundred_updates_of_a_row_read_for_writing_lose_none(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        await records.add_attempt(attempt(detail="0"))

    async def count_up() -> None:
        async with store.transaction() as records:
            read = await records.attempt("a0001-3")
            await asyncio.sleep(0)
            await records.save_attempt(replace(read, detail=str(int(read.detail or "0") + 1)))

    await asyncio.gather(*(count_up() for _ in range(100)))
    async with store.transaction(write=False) as records:
        assert (await records.attempt("a0001-3")).detail == "100"


async def test_two_processes_on_one_database_lose_nothing_of_each_other(database_url: str) -> None:
    stores = [await open_store(database_url) for _ in range(2)]
    async with stores[0].transaction() as records:
        await add_people(records)
        await records.add_attempt(attempt(detail="0"))

    async def count_up(store: Store) -> None:
        for _ in range(25):
            async with store.transaction() as records:
                read = await records.attempt("a0001-3")
                await records.save_attempt(replace(read, detail=str(int(read.detail or "0") + 1)))

    await asyncio.gather(*(count_up(store) for store in stores))
    async with stores[1].transaction(write=False) as records:
        assert (await records.attempt("a0001-3")).detail == "50"
    for store in stores:
        await store.close()


async def test_a_moment_of_another_zone_comes_back_as_the_same_moment(store: Store) -> None:
    beijing = datetime(2026, 3, 1, 7, 30, 0, 250, tzinfo=timezone(timedelta(hours=8)))
    async with store.transaction() as records:
        await add_people(records)
        await records.save_contact(contact(due_at=beijing))
    async with store.transaction(write=False) as records:
        due = (await records.contact("c0001-3")).due_at
    assert due == beijing


async def test_naive_moments_are_refused(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
    with pytest.raises(ValueError, match="naive"):
        async with store.transaction() as records:
            await records.save_contact(contact(due_at=NAIVE))
    with pytest.raises(ValueError, match="naive"):
        async with store.transaction() as records:
            await records.add_attempt(attempt(ended_at=NAIVE))
    with pytest.raises(ValueError, match="naive"):
        async with store.transaction() as records:
            await records.claim_due(now=NAIVE, lease_until=NOON, worker="w", limit=1)
    async with store.transaction(write=False) as records:
        assert await records.contact("c0001-3") == contact()


async def test_no_refusal_repeats_what_a_row_says(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        await records.add_attempt(attempt(outcome=AttemptOutcome.COMPLETED))
        await records.add_escalation(escalation())
    refusals: list[BaseException] = []
    for row in (patient(id="other"), patient()):
        with pytest.raises(Duplicate) as refused:
            async with store.transaction() as records:
                await records.add_patient(row)
        refusals.append(refused.value)
    with pytest.raises(StoreError) as stale:
        async with store.transaction() as records:
            await records.save_escalation(escalation(version=7))
    refusals.append(stale.value)
    for refusal in refusals:
        told = f"{refusal!r} {refusal.__cause__!r}"
        assert not any(secret in told for secret in (patient().name, patient().phone, "心口疼"))
        assert refusal.__suppress_context__ or refusal.__context__ is None
