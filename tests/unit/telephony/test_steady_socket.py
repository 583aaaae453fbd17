"""Our WebSocket against uvicorn's own: the same bytes bring the same messages and the same answers."""

import asyncio
import struct
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol as Protocol
from uvicorn.server import ServerState
from websockets.utils import apply_mask

from telephony.steady_socket import SteadySocket

KEY = b"\x11\x22\x33\x44"
PATIENCE_SECONDS = 30.0
REQUEST = (
    b"GET / HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def frame(first: int, body: bytes) -> bytes:
    if len(body) < 126:
        head = struct.pack("!BB", first, 0x80 | len(body))
    elif len(body) < 65_536:
        head = struct.pack("!BBH", first, 0x80 | 126, len(body))
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, len(body))
    return head + KEY + apply_mask(body, KEY)


TEXTS = [frame(0x81, text.encode()) for text in ("a", "", "随访" * 60, "b" * 125, "c" * 126)]
PING, PONG, CLOSE = frame(0x89, b"are you there"), frame(0x8A, b"unasked"), frame(0x88, struct.pack("!H", 1000))
BINARY, LONG = frame(0x82, b"\x00\xff"), frame(0x81, b"d" * 70_000)
HALVES = [frame(0x01, "前".encode()[:2]), PING, frame(0x80, "前".encode()[2:])]
WRONG = {
    "no mask": b"\x81\x01a",
    "no such code": frame(0x83, b"a"),
    "not utf-8": frame(0x81, b"\xff\xfe"),
    "reserved bit": frame(0xC1, b"a"),
    "text within halves": HALVES[0] + TEXTS[0],
    "long ping": frame(0x89, b"e" * 130),
}
TALKS = {
    "texts": [*TEXTS, CLOSE],
    "pings between": [TEXTS[0], PING, TEXTS[2], PONG, TEXTS[3], CLOSE],
    "halves": [TEXTS[0], *HALVES, TEXTS[1], PING, CLOSE],
    "binary": [TEXTS[0], BINARY, TEXTS[2], CLOSE],
    "long": [LONG, TEXTS[0], CLOSE],
    "more than may wait": [*TEXTS * 40, CLOSE],
    **{what: [TEXTS[0], PING, wrong, TEXTS[2]] for what, wrong in WRONG.items()},
}


class Wire(asyncio.Transport):
    """The socket's other end: what was written to it, and whether more may be sent."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written, self.closed = b"", False
        self.answered = asyncio.Event()
        self.rests = 0
        self._may_send = asyncio.Event()
        self._may_send.set()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data
        self.answered.set()

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.rests += 1
        self._may_send.clear()

    def resume_reading(self) -> None:
        self._may_send.set()

    async def send(self, to: asyncio.Protocol, data: bytes) -> None:
        await self._may_send.wait()
        if not self.closed:
            to.data_received(data)


async def talk(protocol: type[Protocol], said: list[bytes], early: bytes = b"") -> tuple[list[Any], bytes]:
    """What the application received and what was answered; `early` comes with the request."""
    received: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            received.append(message.get("text", message.get("bytes")))
        received.append(message.get("code"))

    config = uvicorn.Config(app, lifespan="off", log_level="critical", ws_ping_interval=None)
    config.load()
    state, wire = ServerState(), Wire()
    server = protocol(config, state, {})
    server.connection_made(wire)
    await wire.send(server, REQUEST + early)
    await wire.answered.wait()
    for piece in said:
        await wire.send(server, piece)
    server.connection_lost(None)
    await asyncio.gather(*state.tasks)
    return received, wire.written


def cut(said: bytes, size: int) -> list[bytes]:
    return [said[at : at + size] for at in range(0, len(said), size)]


@pytest.mark.parametrize("size", [10_000_000, 300, 7, 1])
@pytest.mark.parametrize("what", TALKS)
def test_the_same_bytes_bring_the_same_however_they_are_cut(what: str, size: int) -> None:
    async def both() -> None:
        ours = await talk(SteadySocket, cut(b"".join(TALKS[what]), size))
        assert ours == await talk(Protocol, TALKS[what])
        assert ours[0]

    asyncio.run(both())


@pytest.mark.parametrize("early", [1, 5, 40])
def test_a_client_that_does_not_wait_for_the_handshake(early: int) -> None:
    async def both() -> None:
        said = b"".join(TALKS["pings between"])
        ours = await talk(SteadySocket, cut(said[early:], 7), said[:early])
        assert ours == await talk(Protocol, [said[early:]], said[:early])
        assert len(ours[0]) == 4

    asyncio.run(both())


def test_reading_rests_while_the_application_is_behind() -> None:
    async def main() -> None:
        config = uvicorn.Config(lambda: None, lifespan="off", log_level="critical")
        config.load()
        server, wire = SteadySocket(config, ServerState(), {}), Wire()
        server.connection_made(wire)
        server.handshake_complete = True
        server.data_received(TEXTS[0] * 63)
        assert not wire.rests
        server.data_received(TEXTS[0] * 2)
        assert wire.rests == 1
        for _ in range(65):
            assert wire.rests == 1
            await server.receive()
        await asyncio.wait_for(wire.send(server, TEXTS[0]), PATIENCE_SECONDS)

    asyncio.run(main())
