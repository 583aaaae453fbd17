"""The HL7 listener: one connection after another reads blocks, has each dealt with, and writes its acknowledgment."""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Coroutine
from typing import Any, Protocol

from agent.exchange.notice import Fault
from intake.frames import Block, Frames, framed

log = logging.getLogger("suifang.hl7")

PIECE = 65_536
UNFINISHED_SECONDS = 30.0  # a block that began and does not end
MOST_CONNECTIONS = 50
HANDSHAKE_SECONDS, GOODBYE_SECONDS = 20.0, 2.0  # of TLS
UNENDED = Fault("frame", "MSH", "消息没有结束符", "每条消息之后请发 0x1C 0x0D")


class Receives(Protocol):
    def receive(self, raw: bytes) -> Coroutine[Any, Any, bytes]: ...
    def broken(self, raw: bytes, fault: Fault) -> Coroutine[Any, Any, bytes]: ...


class MllpListener:
    """`patience` is how long an unfinished block is waited for, seconds."""

    def __init__(self, receiver: Receives, patience: float = UNFINISHED_SECONDS) -> None:
        self._receiver, self._patience = receiver, patience
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._dealing: set[asyncio.Task[bytes]] = set()

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listens from now on, with `tls` to nothing else; returns the port (asked for 0: a free one). Raises
        OSError."""
        self._server = await asyncio.start_server(
            self._connected, host, port, ssl=tls,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if tls else None,
            ssl_shutdown_timeout=GOODBYE_SECONDS if tls else None,
        )  # fmt: skip
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """No further connection; what is being dealt with is finished first."""
        if self._server is None:
            return
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, *self._dealing, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= MOST_CONNECTIONS:
            writer.close()
            return
        self._connections.add(task)
        try:
            await self._converse(reader, writer)
        except (OSError, asyncio.CancelledError) as ended:
            log.info("hl7 connection ended: %s", type(ended).__name__)
        finally:
            self._connections.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = Frames()
        while True:
            try:
                async with asyncio.timeout(self._patience if frames.waiting else None):
                    data = await reader.read(PIECE)
            except TimeoutError:
                await self._answer(frames.give_up(), writer)
                continue
            if not data:
                return  # what was not ended was not acknowledged: the sender has to send it again
            for block in frames.feed(data):
                await self._answer(block, writer)

    async def _answer(self, block: Block, writer: asyncio.StreamWriter) -> None:
        """A message once taken in hand is finished and stored, whatever becomes of the connection."""
        dealt = self._receiver.receive(block.message) if block.whole else self._receiver.broken(block.message, UNENDED)
        task = asyncio.create_task(dealt)
        self._dealing.add(task)
        task.add_done_callback(self._dealing.discard)
        writer.write(framed(await asyncio.shield(task)))
        await writer.drain()
