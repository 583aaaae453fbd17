"""Tells every open page that something changed; pages then ask for what they show."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

QUEUE_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` is an OutboxKind's word, or RESYNC: changes were missed, ask for everything."""

    kind: str
    subject: str


RESYNC = Change("resync", "")


class Subscription:
    """One page's bounded line of changes; a page that falls behind is told to resync instead."""

    def __init__(self) -> None:
        self._changes: asyncio.Queue[Change | None] = asyncio.Queue()

    def put(self, change: Change | None) -> None:
        if self._changes.qsize() >= QUEUE_LIMIT:
            while not self._changes.empty():
                self._changes.get_nowait()
            self._changes.put_nowait(RESYNC)
        self._changes.put_nowait(change)

    async def next(self, *, timeout_seconds: float) -> Change | None:
        """The next change; raises TimeoutError when none came, returns None when the hub closed."""
        async with asyncio.timeout(timeout_seconds):
            return await self._changes.get()


class LiveHub:
    """Fans changes out to subscriptions; publish and subscribe on the loop's own thread. `told` counts the changes
    so far: a page made at another count than its stream begins at has missed some."""

    def __init__(self) -> None:
        self.told = 0
        self._subscriptions: set[Subscription] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._subscriptions)

    def publish(self, kind: str, subject: str) -> None:
        """`subject` is an id, never words of a patient."""
        self.told += 1
        change = Change(kind, subject)
        for subscription in self._subscriptions:
            subscription.put(change)

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[Subscription]:
        subscription = Subscription()
        if self._closed:
            subscription.put(None)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def close(self) -> None:
        """Ends every open page's stream, so that the server can stop."""
        self._closed = True
        for subscription in self._subscriptions:
            subscription.put(None)
