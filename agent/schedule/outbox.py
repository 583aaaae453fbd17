"""What a commit wants told afterwards is told: to the pages, the pager, the dispatcher."""

import asyncio
from collections.abc import Awaitable, Callable

from agent.model.clock import Now
from agent.model.record import OutboxMessage
from agent.store.ports import Store

TOLD_AT_ONCE = 8

Tell = Callable[[OutboxMessage], Awaitable[None]]
"""Tells the world one committed fact (dashboard, pager); must be safe to repeat."""


class Outbox:
    """`woken` is set where something was committed just now."""

    def __init__(self, store: Store, tell: Tell, now: Now) -> None:
        self._store, self._tell, self._now = store, tell, now
        self._telling = asyncio.Semaphore(TOLD_AT_ONCE)
        self.woken = asyncio.Event()

    def wake(self) -> None:
        """Something was committed: whoever drains looks now."""
        self.woken.set()

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
