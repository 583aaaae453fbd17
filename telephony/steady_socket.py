"""uvicorn's WebSocket for streams of many small messages: 150 calls bring 7,500 of them a second. Plain ones are taken
apart in place, and reading goes on while some wait."""

from asyncio import AbstractEventLoop, Future, Queue
from typing import Any, Generic, NamedTuple, TypeVar

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.utils import apply_mask

_MOST_WAITING = 64  # messages for the application; then reading rests until it has taken them
_TEXT, _PING, _PONG = 0x81, 0x89, 0x8A  # first bytes of frames neither fragmented nor compressed (RFC 6455, 5.2)
_MASKED = 0x80
_TWO_BYTE_LENGTH, _EIGHT_BYTE_LENGTH = 126, 127
_KEY_BYTES = 4

Item = TypeVar("Item")


class _Mailbox(Queue[Item], Generic[Item]):
    """A queue without an end and with one reader: it asks for the running loop once, not for each message (a system
    call), and wakes nobody who does not wait."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        super().__init__()
        self._own_loop = loop
        self._reader: Future[None] | None = None

    def put_nowait(self, item: Item) -> None:
        self._put(item)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> Item:
        while self.empty():
            self._reader = self._own_loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        item: Item = self._get()
        return item


class _Frame(NamedTuple):
    """Where a masked frame's parts lie in what was received."""

    first: int
    key_at: int
    end: int

    def text(self, received: bytes) -> str:
        """Raises UnicodeDecodeError."""
        at = self.key_at + _KEY_BYTES
        return apply_mask(received[at : self.end], received[self.key_at : at]).decode()


class SteadySocket(WebSocketsSansIOProtocol):
    """Whole texts go to the application as they are, pings and pongs one by one to the library; with anything else
    (fragments, compression, closing, whatever is wrong) the library has the rest of the connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.queue = _Mailbox(self.loop)
        self._plain = True
        self._unread = b""  # begins with a frame

    def data_received(self, data: bytes) -> None:
        if not self.handshake_complete:
            self._plain = data.endswith(b"\r\n\r\n")  # nothing of a frame came with the request
            super().data_received(data)
        elif not self._plain or self.close_sent:
            self._leave(data)
        else:
            self._unread += data
            while self._plain and self._unread and self._take():
                pass

    def _take(self) -> bool:
        """The first frame; False while it is not whole."""
        try:
            frame = _first_frame(self._unread)
            if frame is None or frame.first not in (_TEXT, _PING, _PONG):
                self._leave(b"")
                return False
            if len(self._unread) < frame.end:
                return False
            if frame.first == _TEXT:
                self._give(frame.text(self._unread))
            else:
                super().data_received(self._unread[: frame.end])
        except IndexError:
            return False
        except UnicodeDecodeError:
            self._leave(b"")
            return False
        self._unread = self._unread[frame.end :]
        return True

    def _give(self, text: str) -> None:
        self.queue.put_nowait({"type": "websocket.receive", "text": text})
        if self.queue.qsize() >= _MOST_WAITING and not self.read_paused:
            self.read_paused = True  # `receive` resumes it
            self.transport.pause_reading()

    def _leave(self, data: bytes) -> None:
        self._plain, rest, self._unread = False, self._unread + data, b""
        if rest:
            super().data_received(rest)


def _first_frame(received: bytes) -> _Frame | None:
    """None for one that no client may send or that is longer than any message of a carrier. Raises IndexError while
    its header is not whole."""
    first, second = received[0], received[1]
    length = second & ~_MASKED
    if not second & _MASKED or length == _EIGHT_BYTE_LENGTH:
        return None
    if length == _TWO_BYTE_LENGTH:
        length = received[2] << 8 | received[3]
        return _Frame(first, 4, 4 + _KEY_BYTES + length)
    return _Frame(first, 2, 2 + _KEY_BYTES + length)
