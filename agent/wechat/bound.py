"""Whoever writes and is known: words, voice and photos go to the chat; buttons and a few words are obeyed here."""

from datetime import timedelta

from agent.chat.place import place_for, takes_up
from agent.chat.wording import as_text
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Channel, Contact, ContactStatus
from agent.model.piece import Piece, PieceKind
from agent.model.session import Session
from agent.model.wechat import BindingRole, Deed, WechatBinding, WechatInbound
from agent.store.ports import Records
from agent.wechat import binding as bindings
from agent.wechat.codes import Invited
from agent.wechat.content import MINE, SAYS, Command, Say
from agent.wechat.outgoing import Outgoing
from agent.wechat.parts import MediaGone, WechatParts

FAMILY_CODE_LASTS = timedelta(days=1)
_KINDS = {Deed.TEXT: PieceKind.TEXT, Deed.VOICE: PieceKind.VOICE, Deed.PHOTO: PieceKind.PHOTO}


class Bound:
    def __init__(self, parts: WechatParts, out: Outgoing) -> None:
        self._parts, self._out = parts, out

    async def did(self, inbound: WechatInbound, binding: WechatBinding) -> None:
        """Raises MediaLater."""
        if inbound.deed is Deed.CLICKED:
            return await self._clicked(inbound, binding)
        if inbound.deed is Deed.OTHER:
            return await self._out.reply(inbound, Say.CANNOT_READ, binding.patient_id)
        if inbound.deed is Deed.TEXT:
            return await self._wrote(inbound, binding, inbound.text)
        return await self._sent_media(inbound, binding)

    async def _wrote(self, inbound: WechatInbound, binding: WechatBinding, text: str) -> None:
        match self._parts.content.command(text):
            case Command.FAMILY if binding.role is BindingRole.SELF:
                await self._family(inbound, binding)
            case Command.FAMILY_END if binding.role is BindingRole.SELF:
                async with self._parts.store.transaction() as records:
                    await bindings.end_caregivers(records, binding.patient_id, self._parts.now())
                await self._out.reply(inbound, Say.FAMILY_ENDED, binding.patient_id)
            case Command.UNBIND:
                async with self._parts.store.transaction() as records:
                    await bindings.end(records, binding, self._parts.now())
                await self._out.reply(inbound, Say.UNBOUND, binding.patient_id)
            case _:
                await self._parts.chat.take(self._piece(inbound, binding, PieceKind.TEXT, text))

    async def _family(self, inbound: WechatInbound, binding: WechatBinding) -> None:
        """The patient gives the code to somebody: that is the consent, and the binding says so."""
        until = self._parts.now() + FAMILY_CODE_LASTS
        invited = Invited(binding.patient_id, BindingRole.CAREGIVER, "patient_code")
        link = await self._parts.code_for(self._parts.codes.issue(invited, until), FAMILY_CODE_LASTS)
        await self._out.reply(inbound, Say.FAMILY_CODE, binding.patient_id, link=link)

    async def _sent_media(self, inbound: WechatInbound, binding: WechatBinding) -> None:
        """The file is kept first; what WeChat itself understood of a voice message goes along."""
        try:
            path = await self._parts.keep_media(inbound.media, inbound.id)
        except MediaGone:
            if inbound.text:
                return await self._wrote(inbound, binding, inbound.text)
            return await self._out.reply(inbound, Say.MEDIA_LOST, binding.patient_id)
        await self._parts.chat.take(self._piece(inbound, binding, _KINDS[inbound.deed], "", path))
        return None

    async def _clicked(self, inbound: WechatInbound, binding: WechatBinding) -> None:
        if inbound.key.startswith(SAYS):
            return await self._wrote(inbound, binding, inbound.key.removeprefix(SAYS))
        if inbound.key == MINE:
            return await self._mine(inbound, binding)
        return None  # a button of an older menu

    async def _mine(self, inbound: WechatInbound, binding: WechatBinding) -> None:
        """An open contact goes on where it stands; else the date of the next one."""
        parts, opened = self._parts, self._piece(inbound, binding, PieceKind.OPENED, "")
        async with parts.store.transaction(write=False) as records:
            place = await place_for(records, opened, parts.now(), parts.allowed)
            asked = await _last_question(records, place.contact.id) if place is not None and place.live else ""
            coming = await _next_date(records, binding.patient_id)
        if asked:
            return await self._out.write(inbound, asked, binding.patient_id)
        if place is not None and not place.on_the_phone and (place.live or self._can_begin(place.contact)):
            await parts.chat.take(opened)
            return None
        which = Say.NEXT_DATE if coming else Say.NO_DATE
        return await self._out.reply(inbound, which, binding.patient_id, date=coming)

    def _can_begin(self, contact: Contact) -> bool:
        return self._parts.allowed(contact) and takes_up(contact, self._parts.now())

    def _piece(
        self, inbound: WechatInbound, binding: WechatBinding, kind: PieceKind, text: str, media: str = ""
    ) -> Piece:
        return Piece(
            id=inbound.id,
            channel=Channel.WECHAT,
            sender=inbound.openid,
            patient_id=binding.patient_id,
            kind=kind,
            at=inbound.at,
            received_at=self._parts.now(),
            text=text,
            media=media,
            guess=inbound.text if kind is PieceKind.VOICE else "",
            proven=True,
            by_caregiver=binding.role is BindingRole.CAREGIVER,
        )


async def _last_question(records: Records, contact_id: str) -> str:
    """What the robot asked last in this chat, as it was written; "" where the talk is elsewhere."""
    stored = await records.session(contact_id)
    session = Session.from_json(stored) if stored else None
    if session is None or session.reply is None or session.channel is not Channel.WECHAT:
        return ""
    return as_text(session.reply, Channel.WECHAT)


async def _next_date(records: Records, patient_id: str) -> str:
    due = [each.due_at for each in await records.contacts(patient_id=patient_id) if each.status is ContactStatus.DUE]
    if not due:
        return ""
    day = min(due).astimezone(HOSPITAL_ZONE)
    return f"{day.month}月{day.day}日"
