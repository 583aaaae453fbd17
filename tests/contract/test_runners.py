"""Whoever wakes the dispatcher, what is due is dialled, once, by whichever worker lives: the embedded runner on both
databases, and procrastinate with several workers on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.attempts.retries import RetryPolicy
from agent.model.clock import new_id, utc_now
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.record import OutboxKind, OutboxMessage
from agent.schedule.breaker import TrunkLimits
from agent.schedule.calendar import ALL_DAY, CallingCalendar, every_day
from agent.schedule.courtesy import Courtesy
from agent.schedule.dispatcher import Dispatcher, Lines
from agent.schedule.outbox import Outbox
from agent.schedule.ports import CarrierStatus
from agent.schedule.runner import Pace, Runner
from agent.store.open import migrate, open_store
from agent.store.ports import Store
from tests.contract.conftest import emptied
from tests.fakes import rows

if TYPE_CHECKING:
    from agent.schedule.pg_wakeups import PgWakeUps

SOON = timedelta(seconds=0.5)
AT_ALL_TIMES = Courtesy(CallingCalendar(every_day(*ALL_DAY)), 100, 100)


@dataclass
class BusyCarrier:
    """Everybody's line is busy, which whoever dialled is told at once."""

    dialled: list[str] = field(default_factory=list)
    tell: Callable[[CarrierStatus], Awaitable[None]] | None = None

    async def dial(self, *, attempt_id: str, to: str) -> str:
        self.dialled.append(to)
        asyncio.get_running_loop().call_later(0.05, self._busy, attempt_id)
        return f"CA-{attempt_id}"

    def _busy(self, attempt_id: str) -> None:
        assert self.tell is not None
        said = self.tell(CarrierStatus(attempt_id, f"CA-{attempt_id}", "busy", utc_now()))
        self.told = asyncio.ensure_future(said)


@dataclass
class House:
    """`workers` processes' worth of schedulers on one store; `die` stops one as a crash would."""

    store: Store
    carrier: BusyCarrier
    runners: list[Runner]
    wakeups: list[PgWakeUps]

    async def until(self, true: Callable[[], bool], seconds: float = 60.0) -> None:
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110  real workers have no event for us
                await asyncio.sleep(0.02)

    async def all_are(self, status: ContactStatus, seconds: float = 60.0) -> None:
        async with asyncio.timeout(seconds):
            while True:
                async with self.store.transaction(write=False) as records:
                    if {each.status for each in await records.contacts()} == {status}:
                        return
                await asyncio.sleep(0.05)


@asynccontextmanager
async def house(url: str, workers: int, *, by_jobs: bool) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        store = await open_store(url)
        stack.push_async_callback(store.close)
        made = House(store, BusyCarrier(), [], [])
        retries = RetryPolicy(2, {AttemptOutcome.BUSY: SOON})
        for number in range(workers):
            lines = Lines(f"w{number}", TrunkLimits("main", 20, per_second=500.0), retries, AT_ALL_TIMES)
            dispatcher = Dispatcher(store, made.carrier, lines, utc_now, new_id)
            made.carrier.tell = dispatcher.status_changed
            pace = Pace(outbox_seconds=0.05, dispatch_seconds=None if by_jobs else 0.1)
            told: list[PgWakeUps] = []
            runner = Runner(dispatcher, Outbox(store, teller(told), utc_now), pace)
            if by_jobs:
                from agent.schedule.pg_wakeups import PgWakeUps

                told.append(PgWakeUps(url, runner.dispatch))
                await told[0].start()
                stack.push_async_callback(told[0].stop)
                made.wakeups.append(told[0])
            runner.start()
            stack.push_async_callback(runner.stop)
            made.runners.append(runner)
        yield made


def teller(wakeups: list[PgWakeUps]) -> Callable[[OutboxMessage], Awaitable[None]]:
    async def tell(message: OutboxMessage) -> None:
        for each in wakeups:
            if message.kind is OutboxKind.CONTACT_CHANGED:
                await each.contact_changed(message.subject)

    return tell


@pytest.fixture(params=["sqlite", "postgresql", "procrastinate"])
async def running(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'suifang.db'}"
        migrate(url)
        workers = 1
    else:
        url, workers = emptied(request.getfixturevalue("postgres_url")), 3
    async with house(url, workers, by_jobs=request.param == "procrastinate") as made:
        yield made


async def people(store: Store, count: int, due_in: timedelta = timedelta()) -> None:
    due = utc_now() + due_in
    async with store.transaction() as records:
        for number in range(1, count + 1):
            await records.add_patient(rows.patient(number))
            await records.add_plan(rows.plan(number), [rows.contact(number, due_at=due)])


async def test_everybody_due_is_dialled_once_and_tried_again_when_the_wait_is_over(running: House) -> None:
    await people(running.store, 30)
    await running.until(lambda: len(running.carrier.dialled) >= 60)
    await running.all_are(ContactStatus.UNREACHABLE)
    await asyncio.sleep(0.5)  # whoever would dial once too often does it now
    assert sorted(running.carrier.dialled) == sorted(rows.patient(n).phone for n in range(1, 31) for _ in range(2))


async def test_what_falls_due_later_is_dialled_then(running: House) -> None:
    await people(running.store, 1, timedelta(seconds=1.5))
    async with running.store.transaction(write=False) as records:
        (planned,) = await records.contacts()
    await running.until(lambda: bool(running.carrier.dialled))
    async with running.store.transaction(write=False) as records:
        attempt, *_ = await records.attempts()
        assert attempt.created_at >= planned.due_at


async def test_a_worker_that_stops_leaves_its_work_to_the_others(running: House) -> None:
    for runner, wakeups in zip(running.runners[1:], [*running.wakeups[1:], *[None] * 3], strict=False):
        await runner.stop()
        if wakeups is not None:
            await wakeups.stop()
    await people(running.store, 5)
    await running.until(lambda: len(running.carrier.dialled) >= 5)
