"""telephony.line.Line over a page's WebSocket: sound as binary messages of one 20 ms frame, everything else as JSON."""

import json
from collections.abc import Awaitable, Callable, Mapping

from telephony.line import FRAME_BYTES, TransferFailed
from telephony.playback import ULAW_SILENCE
from telephony.send_queue import SendQueue

Send = Callable[[bytes | str], Awaitable[None]]


class BrowserLine:
    """The page keeps what it is sent and plays it in real time, as a carrier does; `show` tells the page what was
    understood, in its place between the sounds."""

    def __init__(self) -> None:
        self._out = SendQueue[bytes | str]()

    async def play(self, ulaw: bytes) -> None:
        """A last piece shorter than a frame is filled up with silence."""
        self._out.require_open()
        for start in range(0, len(ulaw), FRAME_BYTES):
            self._out.put(ulaw[start : start + FRAME_BYTES].ljust(FRAME_BYTES, ULAW_SILENCE))

    async def mark(self, name: str) -> None:
        self._out.require_open()
        self._put({"event": "mark", "name": name})

    async def clear(self) -> None:
        """Unsent sound is dropped here, what the page has not played there; unsent marks stay behind the clear, so
        that each still comes back."""
        self._out.require_open()
        kept = [message for message in self._out.waiting if isinstance(message, str)]
        self._out.waiting.clear()
        self._put({"event": "clear"})
        self._out.put(*kept)

    async def hang_up(self) -> None:
        """Ends the call once what is queued here is sent."""
        self._out.hang_up()

    async def transfer(self, to: str, ring_seconds: int) -> None:
        """There is nobody to connect a page with."""
        raise TransferFailed("not_supported")

    def show(self, event: Mapping[str, object]) -> None:
        """A JSON message for the page; nothing once the page has gone."""
        if not self._out.is_gone:
            self._put(event)

    def gone(self) -> None:
        """The page left: everything from now on raises LineClosed."""
        self._out.gone()

    async def write_to(self, send: Send) -> None:
        """Sends until hang-up or until the page is gone."""
        await self._out.write_to(send)

    def _put(self, event: Mapping[str, object]) -> None:
        self._out.put(json.dumps(event, ensure_ascii=False))
