"""The picture beside readings told in words: drawn by the page in a bubble, sent by WeChat, led to by an SMS."""

from datetime import timedelta

from agent.chat.once import add_once
from agent.chat.parts import ChatParts
from agent.model.contact import Channel, Contact
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.piece import Piece

BEHIND = timedelta(seconds=1)  # so that the words of the same answer go first
TITLE = "最近7天曲线图"


async def beside(parts: ChatParts, piece: Piece, contact: Contact) -> str:
    """What the words end with: nothing where the picture itself follows them, once for one piece."""
    way = parts.way_to_the_picture(contact)
    here = piece.channel is Channel.WEBCHAT
    if piece.channel is Channel.SMS or not (way or here):
        return way
    at = parts.now() + BEHIND
    picture = Message(
        f"{piece.id}-trend", piece.channel, piece.sender, MessageKind.TREND, TITLE if here else way, at,
        piece.patient_id, contact.id,
        status=MessageStatus.SENT if here else MessageStatus.QUEUED,
        sent_at=at if here else None,
    )  # fmt: skip
    async with parts.store.transaction() as records:
        await add_once(records, picture)
    return ""
