"""Writes that share a transaction, on the real SQLite store."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from agent.model.people import Patient
from agent.store.open import migrate, open_store
from agent.store.ports import Duplicate, Records, Store, StoreError
from agent.store.together import Together
from tests.fakes import rows


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    migrate(url)
    opened = await open_store(url)
    yield opened
    await opened.close()


class Counted:
    """Adds patients and counts the transactions it took."""

    def __init__(self) -> None:
        self.transactions = 0

    async def __call__(self, records: Records, patients: Sequence[Patient]) -> None:
        self.transactions += 1
        for patient in patients:
            await records.add_patient(patient)


async def stored(store: Store) -> int:
    async with store.transaction(write=False) as records:
        return len(await records.patients())


async def test_what_arrives_at_once_shares_transactions(store: Store) -> None:
    write = Counted()
    together = Together(store, write)
    await asyncio.gather(*(together.keep(rows.patient(number)) for number in range(1, 51)))
    assert await stored(store) == 50
    assert write.transactions <= 2


async def test_what_fails_fails_alone(store: Store) -> None:
    together = Together(store, Counted())
    asked = [rows.patient(1), rows.patient(2), rows.patient(1), rows.patient(3)]
    results = await asyncio.gather(*(together.keep(each) for each in asked), return_exceptions=True)
    assert [type(each) for each in results] == [type(None), type(None), Duplicate, type(None)]
    assert await stored(store) == 3


async def test_whoever_went_away_takes_nobody_along(store: Store) -> None:
    together = Together(store, Counted())
    gone = asyncio.create_task(together.keep(rows.patient(1)))
    stays = asyncio.create_task(together.keep(rows.patient(2)))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    assert await stored(store) == 2


async def test_a_fault_in_the_writing_leaves_nobody_waiting(store: Store) -> None:
    async def broken(records: Records, patients: Sequence[Patient]) -> None:
        raise ZeroDivisionError

    together = Together(store, broken)
    with pytest.raises(StoreError):
        await asyncio.wait_for(together.keep(rows.patient(1)), 30)


async def test_what_comes_during_a_writing_that_breaks_off_is_told_so(store: Store) -> None:
    begun, breaks = asyncio.Event(), asyncio.Event()

    async def broken(records: Records, patients: Sequence[Patient]) -> None:
        begun.set()
        await breaks.wait()
        raise ZeroDivisionError

    together = Together(store, broken)
    first = asyncio.create_task(together.keep(rows.patient(1)))
    await begun.wait()
    meanwhile = asyncio.create_task(together.keep(rows.patient(2)))
    await asyncio.sleep(0)
    breaks.set()
    for each in (first, meanwhile):
        with pytest.raises(StoreError):
            await asyncio.wait_for(each, 30)
