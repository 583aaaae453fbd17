"""Where WeChat reaches a patient no more, an SMS with the link to the same conversation; nothing medical in it."""

from dataclasses import replace

from agent.chat.content import Say
from agent.chat.once import add_once
from agent.chat.parts import ChatParts
from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus

INVITES = frozenset({MessageKind.LINK, MessageKind.REMINDER, MessageKind.EDUCATION})


class BySms:
    """telephony.wechat's Instead: one SMS for one message, however often that fails."""

    def __init__(self, parts: ChatParts) -> None:
        self._parts = parts

    async def __call__(self, message: Message) -> None:
        """Nothing for a message that belongs to no contact."""
        if message.patient_id is None or message.contact_id is None:
            return
        parts = self._parts
        async with parts.store.transaction() as records:
            contact = await records.contact(message.contact_id)
            patient = await records.patient(message.patient_id)
            await add_once(
                records,
                replace(
                    message,
                    id=f"{message.id}.sms",
                    channel=Channel.SMS,
                    to=patient.phone,
                    kind=MessageKind.LINK,
                    text=message.text if _invites(message) else parts.say(Say.GO_ON, contact),
                    link=parts.link_for(contact) or None,
                    created_at=parts.now(),
                    status=MessageStatus.QUEUED,
                    not_before=None,
                    provider_ref=None,
                    tries=0,
                    failed_why=None,
                ),
            )


def _invites(message: Message) -> bool:
    """Its words are the link's own, approved for an SMS; any other words stay where they are."""
    return message.kind in INVITES and bool(message.link) and str(message.link) in message.text
