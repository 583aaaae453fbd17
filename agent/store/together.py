"""Small writes that share a transaction: SQLite commits some hundred times a second for the whole house."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from agent.store.ports import Records, Store, StoreError

log = logging.getLogger("suifang.store")

Item = TypeVar("Item")
MOST = 200  # items of one transaction

Write = Callable[[Records, Sequence[Item]], Awaitable[None]]
"""Writes some items in the transaction of `records`; all or none of them."""
_Waiting = tuple[Item, "asyncio.Future[None]"]


class Together(Generic[Item]):
    """Whatever arrives while one transaction is written goes into the next one together."""

    def __init__(self, store: Store, write: Write[Item]) -> None:
        self._store, self._write = store, write
        self._waiting: list[_Waiting[Item]] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, item: Item) -> None:
        """On record when it returns. Raises the StoreError that the item meets alone: it fails for no other's sake."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
            self._writing.add_done_callback(_ended)
        await kept

    async def idle(self) -> None:
        """Returns when nothing is being written."""
        if self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write_all(self) -> None:
        batch: Sequence[_Waiting[Item]] = ()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._transact(batch)
        finally:  # a fault of ours or the end of the house: nobody waits for ever, nor who came meanwhile
            left, self._waiting = [*batch, *self._waiting], []
            for _, kept in left:
                if not kept.done():
                    kept.set_exception(StoreError("the transaction did not end"))

    async def _transact(self, batch: Sequence[_Waiting[Item]]) -> None:
        try:
            async with self._store.transaction() as records:
                await self._write(records, [item for item, _ in batch])
        except StoreError as problem:
            if len(batch) > 1:
                for one in batch:
                    await self._transact([one])
            elif not batch[0][1].done():
                batch[0][1].set_exception(problem)
            return
        for _, kept in batch:
            if not kept.done():  # done where whoever waited has gone
                kept.set_result(None)


def _ended(writing: "asyncio.Task[None]") -> None:
    error = None if writing.cancelled() else writing.exception()
    if error is not None:  # whoever waited knows it as a StoreError
        log.error("a shared writing broke off: %s", type(error).__name__)
