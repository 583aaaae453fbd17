"""Dialling at scale on PostgreSQL against a stub carrier: attempts a second with 50,000 due, from due to dialled at a
steady pace, the poll that finds nothing, and memory while contacts of the future pile up."""

import argparse
import asyncio
import resource
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from agent.attempts.retries import RetryPolicy
from agent.model.clock import new_id, utc_now
from agent.model.contact import AttemptOutcome
from agent.model.record import OutboxKind, OutboxMessage
from agent.schedule.breaker import TrunkLimits
from agent.schedule.calendar import ALL_DAY, CallingCalendar, every_day
from agent.schedule.courtesy import Courtesy
from agent.schedule.dispatcher import Dispatcher, Lines
from agent.schedule.outbox import Outbox
from agent.schedule.ports import CarrierStatus
from agent.schedule.runner import Round, Runner
from agent.schedule.weigher import Weigher
from agent.store.engines import sync_engine
from agent.store.open import migrate, open_store
from agent.store.ports import Store
from agent.store.tables import metadata
from bench.crowd import Series, add_contacts, add_patients
from drills.postgres import MISSING, postgres
from wiring.wakeups import ContactChanged, pace_for, waking

ANSWERS_IN, RINGS = 0.02, 0.3  # seconds: the carrier's answer to a dial; until a line is busy
LONG_AWAY = timedelta(days=30)


@dataclass
class Stub:
    """Answers every dial, and tells a busy line a moment later to the worker that dialled."""

    dispatcher: Dispatcher | None = None
    dialled: dict[str, datetime] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def dial(self, *, attempt_id: str, to: str) -> str:
        await asyncio.sleep(ANSWERS_IN)
        self.dialled[to] = utc_now()
        task = asyncio.create_task(self._busy(attempt_id))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return f"CA-{attempt_id}"

    async def idle(self) -> None:
        """Returns when every call has ended."""
        while self.tasks:
            await asyncio.wait(self.tasks)

    async def _busy(self, attempt_id: str) -> None:
        await asyncio.sleep(RINGS)
        assert self.dispatcher is not None
        await self.dispatcher.status_changed(CarrierStatus(attempt_id, f"CA-{attempt_id}", "busy", utc_now()))

    async def status(self, carrier_ref: str) -> str:
        return "in-progress"

    async def hang_up(self, carrier_ref: str) -> None:
        return None

    async def find(self, *, attempt_id: str, to: str, since: datetime) -> str | None:
        return None


@dataclass
class Workers:
    store: Store
    dispatchers: list[Dispatcher]
    stubs: list[Stub]
    runners: list[Runner]

    def dialled(self) -> dict[str, datetime]:
        return {to: at for stub in self.stubs for to, at in stub.dialled.items()}


@asynccontextmanager
async def workers(url: str, count: int, limits: TrunkLimits) -> AsyncIterator[Workers]:
    """`count` workers' schedulers in this process, woken by jobs where procrastinate is installed."""
    async with AsyncExitStack() as stack:
        store = await open_store(url)
        stack.push_async_callback(store.close)
        made = Workers(store, [], [], [])
        any_time = Courtesy(CallingCalendar(every_day(*ALL_DAY)), 10, 50)
        for number in range(count):
            stub = Stub()
            stack.push_async_callback(stub.idle)
            lines = Lines(f"w{number}", limits, RetryPolicy(1, {AttemptOutcome.BUSY: LONG_AWAY}), any_time)
            stub.dispatcher = Dispatcher(store, stub, lines, utc_now, new_id)
            changed: list[ContactChanged] = []
            runner = Runner(stub.dispatcher, Outbox(store, _teller(changed), utc_now), pace_for(url))
            runner.give(Round.WEIGH, Weigher(store, lambda pathway: False, utc_now).weigh_new)
            changed.append(await stack.enter_async_context(waking(url, runner)))
            runner.start()
            stack.push_async_callback(runner.stop)
            made.dispatchers.append(stub.dispatcher)
            made.stubs.append(stub)
            made.runners.append(runner)
        yield made


def _teller(changed: list[ContactChanged]):  # type: ignore[no-untyped-def]
    async def tell(message: OutboxMessage) -> None:
        if message.kind is OutboxKind.CONTACT_CHANGED:
            await changed[0](message.subject)

    return tell


