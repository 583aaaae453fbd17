"""WeChat's inbox and bindings of the store in memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.model.wechat import SAID, BindingRole, WechatBinding, WechatInbound
from agent.store.ports import Duplicate
from tests.fakes.memory_tables import MemoryWrites, refer


@dataclass(frozen=True)
class InboxRow:
    inbound: WechatInbound
    received_at: datetime
    held_until: datetime | None = None
    done_at: datetime | None = None


class MemoryWechat(MemoryWrites):
    async def add_wechat_inbound(self, inbound: Sequence[WechatInbound], received_at: datetime) -> None:
        for each in inbound:
            self._check(each.at, received_at)
            if each.id not in self._t.wechat_inbox:
                self._add(self._t.wechat_inbox, each.id, InboxRow(each, received_at))

    async def claim_wechat_inbound(self, *, now: datetime, hold_until: datetime, limit: int) -> Sequence[WechatInbound]:
        rows: list[InboxRow] = [row for row in self._t.wechat_inbox.values() if row.done_at is None]
        free = [row for row in rows if row.held_until is None or row.held_until <= now]
        free.sort(key=lambda row: (row.inbound.at, row.received_at, row.inbound.id))
        for row in free[:limit]:
            self._t.wechat_inbox[row.inbound.id] = replace(row, held_until=hold_until)
        return [row.inbound for row in free[:limit]]

    async def wechat_waits(self, now: datetime) -> bool:
        rows: list[InboxRow] = [row for row in self._t.wechat_inbox.values() if row.done_at is None]
        return any(row.held_until is None or row.held_until <= now for row in rows)

    async def wechat_inbound_done(self, ids: Collection[str], at: datetime) -> None:
        for each in ids:
            self._t.wechat_inbox[each] = replace(self._t.wechat_inbox[each], done_at=at, held_until=None)

    async def last_in_wechat(self, openid: str) -> WechatInbound | None:
        mine = [row.inbound for row in self._t.wechat_inbox.values() if row.inbound.openid == openid]
        return max(mine, key=lambda each: (each.deed in SAID, each.at), default=None)

    async def add_wechat_binding(self, binding: WechatBinding) -> None:
        self._check(binding.bound_at)
        refer(self._t.patients, binding.patient_id)
        if await self.wechat_binding(binding.openid) is not None:
            raise Duplicate("wechat_bindings")
        self._add(self._t.wechat_bindings, binding.id, binding)

    async def save_wechat_binding(self, binding: WechatBinding) -> None:
        self._overwrite(self._t.wechat_bindings, binding.id, binding)

    async def wechat_binding(self, openid: str) -> WechatBinding | None:
        in_force = (each for each in self._t.wechat_bindings.values() if each.unbound_at is None)
        return next((each for each in in_force if each.openid == openid), None)

    async def wechat_bindings(self, patient_id: str) -> Sequence[WechatBinding]:
        in_force = (each for each in self._t.wechat_bindings.values() if each.unbound_at is None)
        mine = [each for each in in_force if each.patient_id == patient_id]
        return sorted(mine, key=lambda each: (each.role is not BindingRole.SELF, each.bound_at, each.id))
