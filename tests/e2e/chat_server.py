"""The chat page on a real port, in a thread of its own, and a wire in front of it that can be cut at any moment."""

import asyncio
import random
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import uvicorn
from fastapi import FastAPI

from agent.chat.links import Links
from agent.chat.room import ChatRoom
from agent.model.clock import utc_now
from telephony.webchat import webchat_router
from telephony.webchat.media import MediaStore
from tests.fakes.chat_house import CONTACT, ChatHouse

T = TypeVar("T")
LINKS = Links(b"a key of the tests, 32 bytes long", "")


class RealTimeHouse(ChatHouse):
    """The same house on the wall clock."""

    @property
    def now(self):  # type: ignore[no-untyped-def, override]
        return utc_now()

    @now.setter
    def now(self, value: object) -> None:
        return None


class ChatServer:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._port = self._listening.getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None
        self._wires: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.house = RealTimeHouse()
        self.up, self.cutting, self.cuts, self.front = threading.Event(), False, 0, 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.front}/c/{LINKS.token(CONTACT, utc_now())}"

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self.house.ready()
        room = ChatRoom(self.house.parts, self.house.desk, LINKS)
        media = MediaStore(self._folder, self.house.parts.new_id)
        app = FastAPI()
        app.include_router(webchat_router(room, media, "市第一人民医院", "0571-88000000", secure=False))
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        wire = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.front = wire.sockets[0].getsockname()[1]
        beats = [asyncio.create_task(self._beat()), asyncio.create_task(self._cut_wires())]
        self.up.set()
        await self._server.serve([self._listening])
        for task in beats:
            task.cancel()
        wire.close()

    async def _beat(self) -> None:
        while True:
            await self.house.desk.run_once()
            await self.house.tells()
            await asyncio.sleep(0.05)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._port)
        both = {writer, inner_writer}
        self._wires |= both
        with suppress(OSError):
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        self._wires -= both

    async def _cut_wires(self) -> None:
        dice = random.Random(7)
        while True:
            await asyncio.sleep(dice.uniform(0.1, 0.5))
            if self.cutting:
                for writer in list(self._wires):
                    self.cuts += 1
                    writer.transport.abort()

    def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Asks the house in its own loop."""

        async def answer() -> T:
            return await question()

        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(answer(), self._loop).result(10)

    def start(self) -> None:
        self._thread.start()
        assert self.up.wait(60), "the chat server did not start"

    def stop(self) -> None:
        assert self._server is not None
        self._server.should_exit = True
        self._thread.join(15)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def chat_server(folder: Path) -> Iterator[ChatServer]:
    server = ChatServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
