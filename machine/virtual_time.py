"""Time that is not the machine's, for tests, benches and drills: a clock that stands still until it is moved, and an
event loop whose clock jumps to the next timer, minutes of call in milliseconds, never flaky."""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

BEGINNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


class MovableClock:
    """Stands still until it is moved: call it for the moment it shows."""

    def __init__(self, at: datetime = BEGINNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **time: float) -> None:
        """Moved on by so many `seconds`, `minutes`, `hours` or `days`."""
        self.at += timedelta(**time)


class Deadlock(Exception):
    """Nothing is scheduled and nothing will happen any more."""


class _JumpingSelector(selectors.DefaultSelector):
    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready:
            return ready
        if timeout is None:
            raise Deadlock
        self.loop.elapsed += max(timeout, 0.0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        selector = _JumpingSelector()
        super().__init__(selector)
        selector.loop = self
        self.elapsed = 0.0

    def time(self) -> float:
        return getattr(self, "elapsed", 0.0)

    def now(self) -> datetime:
        return BEGINNING + timedelta(seconds=self.elapsed)


def run_virtual(main: Coroutine[Any, Any, T], *, limit_seconds: float = 3600.0) -> T:
    """Runs to the end on a virtual clock; fails when it takes more than `limit_seconds` of it or leaks a task."""
    loop = VirtualLoop()
    try:
        result = loop.run_until_complete(asyncio.wait_for(main, limit_seconds))
        left = [task for task in asyncio.all_tasks(loop) if not task.done()]
        if left:
            raise AssertionError(f"leaked tasks: {left}")
        return result
    finally:
        loop.close()
