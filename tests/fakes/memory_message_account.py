"""The account of a day's messages in the store in memory."""

from collections import Counter
from datetime import datetime

from agent.model.message import Message, MessageStatus
from agent.model.message_account import OPEN, MessageAccount
from tests.fakes.memory_tables import MemoryWrites


class MemoryMessageAccount(MemoryWrites):
    async def message_account(self, *, since: datetime, until: datetime, stuck_before: datetime) -> MessageAccount:
        def stuck(message: Message) -> bool:
            held = self._t.sending.get(message.id)
            waits = message.not_before if message.status is MessageStatus.QUEUED else None
            moments = (message.created_at, held or message.created_at, waits or message.created_at)
            return message.status in OPEN and max(moments) < stuck_before

        written = [each for each in self._t.messages.values() if since <= each.created_at < until]
        failed = (each.failed_why or "" for each in written if each.status is MessageStatus.FAILED)
        statuses = Counter(each.status for each in written)
        return MessageAccount(dict(statuses), dict(Counter(failed)), sum(map(stuck, self._t.messages.values())))
