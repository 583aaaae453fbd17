"""telephony.line.Line over a page's WebSocket: sound as binary messages of one 20 ms frame, everything else as JSON."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping

from telephony.line import FRAME_BYTES, LineClosed, TransferFailed
from telephony.playback import ULAW_SILENCE

Send = Callable[[bytes | str], Awaitable[None]]

_BATCH = 25  # frames sent before others get the loop: half a second of sound


class BrowserLine:
    """The page keeps what it is sent and plays it in real time, as a carrier does; `show` tells the page what was
    understood, in its place between the sounds."""

    def __init__(self) -> None:
        self._queue: deque[bytes | str] = deque()
        self._wake = asyncio.Event()
        self._hanging_up = False
        self._gone = False

    async def play(self, ulaw: bytes) -> None:
        """A last piece shorter than a frame is filled up with silence."""
        self._require_open()
        for start in range(0, len(ulaw), FRAME_BYTES):
            self._queue.append(ulaw[start : start + FRAME_BYTES].ljust(FRAME_BYTES, ULAW_SILENCE))
        self._wake.set()

    async def mark(self, name: str) -> None:
        self._require_open()
        self._put({"event": "mark", "name": name})

    async def clear(self) -> None:
        """Unsent sound is dropped here, what the page has not played there; unsent marks stay behind the clear, so
        that each still comes back."""
        self._require_open()
        kept = [message for message in self._queue if isinstance(message, str)]
        self._queue.clear()
        self._put({"event": "clear"})
        self._queue.extend(kept)

    async def hang_up(self) -> None:
        """Ends the call once what is queued here is sent."""
        self._hanging_up = True
        self._wake.set()

    async def transfer(self, to: str, ring_seconds: int) -> None:
        """There is nobody to connect a page with."""
        raise TransferFailed("not_supported")

    def show(self, event: Mapping[str, object]) -> None:
        """A JSON message for the page; nothing once the page has gone."""
        if not self._gone:
            self._put(event)

    def gone(self) -> None:
        """The page left: everything from now on raises LineClosed."""
        self._gone = True
        self._wake.set()

    async def write_to(self, send: Send) -> None:
        """Sends until hang-up or until the page is gone."""
        while not self._gone:
            sent = 0
            while self._queue and not self._gone:
                await send(self._queue.popleft())
                sent += 1
                if sent % _BATCH == 0:
                    await asyncio.sleep(0)
            if self._hanging_up:
                return
            self._wake.clear()
            if not self._queue:
                await self._wake.wait()

    def _put(self, event: Mapping[str, object]) -> None:
        self._queue.append(json.dumps(event, ensure_ascii=False))
        self._wake.set()

    def _require_open(self) -> None:
        if self._gone or self._hanging_up:
            raise LineClosed
