"""Who wakes the dispatcher: this process's own heartbeat, or jobs shared by all processes on PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.util import find_spec

from agent.schedule.runner import Pace, Runner

ContactChanged = Callable[[str], Awaitable[None]]


def by_jobs(database: str) -> bool:
    """On PostgreSQL, where procrastinate is installed."""
    return database.startswith("postgresql") and find_spec("procrastinate") is not None


def pace_for(database: str, pace: Pace | None = None) -> Pace:
    pace = pace or Pace()
    return replace(pace, dispatch_seconds=None) if by_jobs(database) else pace


@asynccontextmanager
async def waking(database: str, runner: Runner) -> AsyncIterator[ContactChanged]:
    """Gives what is to be told of each changed contact."""
    if not by_jobs(database):
        yield nobody_to_wake
        return
    from agent.schedule.pg_wakeups import PgWakeUps  # its library is optional

    wakeups = PgWakeUps(database, runner.dispatch)
    await wakeups.start()
    try:
        yield wakeups.contact_changed
    finally:
        await wakeups.stop()


async def nobody_to_wake(contact_id: str) -> None:
    return None
