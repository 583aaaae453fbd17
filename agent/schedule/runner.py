"""The embedded runner: one process's heartbeat. Drains the outbox, dials what is due, sends messages, settles what
was lost."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from agent.schedule.dispatcher import Dispatcher
from agent.schedule.outbox import Outbox

log = logging.getLogger("suifang.runner")

Work = Callable[[], Awaitable[int]]
"""One round of something; how much there was to do."""


class Round(StrEnum):
    """What others give the runner to do."""

    SECOND_PASS = "second pass"
    POST = "post"
    CHAT = "chat"
    CHAT_CLOCK = "chat clock"
    TEACH = "teach"
    WECHAT = "wechat"
    WEIGH = "weigh"
    TAKE_OVER = "take over"
    FOLLOW = "follow"
    CAMPAIGNS = "campaigns"
    WARM_UP = "warm-up"
    WATCH = "watch"
    LESSONS = "lessons"
    TROUBLES = "troubles"


EVERY_SECONDS: Mapping[Round, float] = {
    Round.SECOND_PASS: 3.0,
    Round.POST: 0.5,
    Round.CHAT: 0.2,
    Round.CHAT_CLOCK: 30.0,
    Round.TEACH: 5.0,
    Round.WECHAT: 0.2,
    Round.WEIGH: 1.0,
    Round.TAKE_OVER: 0.3,
    Round.FOLLOW: 1.0,
    Round.CAMPAIGNS: 2.0,
    Round.WARM_UP: 60.0,
    Round.WATCH: 2.0,
    Round.LESSONS: 60.0,
    Round.TROUBLES: 60.0,
}


@dataclass(frozen=True, slots=True)
class Pace:
    """Of the runner's own rounds."""

    outbox_seconds: float = 0.2
    dispatch_seconds: float | None = 1.0  # None: woken from outside
    settle_seconds: float = 20.0


class Runner:
    def __init__(self, dispatcher: Dispatcher, outbox: Outbox, pace: Pace | None = None) -> None:
        self._dispatcher, self._outbox = dispatcher, outbox
        self._pace = pace or Pace()
        self._given: list[tuple[Round, Work]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.dialling = True

    def give(self, name: Round, work: Work) -> None:
        """Done at its pace from `start` on; at once where the runner has started."""
        self._given.append((name, work))
        if self._tasks:
            self._begin(name, EVERY_SECONDS[name], work)

    def start(self) -> None:
        self._begin("outbox", self._pace.outbox_seconds, self._outbox.drain, self._outbox.woken)
        self._begin("settle", self._pace.settle_seconds, self._dispatcher.settle)
        if self._pace.dispatch_seconds is not None:
            self._begin("dispatch", self._pace.dispatch_seconds, self.dispatch)
        for name, work in self._given:
            self._begin(name, EVERY_SECONDS[name], work)

    def _begin(self, name: str, seconds: float, work: Work, wake: asyncio.Event | None = None) -> None:
        self._tasks.append(asyncio.create_task(self._every(name, seconds, work, wake), name=name))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._dispatcher.close()

    async def dispatch(self) -> int:
        """One round of dialling, once the house may dial."""
        return await self._dispatcher.dispatch() if self.dialling else 0

    async def _every(self, name: str, seconds: float, work: Work, wake: asyncio.Event | None) -> None:
        """Named edge: a failing round is logged by its type and tried again at the next beat; nothing is skipped for
        good, since every round starts from the tables."""
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001  see the docstring
                log.error("runner: %s failed: %s", name, type(error).__name__)
            if wake is None:
                await asyncio.sleep(seconds)
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), seconds)
            wake.clear()
