"""The page of the WeChat channel: what came in is kept, then dealt with in order.

    take_in: the push is on record → the platform may be told "success"
    run_once: for each openid in turn: a bound one's words, voice and photos become pieces of the chat
         | a stranger binds | a code, a button, a farewell

Whatever dies in between, what came in stays undone and comes up again; pieces, bindings and replies have its id."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from agent.model.message import MessageStatus
from agent.model.wechat import SAID, Deed, WechatBinding, WechatInbound
from agent.store.ports import Records, StoreError
from agent.store.together import Together
from agent.wechat import binding as bindings
from agent.wechat.bound import Bound
from agent.wechat.outgoing import Outgoing
from agent.wechat.parts import MediaLater, WechatParts
from agent.wechat.strangers import Strangers

log = logging.getLogger("suifang.wechat")

HOLD = timedelta(seconds=60)
BATCH = 500
PATIENCE_SECONDS = 0.5
AT_ONCE = 8  # so that callbacks find the store free


class WechatDesk:
    def __init__(self, parts: WechatParts, patience: float = PATIENCE_SECONDS) -> None:
        self._parts, self._patience = parts, patience
        self._out = Outgoing(parts)
        self._strangers, self._bound = Strangers(parts, self._out), Bound(parts, self._out)
        self._under_way: dict[str, deque[WechatInbound]] = {}
        self._tasks: set[asyncio.Task[int]] = set()
        self._done: list[str] = []
        self._few = asyncio.Semaphore(AT_ONCE)
        self._intake = Together(parts.store, self._keep_all)

    async def take_in(self, inbound: WechatInbound) -> None:
        """Keeps a push; the same one again is nothing new. Raises StoreError: the platform will send it again."""
        await self._intake.keep(inbound)

    async def _keep_all(self, records: Records, inbound: Sequence[WechatInbound]) -> None:
        await records.add_wechat_inbound(inbound, self._parts.now())

    async def run_once(self) -> int:
        """Deals with what came in; returns how much was done. Whoever takes long, for the platform's sake, goes on
        behind and holds up nobody else."""
        for inbound in await self._claimed():
            waiting = self._under_way.setdefault(inbound.openid, deque())
            waiting.append(inbound)
            if len(waiting) == 1:
                self._tasks.add(asyncio.create_task(self._in_order(inbound.openid)))
        if not self._tasks:
            return 0
        done, self._tasks = await asyncio.wait(self._tasks, timeout=self._patience)
        ids, self._done = self._done, []
        if ids:
            async with self._parts.store.transaction() as records:
                await records.wechat_inbound_done(ids, self._parts.now())
        return sum(task.result() for task in done)

    async def _claimed(self) -> Sequence[WechatInbound]:
        now = self._parts.now()
        async with self._parts.store.transaction(write=False) as records:
            if not await records.wechat_waits(now):
                return ()
        async with self._parts.store.transaction() as records:
            return await records.claim_wechat_inbound(now=now, hold_until=now + HOLD, limit=BATCH)

    async def _in_order(self, openid: str) -> int:
        try:
            return await self._one_after_the_other(self._under_way[openid])
        finally:
            del self._under_way[openid]

    async def _one_after_the_other(self, mine: deque[WechatInbound]) -> int:
        """What cannot be done now holds up what came after it, until its hold is over."""
        done = 0
        while mine:
            inbound = mine[0]
            try:
                async with self._few:
                    await self._deal_with(inbound)
            except MediaLater:
                return done
            except StoreError as error:
                log.warning("left for later: inbound=%s code=%s", inbound.id, error.code)
                return done
            mine.popleft()
            self._done.append(inbound.id)
            done += 1
        return done

    async def _deal_with(self, inbound: WechatInbound) -> None:
        if inbound.deed is Deed.TEMPLATE_DONE:
            return await self._template_done(inbound)
        async with self._parts.store.transaction(write=False) as records:
            binding = await records.wechat_binding(inbound.openid)
        if inbound.deed is Deed.LEFT:
            return await self._left(binding)
        if inbound.deed in (Deed.FOLLOWED, Deed.SCANNED):
            return await self._strangers.came(inbound, binding)
        if inbound.deed is Deed.NOTED:
            return None
        if binding is None:
            return await self._strangers.said(inbound)
        if inbound.deed in SAID:
            await self._out.what_waits(binding)
        return await self._bound.did(inbound, binding)

    async def _left(self, binding: WechatBinding | None) -> None:
        """Whoever leaves the account is reached no more by WeChat; telephone and SMS stay as they are."""
        if binding is not None:
            async with self._parts.store.transaction() as records:
                await bindings.end(records, binding, self._parts.now())

    async def _template_done(self, inbound: WechatInbound) -> None:
        """The platform's report of a template message, which may come before its number is on record."""
        message = await self._out.knocked_by(inbound.key)
        if message is None:
            return
        if inbound.text == "success":
            await self._parts.note_receipt(message.id, MessageStatus.DELIVERED, inbound.at, "")
        else:
            await self._parts.note_receipt(message.id, MessageStatus.FAILED, inbound.at, "template_not_delivered")
