"""What an SMS vendor tells us; agent.chat implements it."""

from datetime import datetime
from typing import Protocol

from agent.model.message import MessageStatus
from agent.model.piece import PieceKind


class SmsInbox(Protocol):
    async def received(self, own_id: str, sender: str, text: str, at: datetime) -> bool:
        """A text of `sender` (E.164) is on record when this returns; `own_id` is the vendor's. False for a known one
        and for a number that is nobody's. Raises StoreError: let the vendor send it again."""
        ...

    async def received_media(self, own_id: str, sender: str, kind: PieceKind, path: str, at: datetime) -> bool:
        """A picture or voice note that came with a text; `path` below the data folder, "" where it is not to be had."""
        ...

    async def receipt(self, message_id: str, status: MessageStatus, code: str) -> None:
        """What became of a message of ours; one we do not know is left alone."""
        ...

    async def receipt_of(self, provider_ref: str, status: MessageStatus, code: str) -> bool:
        """The same by the vendor's own reference; False where no message has it (yet)."""
        ...