async def flood(url: str, due: int, seconds: float, count: int) -> dict[str, Any]:
    """Everybody is due at once; how many attempts a second are begun and carried to the carrier."""
    now = utc_now()
    add_patients(url, 1, due, now)
    add_contacts(url, Series(1, now - timedelta(seconds=1)))
    await _weigh_all(url)  # as they would have been the day before
    async with workers(url, count, TrunkLimits("bench", 400, per_second=1000.0)) as house:
        await asyncio.sleep(2)  # the first wake-ups
        began, before = time.monotonic(), len(house.dialled())
        await asyncio.sleep(seconds)
        made, spent = len(house.dialled()) - before, time.monotonic() - began
        untold = _rows(url, "outbox")
    rate = round(made / spent, 1)
    return {"due": due, "workers": count, "attempts": made, "attempts_per_second": rate, "untold_at_the_end": untold}


async def _weigh_all(url: str) -> None:
    store = await open_store(url)
    weigher = Weigher(store, lambda pathway: False, utc_now)
    while await weigher.weigh_new():
        pass
    await store.close()


async def steady(url: str, first: int, a_second: float, seconds: int, count: int) -> dict[str, Any]:
    """Contacts fall due at a steady pace; from due to the carrier's answer."""
    many = int(a_second * seconds)
    begin = utc_now() + timedelta(seconds=6)
    add_patients(url, first, first + many - 1, begin)
    add_contacts(url, Series(1, begin - timedelta(seconds=first / a_second), apart=1 / a_second))
    await _weigh_all(url)
    async with workers(url, count, TrunkLimits("bench", 400, per_second=1000.0)) as house:
        await asyncio.sleep((begin - utc_now()).total_seconds() + seconds + 4)
        dialled = house.dialled()
    numbers = {f"+86139{n:08}": begin + timedelta(seconds=(n - first) / a_second) for n in range(first, first + many)}
    waits = sorted((dialled[to] - due).total_seconds() for to, due in numbers.items() if to in dialled)
    return {"a_second": a_second, "due": many, "dialled": len(waits), **percentiles(waits, "s")}


async def idle(url: str, polls: int) -> dict[str, Any]:
    """The poll that finds nothing due."""
    async with workers(url, 0, TrunkLimits("bench", 400)) as house:
        any_time = Courtesy(CallingCalendar(every_day(*ALL_DAY)))
        lines = Lines("idle", TrunkLimits("bench", 400), RetryPolicy(), any_time)
        dispatcher = Dispatcher(house.store, Stub(), lines, utc_now, new_id)
        spent = []
        for _ in range(polls):
            began = time.perf_counter()
            assert await dispatcher.dispatch() == 0
            spent.append((time.perf_counter() - began) * 1000)
    return percentiles(spent[10:], "ms")


def percentiles(values: list[float], unit: str) -> dict[str, float]:
    ordered = sorted(values) or [float("nan")]
    return {
        f"p50_{unit}": round(statistics.median(ordered), 3),
        f"p95_{unit}": round(ordered[int(0.95 * (len(ordered) - 1))], 3),
        f"max_{unit}": round(ordered[-1], 3),
    }


def memory_mb() -> float:
    """Resident now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * resource.getpagesize() / 2**20, 1)


async def measure(url: str, args: argparse.Namespace) -> dict[str, Any]:
    """Every part on tables of its own."""
    migrate(url)
    report: dict[str, Any] = {"flood": await flood(url, args.due, args.seconds, args.workers)}
    _empty(url)
    report["steady"] = await steady(url, 1, args.rate, args.seconds, args.workers)
    _empty(url)
    report["poll_on_empty_tables"], small = await idle(url, args.polls), memory_mb()
    add_patients(url, 1, args.future // 10, utc_now())
    made = add_contacts(url, Series(10, utc_now() + timedelta(days=1)))
    report["poll_with_future_contacts"] = {"contacts": made, **await idle(url, args.polls)}
    report["memory_mb"] = {"before": small, "with_future_contacts": memory_mb()}
    return report


def _rows(url: str, table: str) -> int:
    engine = sync_engine(url)
    with engine.connect() as connection:
        found = int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
    engine.dispose()
    return found


def _empty(url: str) -> None:
    engine = sync_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE"))
    engine.dispose()


def run(options: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang bench dispatch")
    parser.add_argument("--due", type=int, default=50_000)
    parser.add_argument("--rate", type=float, default=15.0, help="contacts falling due in a second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--polls", type=int, default=300)
    parser.add_argument("--future", type=int, default=500_000)
    parser.add_argument("--postgresql", help="URL of an EMPTY database (default: one started for the bench)")
    args = parser.parse_args(options)
    with postgres(args.postgresql) as url:
        return {"missing": MISSING} if url is None else asyncio.run(measure(url, args))
