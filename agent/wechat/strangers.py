"""Whoever writes and is bound to nobody: a code, or name, year of birth and telephone."""

from agent.model.finding import Level
from agent.model.reading_context import ReadingContext
from agent.model.wechat import BindingRole, Deed, WechatBinding, WechatInbound
from agent.store.ports import NotFound
from agent.wechat import binding as bindings
from agent.wechat.codes import Invited
from agent.wechat.content import Say
from agent.wechat.outgoing import Outgoing
from agent.wechat.parts import WechatParts


class Strangers:
    def __init__(self, parts: WechatParts, out: Outgoing) -> None:
        self._parts, self._out = parts, out

    async def came(self, inbound: WechatInbound, binding: WechatBinding | None) -> None:
        """Followed the account or scanned a code; a code binds at once, also one who was bound before."""
        invited = self._parts.codes.read(inbound.key, self._parts.now()) if inbound.key else None
        if invited is not None:
            await self._bind(inbound, invited)
        elif inbound.key:
            await self._out.reply(inbound, Say.BAD_CODE)
        elif binding is None and inbound.deed is Deed.FOLLOWED:
            await self._out.reply(inbound, Say.WELCOME)

    async def said(self, inbound: WechatInbound) -> None:
        """Words of somebody unknown: a claim is tried, a danger is answered, anything else is told how to bind."""
        parts, now = self._parts, self._parts.now()
        claim = bindings.read_claim(inbound.text) if inbound.deed is Deed.TEXT else None
        if claim is None:
            in_danger = bool(inbound.text) and parts.reads.read(inbound.text, ReadingContext()).level is Level.RED
            await self._out.reply(inbound, Say.DANGER if in_danger else Say.HOW_TO_BIND)
            return
        async with parts.store.transaction() as records:
            refused = await bindings.tried_too_often(records, inbound.openid, now)
            patient = None if refused else await bindings.patient_of(records, claim)
            if patient is None and not refused:
                await bindings.note_refusal(records, inbound.openid, now)
        if patient is not None:
            await self._bind(inbound, Invited(patient.id, BindingRole.SELF))
        else:
            await self._out.reply(inbound, Say.TOO_OFTEN if refused else Say.NOT_FOUND)

    async def _bind(self, inbound: WechatInbound, invited: Invited) -> None:
        try:
            async with self._parts.store.transaction() as records:
                moved = await bindings.bind(records, inbound.openid, invited, self._parts.now(), self._parts.new_id)
                name = await bindings.named(records, invited.patient_id)
        except NotFound:
            await self._out.reply(inbound, Say.BAD_CODE)
            return
        which = Say.BOUND_SELF if invited.role is BindingRole.SELF else Say.BOUND_CAREGIVER
        text = self._parts.say(which, name=name) + (self._parts.say(Say.MOVED) if moved else "")
        await self._out.write(inbound, text, invited.patient_id)
