"""WeChat's inbox and bindings."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from agent.model.wechat import SAID, BindingRole, WechatBinding, WechatInbound
from agent.store.sql.statements import KEY, Statements, as_row, columns, of_key
from agent.store.wechat_table import wechat_bindings as bindings
from agent.store.wechat_table import wechat_inbox as inbox

_OWN_FIRST = (bindings.c.role == BindingRole.SELF).desc()
_IN_FORCE = (
    of_key(bindings, WechatBinding, "patient_id", held=False)
    .where(bindings.c.unbound_at.is_(None))
    .order_by(_OWN_FIRST, bindings.c.bound_at, bindings.c.id)
)


class WechatRecords(Statements):
    async def add_wechat_inbound(self, inbound: Sequence[WechatInbound], received_at: datetime) -> None:
        fresh = {each.id: {**as_row(each), "received_at": received_at} for each in inbound}
        for row in await self._rows(select(inbox.c.id).where(inbox.c.id.in_(fresh))):
            del fresh[row["id"]]
        await self._change(inbox.insert(), list(fresh.values()))

    async def claim_wechat_inbound(self, *, now: datetime, hold_until: datetime, limit: int) -> Sequence[WechatInbound]:
        query = select(*columns(inbox, WechatInbound)).where(inbox.c.done_at.is_(None), _free(now))
        query = query.order_by(inbox.c.at, inbox.c.received_at, inbox.c.id).limit(limit)
        found = await self._many(WechatInbound, query.with_for_update(skip_locked=True))
        if found:
            mine = inbox.update().where(inbox.c.id.in_([each.id for each in found]))
            await self._change(mine.values(held_until=hold_until))
        return found

    async def wechat_waits(self, now: datetime) -> bool:
        return bool(await self._rows(select(inbox.c.id).where(inbox.c.done_at.is_(None), _free(now)).limit(1)))

    async def wechat_inbound_done(self, ids: Collection[str], at: datetime) -> None:
        await self._change(inbox.update().where(inbox.c.id.in_(ids)).values(done_at=at, held_until=None))

    async def last_in_wechat(self, openid: str) -> WechatInbound | None:
        query = select(*columns(inbox, WechatInbound)).where(inbox.c.openid == openid)
        query = query.order_by(inbox.c.deed.in_(SAID).desc(), inbox.c.at.desc())
        found = await self._many(WechatInbound, query.limit(1))
        return found[0] if found else None

    async def add_wechat_binding(self, binding: WechatBinding) -> None:
        await self._add(bindings, as_row(binding))

    async def save_wechat_binding(self, binding: WechatBinding) -> None:
        await self._save(bindings, binding)

    async def wechat_binding(self, openid: str) -> WechatBinding | None:
        in_force = (bindings.c.openid == openid, bindings.c.unbound_at.is_(None))
        return await self._found(WechatBinding, bindings, *in_force)

    async def wechat_bindings(self, patient_id: str) -> Sequence[WechatBinding]:
        return await self._many(WechatBinding, _IN_FORCE, {KEY: patient_id}, brief=True)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(inbox.c.held_until.is_(None), inbox.c.held_until <= now)
