"""telephony.line.Line over a Media Streams socket: a queue, and one writer that alone sends on the socket."""

from collections.abc import Awaitable, Callable
from enum import Enum

from telephony.line import FRAME_BYTES, TransferFailed
from telephony.playback import ULAW_SILENCE
from telephony.send_queue import SendQueue
from telephony.twilio.wire import Outgoing

_PIECE_BYTES = 5 * FRAME_BYTES  # in one message, whose size the protocol leaves open

Send = Callable[[str], Awaitable[None]]
Transfer = Callable[[str, int], Awaitable[None]]
"""(number, seconds it rings) -> the carrier has taken the call over. Raises TransferFailed."""


class _Kind(Enum):
    AUDIO = 1
    MARK = 2
    CLEAR = 3


class SocketLine:
    """Whole sentences go out as fast as the socket takes them; the carrier keeps them and plays in real time."""

    def __init__(self, outgoing: Outgoing, transfer: Transfer | None = None) -> None:
        self._outgoing, self._transfer = outgoing, transfer
        self._out = SendQueue[tuple[_Kind, str]]()

    async def play(self, ulaw: bytes) -> None:
        """A last frame that is not whole is filled up with silence."""
        self._out.require_open()
        whole = ulaw + ULAW_SILENCE * (-len(ulaw) % FRAME_BYTES)
        for start in range(0, len(whole), _PIECE_BYTES):
            self._out.put((_Kind.AUDIO, self._outgoing.media(whole[start : start + _PIECE_BYTES])))

    async def mark(self, name: str) -> None:
        self._out.require_open()
        self._out.put((_Kind.MARK, self._outgoing.mark(name)))

    async def clear(self) -> None:
        """Unsent audio goes first; unsent marks stay behind the clear, so that each still comes back."""
        self._out.require_open()
        marks = [message for message in self._out.waiting if message[0] is _Kind.MARK]
        self._out.waiting.clear()
        self._out.put((_Kind.CLEAR, self._outgoing.clear()), *marks)

    async def hang_up(self) -> None:
        """Ends the call once what is queued here is sent; the carrier drops what it has not played, so wait for
        a mark first if the patient is to hear it. A second call does nothing."""
        self._out.hang_up()

    async def transfer(self, to: str, ring_seconds: int) -> None:
        """The carrier drops what it has not played, so wait for a mark first; it closes the stream by itself."""
        self._out.require_open()
        if self._transfer is None:
            raise TransferFailed("not_supported")
        await self._transfer(to, ring_seconds)

    def gone(self) -> None:
        """The wire broke or the carrier stopped: everything from now on raises LineClosed."""
        self._out.gone()

    async def write_to(self, send: Send) -> None:
        """Sends until hang-up or until the wire is gone."""
        await self._out.write_to(lambda message: send(message[1]))
