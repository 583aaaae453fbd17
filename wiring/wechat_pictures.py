"""The pictures WeChat is sent: readings of the last days, drawn when they go and kept nowhere; a lesson's own."""

import asyncio

from agent.chat.parts import ChatParts
from agent.chat.pictures import pictures_of
from agent.chat.readings import TREND
from agent.chat.trends import trends_of
from agent.model.message import Message, MessageKind
from telephony.wechat import picture
from telephony.wechat.messenger import Draws


def drawer(chat: ChatParts) -> Draws:
    async def draw(message: Message) -> bytes | None:
        if message.kind is MessageKind.PICTURE:
            return await _lesson(chat, message)
        return await _trend(chat, message)

    return draw


async def _lesson(chat: ChatParts, message: Message) -> bytes | None:
    found = (await pictures_of(chat, [message])).get(message.id)
    return await asyncio.to_thread(found.content) if found else None


async def _trend(chat: ChatParts, message: Message) -> bytes | None:
    """As the readings stood when the message was written."""
    if message.patient_id is None or message.contact_id is None:
        return None
    until = message.created_at
    async with chat.store.transaction(write=False) as records:
        contact = await records.contact(message.contact_id)
        readings = await records.observations(message.patient_id, since=until - TREND)
    trends = trends_of([each for each in readings if each.at <= until], chat.limits_for(contact), until)
    return await asyncio.to_thread(picture.draw, trends) if trends else None
