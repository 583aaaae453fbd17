"""The messages of the store in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from agent.model.contact import Channel
from agent.model.message import Message, MessageStatus
from agent.store.ports import Duplicate
from tests.fakes.memory_tables import MemoryWrites, one, refer


class MemoryMessages(MemoryWrites):
    async def add_message(self, message: Message) -> None:
        if message.patient_id is not None:
            refer(self._t.patients, message.patient_id)
        if message.contact_id is not None:
            refer(self._t.contacts, message.contact_id)
        self._refuse_same_ref(message)
        self._add(self._t.messages, message.id, message)

    async def save_message(self, message: Message) -> None:
        self._refuse_same_ref(message)
        self._overwrite(self._t.messages, message.id, message)
        self._t.sending.pop(message.id, None)

    def _refuse_same_ref(self, message: Message) -> None:
        key = (message.channel, message.provider_ref)
        same = (old for old in self._t.messages.values() if (old.channel, old.provider_ref) == key)
        if message.provider_ref is not None and any(old.id != message.id for old in same):
            raise Duplicate("unique")

    async def message(self, message_id: str) -> Message:
        return one(self._t.messages, message_id)

    async def message_by_ref(self, channel: Channel, provider_ref: str) -> Message | None:
        key = (channel, provider_ref)
        return next((m for m in self._t.messages.values() if (m.channel, m.provider_ref) == key), None)

    async def messages(
        self, *, patient_id: str | None = None, contact_id: str | None = None, limit: int = 500
    ) -> Sequence[Message]:
        theirs = (m for m in self._t.messages.values() if patient_id in (None, m.patient_id))
        mine = (m for m in theirs if contact_id in (None, m.contact_id))
        return sorted(mine, key=lambda m: (m.created_at, m.id))[:limit]

    async def claim_messages(self, *, now: datetime, hold_until: datetime, limit: int) -> Sequence[Message]:
        self._check(now, hold_until)
        queued = (m for m in await self.messages(limit=10**9) if m.status is MessageStatus.QUEUED)
        due = [m for m in queued if m.not_before is None or m.not_before <= now][:limit]
        claimed = [replace(m, status=MessageStatus.SENDING, tries=m.tries + 1) for m in due]
        for message in claimed:
            self._t.messages[message.id] = message
            self._t.sending[message.id] = hold_until
        return claimed

    async def claim_unsure_messages(self, *, now: datetime, hold_until: datetime, limit: int) -> Sequence[Message]:
        self._check(now, hold_until)
        sending = (m for m in await self.messages(limit=10**9) if m.status is MessageStatus.SENDING)
        found = [m for m in sending if m.id in self._t.sending and self._t.sending[m.id] <= now][:limit]
        self._t.sending |= {message.id: hold_until for message in found}
        return found
