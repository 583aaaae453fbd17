"""What the WeChat desk is made of; the composition root fills it in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from agent.chat.place import Allowed
from agent.model.clock import NewId, Now
from agent.model.message import MessageStatus
from agent.model.piece import Piece
from agent.store.ports import Store
from agent.turn.ports import Hospital, Reads
from agent.wechat.codes import BindingCodes
from agent.wechat.content import Say, WechatContent


class TakesPieces(Protocol):
    async def take(self, piece: Piece) -> bool:
        """Keeps a message; False where it came before."""
        ...


class MediaGone(Exception):
    """The platform has it no more, or it is none that we can read: the patient sends it again."""


class MediaLater(Exception):
    """The platform did not answer: asked again after a while."""


KeepMedia = Callable[[str, str], Awaitable[str]]
"""The platform's media id and a name for the file → its path below the data folder. Raises MediaGone, MediaLater."""
CodeFor = Callable[[str, timedelta], Awaitable[str]]
"""A scene and how long it lasts → where the code's picture is. Raises MediaLater."""
NoteReceipt = Callable[[str, MessageStatus, datetime, str], Awaitable[None]]
"""A message's id, its status, when, and why it failed."""


@dataclass(frozen=True, slots=True)
class WechatParts:
    store: Store
    chat: TakesPieces
    reads: Reads
    content: WechatContent
    hospital: Hospital
    allowed: Allowed
    codes: BindingCodes
    code_for: CodeFor
    keep_media: KeepMedia
    note_receipt: NoteReceipt
    now: Now
    new_id: NewId

    def say(self, which: Say, **facts: str) -> str:
        known = {"hospital": self.hospital.name, "callback": self.hospital.callback}
        return self.content.say(which, **{**known, **facts})
