"""One connection inside one transaction, as the statements see it.

PostgreSQL is awaited. SQLite answers a row by its key in microseconds, and handing that to a thread and back costs ten
times as much and a wait for the interpreter: what is called `brief` runs on the spot, everything else in a thread.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Dialect, Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection

Given = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
"""A statement's parameters: one set, or one for each time it is run."""
Result = TypeVar("Result")


class Line(Protocol):
    @property
    def dialect(self) -> Dialect: ...

    async def rows(self, statement: Executable, given: Given, *, brief: bool) -> Sequence[Row[Any]]: ...

    async def change(self, statement: Executable, given: Given, *, brief: bool) -> int:
        """How many rows were touched."""
        ...


class ServerLine:
    """PostgreSQL. Nothing is brief where a server answers."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    @property
    def dialect(self) -> Dialect:
        return self.connection.dialect

    async def rows(self, statement: Executable, given: Given, *, brief: bool) -> Sequence[Row[Any]]:
        return (await self.connection.execute(statement, given)).all()

    async def change(self, statement: Executable, given: Given, *, brief: bool) -> int:
        return (await self.connection.execute(statement, given)).rowcount


class FileLine:
    """SQLite."""

    def __init__(self, connection: Connection, threads: Executor) -> None:
        self._connection, self._threads = connection, threads

    @property
    def dialect(self) -> Dialect:
        return self._connection.dialect

    async def rows(self, statement: Executable, given: Given, *, brief: bool) -> Sequence[Row[Any]]:
        def work() -> Sequence[Row[Any]]:
            return self._connection.execute(statement, given).all()

        return work() if brief else await in_thread(self._threads, work)

    async def change(self, statement: Executable, given: Given, *, brief: bool) -> int:
        def work() -> int:
            return self._connection.execute(statement, given).rowcount

        return work() if brief else await in_thread(self._threads, work)


async def in_thread(threads: Executor, work: Callable[[], Result]) -> Result:
    """The work's result. Whoever is cancelled meanwhile waits for its end: the connection is still in use."""
    running = asyncio.get_running_loop().run_in_executor(threads, work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            try:
                await asyncio.wait([running])
            except asyncio.CancelledError:
                continue
        raise
