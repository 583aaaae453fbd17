"""The embedded runner: one process's heartbeat. Drains the outbox, dials what is due, sends messages, settles what
was lost."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from agent.model.clock import Now
from agent.model.record import OutboxMessage
from agent.schedule.dispatcher import Dispatcher
from agent.store.ports import Store

log = logging.getLogger("suifang.runner")

TOLD_AT_ONCE = 8

Tell = Callable[[OutboxMessage], Awaitable[None]]
"""Tells the world one committed fact (dashboard, pager); must be safe to repeat."""


@dataclass(frozen=True, slots=True)
class Pace:
    outbox_seconds: float = 0.2
    dispatch_seconds: float | None = 1.0  # None: woken from outside
    settle_seconds: float = 20.0
    second_pass_seconds: float = 3.0
    post_seconds: float = 0.5
    chat_seconds: float = 0.2
    chat_clock_seconds: float = 30.0
    teach_seconds: float = 5.0
    wechat_seconds: float = 0.2
    weigh_seconds: float = 1.0
    take_over_seconds: float = 0.3
    follow_seconds: float = 1.0
    campaigns_seconds: float = 2.0
    warm_up_seconds: float = 60.0
    watch_seconds: float = 2.0
    lessons_seconds: float = 60.0
    troubles_seconds: float = 60.0


class Runner:
    def __init__(self, store: Store, dispatcher: Dispatcher, tell: Tell, now: Now, pace: Pace | None = None) -> None:
        self._store, self._dispatcher, self._tell, self._now = store, dispatcher, tell, now
        self._pace = pace or Pace()
        self._tasks: list[asyncio.Task[None]] = []
        self._wake = asyncio.Event()
        self._telling = asyncio.Semaphore(TOLD_AT_ONCE)
        self.dialling = True
        self.second_pass: Callable[[], Awaitable[int]] = _nothing_to_do
        self.post: Callable[[], Awaitable[int]] = _nothing_to_do
        self.chat: Callable[[], Awaitable[int]] = _nothing_to_do
        self.chat_clock: Callable[[], Awaitable[int]] = _nothing_to_do
        self.wechat: Callable[[], Awaitable[int]] = _nothing_to_do
        self.weigh: Callable[[], Awaitable[int]] = _nothing_to_do
        self.campaigns: Callable[[], Awaitable[int]] = _nothing_to_do
        self.warm_up: Callable[[], Awaitable[int]] = _nothing_to_do
        self.watch: Callable[[], Awaitable[int]] = _nothing_to_do
        self.lessons: Callable[[], Awaitable[int]] = _nothing_to_do
        self.troubles: Callable[[], Awaitable[int]] = _nothing_to_do
        self.take_overs: Callable[[], Awaitable[int]] = _nothing_to_do
        self.follow: Callable[[], Awaitable[int]] = _nothing_to_do
        self.teach: Callable[[], Awaitable[int]] = _nothing_to_do

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._every(self._pace.outbox_seconds, self.drain, self._wake), name="outbox"),
            asyncio.create_task(self._every(self._pace.settle_seconds, self._dispatcher.settle), name="settle"),
            asyncio.create_task(self._every(self._pace.second_pass_seconds, self.second_pass), name="second pass"),
            asyncio.create_task(self._every(self._pace.post_seconds, self.post), name="post"),
            asyncio.create_task(self._every(self._pace.chat_seconds, self.chat), name="chat"),
            asyncio.create_task(self._every(self._pace.chat_clock_seconds, self.chat_clock), name="chat clock"),
            asyncio.create_task(self._every(self._pace.teach_seconds, self.teach), name="teach"),
            asyncio.create_task(self._every(self._pace.wechat_seconds, self.wechat), name="wechat"),
            asyncio.create_task(self._every(self._pace.weigh_seconds, self.weigh), name="weigh"),
            asyncio.create_task(self._every(self._pace.take_over_seconds, self._take_over), name="take over"),
            asyncio.create_task(self._every(self._pace.follow_seconds, self._follow), name="follow"),
            asyncio.create_task(self._every(self._pace.campaigns_seconds, self.campaigns), name="campaigns"),
            asyncio.create_task(self._every(self._pace.warm_up_seconds, self.warm_up), name="warm-up"),
            asyncio.create_task(self._every(self._pace.watch_seconds, self.watch), name="watch"),
            asyncio.create_task(self._every(self._pace.lessons_seconds, self.lessons), name="lessons"),
            asyncio.create_task(self._every(self._pace.troubles_seconds, self.troubles), name="troubles"),
        ]
        if self._pace.dispatch_seconds is not None:
            dispatching = self._every(self._pace.dispatch_seconds, self.dispatch)
            self._tasks.append(asyncio.create_task(dispatching, name="dispatch"))

    def wake(self) -> None:
        """Something was committed: look at the outbox now."""
        self._wake.set()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._dispatcher.close()

    async def drain(self) -> int:
        """Tells everything that is committed and untold, several at once; returns how much. What could not be told is
        told again when its hold is over, and keeps nothing else back."""
        async with self._store.transaction() as records:
            messages = await records.claim_outbox(limit=100, now=self._now())
        failures = await asyncio.gather(*map(self._tell_one, messages), return_exceptions=True)
        told = [message.id for message, failure in zip(messages, failures, strict=True) if failure is None]
        if told:
            async with self._store.transaction() as records:
                await records.outbox_done(*told)
        for failure in failures:
            if failure is not None:
                raise failure
        return len(told)

    async def _tell_one(self, message: OutboxMessage) -> None:
        async with self._telling:
            await self._tell(message)

    async def dispatch(self) -> int:
        """One round of dialling, once the house may dial."""
        return await self._dispatcher.dispatch() if self.dialling else 0

    async def _take_over(self) -> int:
        """Looked up at each beat, as is the next: calls and pages are there only once the lines are open."""
        return await self.take_overs()

    async def _follow(self) -> int:
        return await self.follow()

    async def _every(
        self, seconds: float, work: Callable[[], Awaitable[int]], wake: asyncio.Event | None = None
    ) -> None:
        """Named edge: a failing round is logged by its type and tried again at the next beat; nothing is skipped for
        good, since every round starts from the tables."""
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001  see the docstring
                log.error("runner: %s failed: %s", getattr(work, "__name__", "work"), type(error).__name__)
            if wake is None:
                await asyncio.sleep(seconds)
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), seconds)
            wake.clear()


async def _nothing_to_do() -> int:
    return 0
