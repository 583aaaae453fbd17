"""How a transaction begins and ends. SQLite's way is in file_door.py."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from agent.store.sql.line import Line, ServerLine


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
