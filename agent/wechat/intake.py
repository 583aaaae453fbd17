"""Keeps what the platform posts: whatever arrives while one transaction is written goes into the next one together."""

import asyncio

from agent.model.clock import Now
from agent.model.wechat import WechatInbound
from agent.store.ports import Store, StoreError


class Intake:
    """SQLite writes some hundred transactions a second for the whole house: callbacks share theirs."""

    def __init__(self, store: Store, now: Now) -> None:
        self._store, self._now = store, now
        self._waiting: list[tuple[WechatInbound, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, inbound: WechatInbound) -> None:
        """On record when it returns. Raises StoreError."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((inbound, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            problem: StoreError | None = None
            try:
                async with self._store.transaction() as records:
                    await records.add_wechat_inbound([inbound for inbound, _ in batch], self._now())
            except StoreError as error:
                problem = error
            for _, kept in batch:
                if kept.done():
                    continue  # whoever posted it has gone
                if problem is None:
                    kept.set_result(None)
                else:
                    kept.set_exception(problem)
