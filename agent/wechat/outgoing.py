"""What the WeChat desk writes itself, and words that wait until they may be sent."""

from dataclasses import replace
from datetime import timedelta

from agent.chat.once import add_once
from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.wechat import KNOCKED, WechatBinding, WechatInbound
from agent.wechat.content import Say
from agent.wechat.parts import WechatParts

STILL_WORTH_SAYING = timedelta(days=7)


class Outgoing:
    def __init__(self, parts: WechatParts) -> None:
        self._parts = parts

    async def reply(self, inbound: WechatInbound, which: Say, patient_id: str | None = None, **facts: str) -> None:
        """One standing reply to one push, however often that is dealt with."""
        await self.write(inbound, self._parts.say(which, **facts), patient_id)

    async def write(self, inbound: WechatInbound, text: str, patient_id: str | None) -> None:
        """Nothing where `text` is empty."""
        if not text:
            return
        now = self._parts.now()
        to, id_ = inbound.openid, f"{inbound.id}.reply"
        message = Message(id_, Channel.WECHAT, to, MessageKind.NOTICE, text, now, patient_id)
        await self._add(message)

    async def what_waits(self, binding: WechatBinding) -> None:
        """Words that could only knock are said now that the patient has written: the window is open."""
        now = self._parts.now()
        async with self._parts.store.transaction(write=False) as records:
            sent = await records.messages(patient_id=binding.patient_id)
        for message in sent:
            knocked = (message.provider_ref or "").startswith(KNOCKED) and message.to == binding.openid
            if knocked and message.link is None and message.created_at > now - STILL_WORTH_SAYING:
                again = replace(message, id=f"{message.id}.words", status=MessageStatus.QUEUED, provider_ref=None)
                await self._add(replace(again, created_at=now, tries=0, sent_at=None))

    async def knocked_by(self, number: str) -> Message | None:
        """The message that a template of this number stood for."""
        async with self._parts.store.transaction(write=False) as records:
            return await records.message_by_ref(Channel.WECHAT, f"{KNOCKED}{number}")

    async def _add(self, message: Message) -> None:
        async with self._parts.store.transaction() as records:
            await add_once(records, message)
