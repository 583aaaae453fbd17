"""Health education that is owed goes out: whole on the patient's page, and by SMS as a link to it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agent.chat.content import Say
from agent.chat.parts import ChatParts
from agent.chat.pictures import LESSON, lessons_beside
from agent.model.contact import Channel
from agent.model.education import EducationDue
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.piece import Piece
from agent.model.record import OutboxKind, OutboxMessage
from agent.store.ports import Duplicate, Records

MOST_WAITING = 5000
LOOKS_AGAIN = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=30)
ARRIVED = frozenset({MessageStatus.SENT, MessageStatus.DELIVERED})

NextOpen = Callable[[datetime], datetime]


class LessonSender:
    """`channels`: those the house has an account for. A lesson whose patient no channel reaches keeps waiting."""

    def __init__(self, parts: ChatParts, channels: Collection[Channel], next_open: NextOpen) -> None:
        self._parts, self._channels, self._next_open = parts, channels, next_open
        self._cannot: dict[str, datetime] = {}  # lesson → when it was found that no channel reaches the patient

    async def run_once(self) -> int:
        """Sends what can be sent; returns how many lessons."""
        now = self._parts.now()
        self._cannot = {known: at for known, at in self._cannot.items() if now - at < LOOKS_AGAIN}
        async with self._parts.store.transaction(write=False) as records:
            waiting = await records.education_waiting(limit=MOST_WAITING)
        sent = 0
        for due in waiting:
            if due.id in self._cannot:
                continue
            async with self._parts.store.transaction() as records:
                gone = await self._send(records, due)
            sent += gone
            if not gone:
                self._cannot[due.id] = now
        return sent

    async def _send(self, records: Records, due: EducationDue) -> bool:
        now = self._parts.now()
        if await records.stopped([due.patient_id]) or now - due.created_at > GIVEN_UP_AFTER:
            return False
        on_the_page = any(each.turn.channel is Channel.WEBCHAT for each in await records.turns(due.contact_id))
        if not on_the_page and Channel.SMS not in self._channels:
            return False
        await records.add_message(page_message(f"{LESSON}{due.id}", due, now))
        if Channel.SMS in self._channels:
            await self._tell_by_sms(records, due, now)
        channel = Channel.WEBCHAT if on_the_page else Channel.SMS
        await records.save_education(replace(due, sent_at=now, channel=channel))
        return True

    async def _tell_by_sms(self, records: Records, due: EducationDue, now: datetime) -> None:
        """One link for all lessons of a contact, in daytime, with nothing medical in it."""
        if any(each.id == f"lessons-{due.contact_id}" for each in await records.messages(contact_id=due.contact_id)):
            return
        contact, patient = await records.contact(due.contact_id), await records.patient(due.patient_id)
        text, link = self._parts.say(Say.LESSONS, contact), self._parts.link_for(contact)
        told = Message(f"lessons-{contact.id}", Channel.SMS, patient.phone, MessageKind.EDUCATION, text, now)
        told = replace(told, patient_id=patient.id, contact_id=contact.id, link=link, not_before=self._next_open(now))
        await records.add_message(await self._parts.nearest(records, told))


def page_message(message_id: str, due: EducationDue, now: datetime) -> Message:
    """A lesson as the page shows it; there once it is stored, READ once the page was open."""
    return Message(
        id=message_id,
        channel=Channel.WEBCHAT,
        to=due.contact_id,
        kind=MessageKind.EDUCATION,
        text=f"【{due.title}】{due.text}",
        created_at=now,
        patient_id=due.patient_id,
        contact_id=due.contact_id,
        status=MessageStatus.SENT,
        sent_at=now,
    )


async def sent_again(parts: ChatParts, piece: Piece) -> str:
    """再发一次: the lessons of the last contact that had any. Whole, with their pictures, where the channel may carry
    them, else the link."""
    async with parts.store.transaction(write=False) as records:
        lessons = [each for each in await records.education(piece.patient_id) if each.sent_at is not None]
        if not lessons:
            return parts.say(Say.NO_LESSONS)
        contact = await records.contact(lessons[-1].contact_id)
    if piece.channel is Channel.SMS:
        return parts.say(Say.LESSONS, contact)
    last = [each for each in lessons if each.contact_id == contact.id]
    await lessons_beside(parts, piece, last)
    return _listed(last)


def _listed(lessons: Sequence[EducationDue]) -> str:
    return "\n".join(f"【{each.title}】{each.text}" for each in lessons)


async def note_read(parts: ChatParts, messages: Sequence[Message]) -> None:
    """The page showed these lessons, whichever way they came: neither SMS nor WeChat says that a message was read, so
    their link is read once it led here."""
    unread = [
        each for each in messages if each.kind is MessageKind.EDUCATION and each.status in ARRIVED and each.contact_id
    ]
    if not unread:
        return
    now = parts.now()
    try:
        async with parts.store.transaction() as records:
            for each in unread:
                await records.save_message(replace(each, status=MessageStatus.READ))
                told = OutboxMessage(f"{each.id}-read", OutboxKind.CONTACT_CHANGED, each.contact_id or "", now)
                await records.add_outbox(told)
    except Duplicate:
        return  # another look at the page was faster
