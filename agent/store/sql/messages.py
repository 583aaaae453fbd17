"""Messages: queued, claimed by one worker at a time, and found again by the provider's reference."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select

from agent.model.contact import Channel
from agent.model.message import Message, MessageStatus
from agent.store.ports import NotFound
from agent.store.sql.statements import LIMIT, Statements, as_row, columns
from agent.store.tables import messages


@cache
def _in_order(*keys: str) -> Select[tuple[Any, ...]]:
    """Of the patient, the contact that are given."""
    query = select(*columns(messages, Message)).where(*(messages.c[key] == bindparam(key) for key in keys))
    return query.order_by(messages.c.created_at, messages.c.id).limit(bindparam(LIMIT))


class MessageRecords(Statements):
    async def add_message(self, message: Message) -> None:
        await self._add(messages, as_row(message))

    async def save_message(self, message: Message) -> None:
        change = messages.update().where(messages.c.id == message.id).values(**as_row(message), held_until=None)
        if await self._change(change) == 0:
            raise NotFound("messages")

    async def message(self, message_id: str) -> Message:
        return await self._by_key(Message, messages, message_id)

    async def message_by_ref(self, channel: Channel, provider_ref: str) -> Message | None:
        key = (messages.c.channel == channel, messages.c.provider_ref == provider_ref)
        return await self._found(Message, messages, *key)

    async def messages(
        self, *, patient_id: str | None = None, contact_id: str | None = None, limit: int = 500
    ) -> Sequence[Message]:
        wanted = {"patient_id": patient_id, "contact_id": contact_id}
        given = {name: value for name, value in wanted.items() if value is not None}
        return await self._many(Message, _in_order(*given), {**given, LIMIT: limit})

    async def claim_messages(self, *, now: datetime, hold_until: datetime, limit: int) -> Sequence[Message]:
        due = or_(messages.c.not_before.is_(None), messages.c.not_before <= now)
        found = await self._unheld(limit, messages.c.status == MessageStatus.QUEUED, due)
        claimed = [replace(each, status=MessageStatus.SENDING, tries=each.tries + 1) for each in found]
        for each in claimed:
            taken = messages.update().where(messages.c.id == each.id)
            await self._change(taken.values(status=each.status, tries=each.tries, held_until=hold_until))
        return claimed

    async def claim_unsure_messages(self, *, now: datetime, hold_until: datetime, limit: int) -> Sequence[Message]:
        sending = messages.c.status == MessageStatus.SENDING
        found = await self._unheld(limit, sending, messages.c.held_until <= now)
        if found:
            taken = messages.update().where(messages.c.id.in_([each.id for each in found]))
            await self._change(taken.values(held_until=hold_until))
        return found

    async def _unheld(self, limit: int, *where: ColumnElement[bool]) -> Sequence[Message]:
        query = select(*columns(messages, Message)).where(*where).order_by(messages.c.created_at, messages.c.id)
        return await self._many(Message, query.limit(limit).with_for_update(skip_locked=True))
