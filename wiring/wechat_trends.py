"""Readings of the last days as the picture that WeChat is sent: drawn when it goes, kept nowhere."""

import asyncio

from agent.chat.parts import ChatParts
from agent.chat.readings import TREND
from agent.chat.trends import trends_of
from agent.model.message import Message
from telephony.wechat import picture
from telephony.wechat.messenger import Draws


def drawer(chat: ChatParts) -> Draws:
    async def draw(message: Message) -> bytes | None:
        """As the readings stood when the message was written."""
        if message.patient_id is None or message.contact_id is None:
            return None
        until = message.created_at
        async with chat.store.transaction(write=False) as records:
            contact = await records.contact(message.contact_id)
            readings = await records.observations(message.patient_id, since=until - TREND)
        trends = trends_of([each for each in readings if each.at <= until], chat.limits_for(contact), until)
        return await asyncio.to_thread(picture.draw, trends) if trends else None

    return draw
