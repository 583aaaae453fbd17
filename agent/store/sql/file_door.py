"""SQLite: one writer at a time, and writers that wait share a commit.

A commit waits for the disk, some milliseconds each, and there is one writer for the whole house. So a transaction that
has written is a part of an open one: whoever waited meanwhile writes the next part, then all are committed at once, and
only then does any of them return. A part that fails is undone alone; a commit that fails fails for all.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from agent.store.engines import BUSY_SECONDS, READERS
from agent.store.ports import Unavailable
from agent.store.sql.line import FileLine, Line, in_thread


class OpenTransaction:
    """What is written and not committed yet. `committed` is done when it is safe on the disk, or failed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.committed.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be left
        self.committing: asyncio.Task[None] | None = None
        self._changes = self._driver.total_changes

    @property
    def _driver(self) -> Any:
        return self.connection.connection.driver_connection

    @contextmanager
    def part(self) -> Iterator[None]:
        """Raises Unavailable where the database undid everything by itself: the disk is full, the file is gone."""
        if not self._driver.in_transaction:
            raise Unavailable("the database gave the transaction up")
        self._run("SAVEPOINT part")
        whole = False
        try:
            yield
            whole = True
        finally:
            if not whole and self._driver.in_transaction:
                self._run("ROLLBACK TO part")
                self._run("RELEASE part")
        self._run("RELEASE part")

    def _run(self, words: str) -> None:
        try:
            self._driver.execute(words)
        except sqlite3.Error as error:
            raise Unavailable(error.sqlite_errorname) from None

    @property
    def nothing_changed(self) -> bool:
        return bool(self._driver.total_changes == self._changes)

    def commit(self) -> None:
        """Raises Unavailable where nothing is left to commit."""
        if not self._driver.in_transaction:
            raise Unavailable("the database gave the transaction up")
        try:
            self.connection.commit()
        except SQLAlchemyError:
            self._run("ROLLBACK")
            raise


class FileDoor:
    """Writers of this process wait for each other in a queue; only another process's are waited for at the database's
    own lock, in a thread. So does the commit."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader
        self._queue = asyncio.Lock()
        self._open: OpenTransaction | None = None
        self._committing: asyncio.Task[None] | None = None  # the last one
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite")

    @asynccontextmanager
    async def begin(self, *, write: bool) -> AsyncIterator[Line]:
        if not write:
            with self._reader.connect() as connection, connection.begin():
                yield FileLine(connection, self._threads)
            return
        await self._stand_in_queue()
        try:
            mine = self._open = self._open or await self._begin()
            try:
                with mine.part():
                    yield FileLine(mine.connection, self._threads)
            finally:
                mine.committing = mine.committing or asyncio.create_task(self._commit(mine))
                self._committing = mine.committing
        finally:
            self._queue.release()
        await asyncio.shield(mine.committed)

    async def _stand_in_queue(self) -> None:
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._queue.acquire()
        except TimeoutError:
            raise Unavailable("no free connection") from None

    async def _begin(self) -> OpenTransaction:
        """Takes the database's lock at once where it is free."""
        with ExitStack() as unless_begun:
            connection = unless_begun.enter_context(self._writer.connect())
            try:
                _wait_for_lock(connection, 0)
                connection.begin()
            except OperationalError as error:
                if getattr(error.orig, "sqlite_errorname", "") != "SQLITE_BUSY":
                    raise
                _wait_for_lock(connection, BUSY_SECONDS)
                await in_thread(self._threads, connection.begin)
            _wait_for_lock(connection, BUSY_SECONDS)
            unless_begun.pop_all()
            return OpenTransaction(connection)

    async def _commit(self, finished: OpenTransaction) -> None:
        """Stands in the queue like a writer: whoever stood there before it is part of the transaction."""
        async with self._queue:
            self._open = None
            try:
                if finished.nothing_changed:
                    finished.commit()  # nothing goes to the disk
                else:
                    await in_thread(self._threads, finished.commit)
                finished.committed.set_result(None)
            except (SQLAlchemyError, Unavailable) as error:
                finished.committed.set_exception(error)
            finally:
                if not finished.committed.done():
                    finished.committed.set_exception(Unavailable("the store closes"))
                finished.connection.close()

    async def close(self) -> None:
        """A writer that failed does not wait for the commit of what was undone: it is waited for here."""
        if self._committing is not None and not self._committing.done():
            await asyncio.wait([self._committing], timeout=BUSY_SECONDS)
        self._threads.shutdown()
        self._writer.dispose()
        self._reader.dispose()


def _wait_for_lock(connection: Connection, seconds: int) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout = {1000 * seconds}")
