"""SQLite's writers share a commit: none of them returns before it, none fails for another's sake."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from agent.store.engines import sqlite_engines
from agent.store.open import migrate
from agent.store.ports import StoreError
from agent.store.sql.file_door import FileDoor
from agent.store.sql.line import FileLine
from agent.store.sql.store import SqlStore
from tests.fakes import rows


class Disk:
    """A store, and how often it committed."""

    def __init__(self, url: str) -> None:
        writer, reader = sqlite_engines(url)
        self.door = FileDoor(writer, reader)
        self.store = SqlStore(self.door)
        self.commits = 0
        event.listen(writer, "commit", self._count)

    def _count(self, connection: Connection) -> None:
        self.commits += 1

    async def add(self, number: int) -> None:
        async with self.store.transaction() as records:
            await records.add_patient(rows.patient(number))

    async def stored(self) -> int:
        async with self.store.transaction(write=False) as records:
            return len(await records.patients())


@pytest.fixture
async def disk(tmp_path: Path) -> AsyncIterator[Disk]:
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    migrate(url)
    made = Disk(url)
    yield made
    await made.store.close()


async def test_writers_at_once_share_commits(disk: Disk) -> None:
    await asyncio.gather(*(disk.add(number) for number in range(1, 41)))
    assert await disk.stored() == 40
    assert disk.commits <= 3


async def test_what_returned_is_on_the_disk(disk: Disk) -> None:
    async def add_and_look(number: int) -> int:
        await disk.add(number)
        return await disk.stored()

    seen = await asyncio.gather(*(add_and_look(number) for number in range(1, 11)))
    assert all(count >= 1 for count in seen)
    assert max(seen) == 10


async def test_a_part_that_fails_is_undone_alone(disk: Disk) -> None:
    results = await asyncio.gather(*(disk.add(number) for number in (1, 2, 1, 3)), return_exceptions=True)
    assert [isinstance(each, StoreError) for each in results] == [False, False, True, False]
    assert await disk.stored() == 3


async def test_a_commit_that_fails_is_told_to_everybody_in_it(disk: Disk) -> None:
    """A contact of nobody's plan, found out only at the commit."""

    async def orphan() -> None:
        async with disk.door.begin(write=True) as line:
            assert isinstance(line, FileLine)
            await line.change(text("PRAGMA defer_foreign_keys = ON"), None, brief=True)
            wrong = "INSERT INTO opt_outs (patient_id, since, channel) VALUES ('nobody', '2026-11-22', 'sms')"
            await line.change(text(wrong), None, brief=True)

    results = await asyncio.gather(disk.add(1), orphan(), disk.add(2), return_exceptions=True)
    assert [type(each) is type(None) for each in results] == [False, False, False]
    assert await disk.stored() == 0
    await disk.add(3)
    assert await disk.stored() == 1


async def test_whoever_is_cancelled_while_waiting_leaves_the_queue_whole(disk: Disk) -> None:
    tasks = [asyncio.create_task(disk.add(number)) for number in range(1, 9)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.wait_for(disk.add(99), 30)
    assert await disk.stored() >= 5


async def test_a_writer_that_fails_may_close_the_store_at_once(tmp_path: Path) -> None:
    """As `import --dry-run` does; what is left over when the program ends is printed as a fault."""
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    migrate(url)
    unheard: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: unheard.append(told))
    disk = Disk(url)
    with pytest.raises(ValueError):
        async with disk.store.transaction() as records:
            await records.add_patient(rows.patient(1))
            raise ValueError
    left = asyncio.all_tasks() - {asyncio.current_task()}
    await disk.store.close()
    if left:
        await asyncio.wait(left)
    assert [task.exception() for task in left] == [None] and unheard == []
