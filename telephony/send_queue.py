"""What waits to go out on a socket: filled from everywhere, sent by one writer."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from telephony.line import LineClosed

Item = TypeVar("Item")

_BATCH = 25  # items sent before others get the loop: half a second of sound


class SendQueue(Generic[Item]):
    """Takes items until hang-up or until the wire is gone; what waits at a hang-up is still sent."""

    def __init__(self) -> None:
        self.waiting: deque[Item] = deque()
        self._wake = asyncio.Event()
        self._hanging_up = False
        self.is_gone = False

    def put(self, *items: Item) -> None:
        """Behind what waits already."""
        self.waiting.extend(items)
        self._wake.set()

    def require_open(self) -> None:
        """Raises LineClosed after a hang-up and once the wire is gone."""
        if self.is_gone or self._hanging_up:
            raise LineClosed

    def hang_up(self) -> None:
        """The writer ends once what waits is sent; a second call does nothing."""
        self._hanging_up = True
        self._wake.set()

    def gone(self) -> None:
        """The other side left: nothing more is sent."""
        self.is_gone = True
        self._wake.set()

    async def write_to(self, send: Callable[[Item], Awaitable[None]]) -> None:
        """Sends until hang-up or until the wire is gone."""
        while not self.is_gone:
            sent = 0
            while self.waiting and not self.is_gone:
                await send(self.waiting.popleft())
                sent += 1
                if sent % _BATCH == 0:
                    await asyncio.sleep(0)
            if self._hanging_up:
                return
            self._wake.clear()
            if not self.waiting:
                await self._wake.wait()
