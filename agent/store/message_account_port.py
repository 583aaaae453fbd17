"""What the ledger asks of the record store about messages; part of `ScreenRecords`."""

from datetime import datetime
from typing import Protocol

from agent.model.message_account import MessageAccount


class MessageAccounts(Protocol):
    async def message_account(self, *, since: datetime, until: datetime, stuck_before: datetime) -> MessageAccount:
        """Of the messages written from `since` to `until`. Stuck are those of any day that should have gone, or whose
        provider should have been asked, before `stuck_before`."""
        ...
