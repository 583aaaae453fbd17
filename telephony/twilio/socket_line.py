"""telephony.line.Line over a Media Streams socket: a queue, and one writer that alone sends on the socket."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from enum import Enum

from telephony.line import FRAME_BYTES, LineClosed, TransferFailed
from telephony.twilio.wire import Outgoing

Send = Callable[[str], Awaitable[None]]
Transfer = Callable[[str, int], Awaitable[None]]
"""(number, seconds it rings) -> the carrier has taken the call over. Raises TransferFailed."""

_SILENCE = b"\xff"
_BATCH = 25  # frames sent before others get the loop: half a second of sound


class _Kind(Enum):
    AUDIO = 1
    MARK = 2
    CLEAR = 3


class SocketLine:
    """Whole sentences go out as fast as the socket takes them; the carrier keeps them and plays in real time."""

    def __init__(self, outgoing: Outgoing, transfer: Transfer | None = None) -> None:
        self._outgoing, self._transfer = outgoing, transfer
        self._queue: deque[tuple[_Kind, str]] = deque()
        self._wake = asyncio.Event()
        self._hanging_up = False
        self._gone = False

    async def play(self, ulaw: bytes) -> None:
        """A last piece shorter than a frame is filled up with silence."""
        self._require_open()
        for start in range(0, len(ulaw), FRAME_BYTES):
            frame = ulaw[start : start + FRAME_BYTES].ljust(FRAME_BYTES, _SILENCE)
            self._queue.append((_Kind.AUDIO, self._outgoing.media(frame)))
        self._wake.set()

    async def mark(self, name: str) -> None:
        self._put(_Kind.MARK, self._outgoing.mark(name))

    async def clear(self) -> None:
        """Unsent audio goes first; unsent marks stay behind the clear, so that each still comes back."""
        self._require_open()
        kept = [message for message in self._queue if message[0] is not _Kind.AUDIO]
        self._queue.clear()
        self._queue.append((_Kind.CLEAR, self._outgoing.clear()))
        self._queue.extend(message for message in kept if message[0] is _Kind.MARK)
        self._wake.set()

    async def hang_up(self) -> None:
        """Ends the call once what is queued here is sent; the carrier drops what it has not played, so wait for
        a mark first if the patient is to hear it. A second call does nothing."""
        self._hanging_up = True
        self._wake.set()

    async def transfer(self, to: str, ring_seconds: int) -> None:
        """The carrier drops what it has not played, so wait for a mark first; it closes the stream by itself."""
        self._require_open()
        if self._transfer is None:
            raise TransferFailed("not_supported")
        await self._transfer(to, ring_seconds)

    def gone(self) -> None:
        """The wire broke or the carrier stopped: everything from now on raises LineClosed."""
        self._gone = True
        self._wake.set()

    async def write_to(self, send: Send) -> None:
        """Sends until hang-up or until the wire is gone."""
        while not self._gone:
            sent = 0
            while self._queue and not self._gone:
                await send(self._queue.popleft()[1])
                sent += 1
                if sent % _BATCH == 0:
                    await asyncio.sleep(0)
            if self._hanging_up:
                return
            self._wake.clear()
            if not self._queue:
                await self._wake.wait()

    def _put(self, kind: _Kind, message: str) -> None:
        self._require_open()
        self._queue.append((kind, message))
        self._wake.set()

    def _require_open(self) -> None:
        if self._gone or self._hanging_up:
            raise LineClosed
