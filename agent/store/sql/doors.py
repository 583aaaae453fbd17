"""How a transaction begins and ends: on PostgreSQL by the server's rules, on SQLite one writer at a time."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.store.engines import BUSY_SECONDS, READERS
from agent.store.ports import Unavailable
from agent.store.sql.line import FileLine, Line, ServerLine, in_thread


class Door(Protocol):
    def begin(self, *, write: bool) -> AbstractAsyncContextManager[Line]:
        """One transaction: commits on leaving, rolls back on an exception."""
        ...

    async def close(self) -> None: ...


class ServerDoor:
    """PostgreSQL. `reader`'s connections refuse to write."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer, self._reader = writer, reader

    @asynccontextmanager
    async def begin(self, *, write: bool) -> AsyncIterator[Line]:
        async with (self._writer if write else self._reader).begin() as connection:
            yield ServerLine(connection)

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()


class FileDoor:
    """SQLite. Writers of this process wait for each other in a queue; only another process's are waited for at the
    database's own lock, in a thread. The commit, which waits for the disk, is in a thread too."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader
        self._writes = asyncio.Lock()
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite")

    @asynccontextmanager
    async def begin(self, *, write: bool) -> AsyncIterator[Line]:
        if not write:
            with self._reader.connect() as connection, connection.begin():
                yield FileLine(connection, self._threads)
            return
        await self._queue()
        try:
            with self._writer.connect() as connection:
                await self._begin_writing(connection)
                changes = _changes(connection)
                yield FileLine(connection, self._threads)
                if _changes(connection) == changes:
                    connection.commit()  # nothing goes to the disk
                else:
                    await in_thread(self._threads, connection.commit)
        finally:
            self._writes.release()

    async def _queue(self) -> None:
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._writes.acquire()
        except TimeoutError:
            raise Unavailable("no free connection") from None

    async def _begin_writing(self, connection: Connection) -> None:
        """Takes the database's lock at once where it is free."""
        try:
            _wait_for_lock(connection, 0)
            connection.begin()
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorname", "") != "SQLITE_BUSY":
                raise
            _wait_for_lock(connection, BUSY_SECONDS)
            await in_thread(self._threads, connection.begin)
        else:
            _wait_for_lock(connection, BUSY_SECONDS)

    async def close(self) -> None:
        self._threads.shutdown()
        self._writer.dispose()
        self._reader.dispose()


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _wait_for_lock(connection: Connection, seconds: int) -> None:
    _driver(connection).execute(f"PRAGMA busy_timeout = {1000 * seconds}")


def _changes(connection: Connection) -> int:
    return int(_driver(connection).total_changes)
