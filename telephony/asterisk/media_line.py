"""telephony.line.Line over a chan_websocket socket: a queue, and one writer that alone sends on the socket."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable

from telephony.asterisk.wire import FLUSH, mark
from telephony.line import FRAME_BYTES, LineClosed, TransferFailed
from telephony.playback import ULAW_SILENCE

Send = Callable[[str | bytes], Awaitable[None]]
Told = Callable[[str], None]
Transfer = Callable[[str, int], Awaitable[None]]
"""(number, seconds it rings) -> it rings there. Raises TransferFailed."""

_BYTES_PER_SECOND = 8_000
_MESSAGE_BYTES = 25 * FRAME_BYTES  # half a second; whole frames, for the PBX drops the rest of a broken one
_FURTHEST_AHEAD_SECONDS = 10.0  # the PBX holds 20 s and drops what comes on top without a word


class MediaLine:
    """Sound goes out faster than it is played, but never further ahead than the PBX can hold. The PBX forgets waiting
    marks on a flush, so `clear` itself tells them (`told`), each once."""

    def __init__(self, told: Told, transfer: Transfer | None = None) -> None:
        self._told, self._transfer = told, transfer or _nowhere
        self._queue: deque[bytes | str] = deque()  # sound, or the name of a mark
        self._at_pbx: deque[str] = deque()  # marks sent and not yet passed
        self._flush: list[str] | None = None  # marks to tell once the flush is sent
        self._played_until = 0.0
        self._wake = asyncio.Event()
        self._room = True
        self._hanging_up = self._gone = False

    async def play(self, ulaw: bytes) -> None:
        """A last piece shorter than a frame is filled up with silence."""
        self._require_open()
        whole = ulaw.ljust(-(-len(ulaw) // FRAME_BYTES) * FRAME_BYTES, ULAW_SILENCE)
        self._queue.extend(whole[at : at + _MESSAGE_BYTES] for at in range(0, len(whole), _MESSAGE_BYTES))
        self._wake.set()

    async def mark(self, name: str) -> None:
        self._require_open()
        self._queue.append(name)
        self._wake.set()

    async def clear(self) -> None:
        self._require_open()
        waiting = [*self._at_pbx, *(item for item in self._queue if isinstance(item, str))]
        self._flush = [*(self._flush or []), *waiting]
        self._queue.clear()
        self._at_pbx.clear()
        self._wake.set()

    async def hang_up(self) -> None:
        """Ends the call once what is queued here is sent; what the PBX has not played is lost, so wait for a mark
        first if the patient is to hear it. A second call does nothing."""
        self._hanging_up = True
        self._wake.set()

    async def transfer(self, to: str, ring_seconds: int) -> None:
        """What the PBX has not played is lost, so wait for a mark first. On success this line closes by itself."""
        self._require_open()
        await self._transfer(to, ring_seconds)

    def passed(self, name: str) -> None:
        """The PBX has played everything before this mark."""
        if name in self._at_pbx:
            self._at_pbx.remove(name)
            self._told(name)

    def room(self, there_is: bool) -> None:
        """The PBX's queue is nearly full, or has room again."""
        self._room = there_is
        self._wake.set()

    def gone(self) -> None:
        """The wire broke or the call ended: everything from now on raises LineClosed."""
        self._gone = True
        self._wake.set()

    async def write_to(self, send: Send) -> None:
        """Sends until hang-up or until the wire is gone."""
        while not self._gone:
            self._wake.clear()
            wait = self._wait_seconds()
            if wait == 0.0:
                await self._send_next(send)
            elif wait is None and self._hanging_up and not self._queue:
                return
            else:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), wait)

    def _wait_seconds(self) -> float | None:
        """Until something may be sent; None: until something happens."""
        if self._flush is not None:
            return 0.0
        if not self._queue or not self._room:
            return None
        if isinstance(self._queue[0], str):
            return 0.0
        ahead = self._played_until - asyncio.get_running_loop().time()
        return max(0.0, ahead - _FURTHEST_AHEAD_SECONDS)

    async def _send_next(self, send: Send) -> None:
        now = asyncio.get_running_loop().time()
        if self._flush is not None:
            names, self._flush, self._played_until = self._flush, None, now
            await send(FLUSH)
            for name in names:
                self._told(name)
            return
        item = self._queue.popleft()
        if isinstance(item, str):
            self._at_pbx.append(item)
            await send(mark(item))
        else:
            self._played_until = max(self._played_until, now) + len(item) / _BYTES_PER_SECOND
            await send(item)

    def _require_open(self) -> None:
        if self._gone or self._hanging_up:
            raise LineClosed


async def _nowhere(to: str, ring_seconds: int) -> None:
    raise TransferFailed("not_supported")
