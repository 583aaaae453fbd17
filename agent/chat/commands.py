"""Messages of one word that ask for something: 退订, 恢复, 短信, 我的随访."""

from collections.abc import Sequence

from agent.attempts.transitions import Stamp, end_attempt, stop_everything, take_up_again
from agent.chat.consent import asks_by_text
from agent.chat.content import Command, Say
from agent.chat.lessons import sent_again
from agent.chat.parts import ChatParts
from agent.chat.pictures import beside
from agent.chat.readings import trend_text
from agent.model import points
from agent.model.contact import Attempt, AttemptOutcome, Channel, Contact, ContactStatus
from agent.model.people import Patient
from agent.model.piece import Piece
from agent.model.step import End
from agent.observed import LABELS
from agent.store.ports import Records
from agent.text_consent import agreed_to_text, note_consent


async def obey(parts: ChatParts, piece: Piece, command: Command) -> str | None:
    """What is written back; None where the word asks for nothing here and so is only a word."""
    match command:
        case Command.OPT_OUT:
            return await _opt_out(parts, piece)
        case Command.OPT_IN:
            return await _opt_in(parts, piece)
        case Command.RESEND:
            return await sent_again(parts, piece)
        case Command.TREND:
            return await _trend(parts, piece)
        case Command.POINTS if parts.points:
            return await _points(parts, piece)
        case Command.BY_TEXT if piece.channel is Channel.SMS:
            return await _by_text(parts, piece)
        case Command.BY_LINK if piece.channel is not Channel.WEBCHAT:
            return await _by_link(parts, piece)
        case Command.MINE if piece.channel is not Channel.WEBCHAT:
            return await _mine(parts, piece)
    return None


async def _opt_out(parts: ChatParts, piece: Piece) -> str:
    """No call and no message by any channel from now on; an SMS speaks for everybody of its telephone."""
    now = parts.now()
    async with parts.store.transaction() as records:
        for patient in await _speaks_for(records, piece):
            stamp = Stamp(now, "patient", parts.new_id())
            await stop_everything(records, patient.id, "opt_out", piece.channel, stamp)
            for attempt in await _open_chats(records, patient.id):
                end = End(ContactStatus.DECLINED, AttemptOutcome.DECLINED, "opt_out")
                await end_attempt(records, attempt, end, stamp)
    return parts.say(Say.OPTED_OUT)


async def _opt_in(parts: ChatParts, piece: Piece) -> str | None:
    now = parts.now()
    async with parts.store.transaction() as records:
        theirs = [patient.id for patient in await _speaks_for(records, piece)]
        if not any([await records.opt_out(each) for each in theirs]):
            return None
        for patient_id in theirs:
            await take_up_again(records, patient_id, Stamp(now, "patient", parts.new_id()))
    return parts.say(Say.OPTED_IN)


async def _trend(parts: ChatParts, piece: Piece) -> str | None:
    async with parts.store.transaction(write=False) as records:
        known = await records.observations(piece.patient_id)
        plainly = piece.channel is not Channel.SMS or await asks_by_text(parts, records, piece.patient_id)
        contacts = await records.contacts(patient_id=piece.patient_id)
    text = trend_text(known, (label for label, _ in LABELS.values()), parts.now())
    if not text:
        return parts.say(Say.NO_READINGS)
    if not plainly:
        return await _link(parts, piece)
    return text + (await beside(parts, piece, _latest(contacts)) if contacts else "")


async def _points(parts: ChatParts, piece: Piece) -> str:
    async with parts.store.transaction(write=False) as records:
        earned = await records.points(piece.patient_id)
    return parts.say(Say.POINTS, value=points.in_words(earned))


async def _by_text(parts: ChatParts, piece: Piece) -> str | None:
    if not parts.any_words:
        return await _link(parts, piece)
    async with parts.store.transaction() as records:
        await note_consent(records, piece.patient_id, agreed=True, now=parts.now())
    return parts.say(Say.BY_TEXT_AGREED)


async def _by_link(parts: ChatParts, piece: Piece) -> str | None:
    """Whoever asks for the link wants no more questions as plain SMS."""
    async with parts.store.transaction() as records:
        if piece.channel is Channel.SMS and await agreed_to_text(records, piece.patient_id):
            await note_consent(records, piece.patient_id, agreed=False, now=parts.now())
    return await _link(parts, piece)


async def _mine(parts: ChatParts, piece: Piece) -> str | None:
    """The way to the page; by SMS with consent the words go to the questions themselves."""
    async with parts.store.transaction(write=False) as records:
        asked_here = piece.channel is Channel.SMS and await asks_by_text(parts, records, piece.patient_id)
    return None if asked_here else await _link(parts, piece)


async def _link(parts: ChatParts, piece: Piece) -> str | None:
    async with parts.store.transaction(write=False) as records:
        contacts = await records.contacts(patient_id=piece.patient_id)
    return parts.say(Say.INVITATION, _latest(contacts)) if contacts else None


def _latest(contacts: Sequence[Contact]) -> Contact:
    """The last one begun; else the first to come."""
    begun = [each for each in contacts if each.attempts_made or each.status is ContactStatus.IN_PROGRESS]
    return begun[-1] if begun else contacts[0]


async def _speaks_for(records: Records, piece: Piece) -> list[Patient]:
    if piece.channel is not Channel.SMS:
        return [await records.patient(piece.patient_id)]
    return list(await records.patients_of_phone(piece.sender))


async def _open_chats(records: Records, patient_id: str) -> list[Attempt]:
    """A call that is up is left to the line: it ends by itself, and nothing follows it."""
    under_way = await records.contacts(patient_id=patient_id, status=ContactStatus.IN_PROGRESS)
    live = [each for contact in under_way for each in await records.attempts(contact_id=contact.id)]
    return [each for each in live if each.ended_at is None and each.channel is not Channel.PHONE]
