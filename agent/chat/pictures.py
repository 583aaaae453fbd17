"""Pictures beside words: readings are drawn, lessons have theirs in the pathway. WeChat and the page show them, an SMS
leads there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from agent.chat.once import add_once
from agent.chat.parts import ChatParts
from agent.model.contact import Channel, Contact
from agent.model.education import EducationDue, LessonPicture
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.piece import Piece

BEHIND = timedelta(seconds=1)  # so that the words of the same answer go first
TITLE = "最近7天曲线图"
MOST = 2  # lessons' pictures beside one answer: WeChat allows five messages, the words may take three
LESSON, PICTURE = "education-", "-picture-"  # before the id of the lesson in that of its message


async def beside(parts: ChatParts, piece: Piece, contact: Contact) -> str:
    """What the words end with: nothing where the picture itself follows them, once for one piece."""
    way = parts.way_to_the_picture(contact)
    here = piece.channel is Channel.WEBCHAT
    if piece.channel is Channel.SMS or not (way or here):
        return way
    trend = replace(_shown(parts, piece, MessageKind.TREND), id=f"{piece.id}-trend", contact_id=contact.id)
    async with parts.store.transaction() as records:
        await add_once(records, replace(trend, text=TITLE if here else way))
    return ""


async def lessons_beside(parts: ChatParts, piece: Piece, lessons: Sequence[EducationDue]) -> None:
    """The pictures of lessons that are told again in full."""
    message = _shown(parts, piece, MessageKind.PICTURE)
    pictures = await _pictures(parts, lessons)
    async with parts.store.transaction() as records:
        for due, picture in pictures[:MOST]:
            where = piece.contact_id or due.contact_id
            name = f"{piece.id}{PICTURE}{due.id}"
            await add_once(records, replace(message, id=name, text=picture.says, contact_id=where))


def _shown(parts: ChatParts, piece: Piece, kind: MessageKind) -> Message:
    """To be named and worded. On the page it stands at once; elsewhere the post sends it."""
    at, here = parts.now() + BEHIND, piece.channel is Channel.WEBCHAT
    return Message(
        piece.id, piece.channel, piece.sender, kind, "", at, piece.patient_id,
        status=MessageStatus.SENT if here else MessageStatus.QUEUED,
        sent_at=at if here else None,
    )  # fmt: skip


async def pictures_of(parts: ChatParts, messages: Sequence[Message]) -> dict[str, LessonPicture]:
    """Message → the picture of the lesson it is about; without those that have none."""
    about = {each.id: lesson for each in messages if (lesson := _lesson(each))}
    patients = {each.patient_id for each in messages if each.id in about and each.patient_id}
    if not patients:
        return {}
    async with parts.store.transaction(write=False) as records:
        owed = [due for patient in patients for due in await records.education(patient)]
    wanted = set(about.values())
    found = {due.id: picture for due, picture in await _pictures(parts, [due for due in owed if due.id in wanted])}
    return {name: found[lesson] for name, lesson in about.items() if lesson in found}


def _lesson(message: Message) -> str:
    """The lesson owed that a message tells or shows; "" for any other message."""
    if message.kind is MessageKind.PICTURE:
        return message.id.rpartition(PICTURE)[2]
    here = message.kind is MessageKind.EDUCATION and message.channel is Channel.WEBCHAT
    return message.id.removeprefix(LESSON) if here else ""


async def _pictures(parts: ChatParts, lessons: Sequence[EducationDue]) -> list[tuple[EducationDue, LessonPicture]]:
    """Those lessons that have one. Files are read, so no transaction is open meanwhile."""
    async with parts.store.transaction(write=False) as records:
        contacts = {name: await records.contact(name) for name in {due.contact_id for due in lessons}}
    found = [(due, parts.picture_of(contacts[due.contact_id], due.item)) for due in lessons]
    return [(due, picture) for due, picture in found if picture is not None]
