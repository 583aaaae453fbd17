"""What a person of the house may write to a patient: approved sentences, and words of their own where it is private."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from agent.model.contact import Channel, Contact, ContactStatus
from agent.model.message import Message, MessageKind
from agent.model.people import Patient
from agent.model.record import Event
from agent.model.wechat import BindingRole
from agent.store.ports import Records
from agent.text_consent import agreed_to_text

LONGEST = 300
MOBILE = "+861"


@dataclass(frozen=True, slots=True)
class Template:
    """An approved sentence; `linked` ones carry the way to the next contact's questions."""

    key: str
    label: str
    linked: bool = False


class Writing(Protocol):
    @property
    def channels(self) -> Collection[Channel]:
        """Those the house has an account for."""
        ...

    @property
    def any_words_by_sms(self) -> bool:
        """False where the vendor carries approved templates alone."""
        ...

    def templates(self) -> Sequence[Template]: ...
    def filled(self, key: str, contact: Contact | None) -> tuple[str, str | None]:
        """The sentence and the link in it. Raises KeyError."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """A channel that reaches this patient; `free`: words of one's own may go over it."""

    channel: Channel
    to: str
    free: bool


class NotWritten(Exception):
    """No message was written; `code` is what the page says about it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def ways_to(records: Records, patient: Patient, writing: Writing) -> tuple[Way, ...]:
    """WeChat before SMS. A caregiver's WeChat and an SMS that the patient did not agree to read about their health in
    get approved sentences only."""
    found = []
    bound = await records.wechat_bindings(patient.id) if Channel.WECHAT in writing.channels else ()
    if bound:
        found.append(Way(Channel.WECHAT, bound[0].openid, bound[0].role is BindingRole.SELF))
    if Channel.SMS in writing.channels and patient.phone.startswith(MOBILE):
        free = writing.any_words_by_sms and await agreed_to_text(records, patient.id)
        found.append(Way(Channel.SMS, patient.phone, free))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Letter:
    """What the form says: a template's key, or words."""

    channel: str
    template: str
    words: str


async def write(
    records: Records, patient: Patient, letter: Letter, writing: Writing, written: tuple[str, str, datetime, datetime]
) -> Message:
    """`written`: the message's id, by whom, when, and not sent before. Raises NotWritten."""
    message_id, actor, now, not_before = written
    way = next((each for each in await ways_to(records, patient, writing) if each.channel == letter.channel), None)
    if way is None or await records.opt_out(patient.id) is not None:
        raise NotWritten("no_way")
    text, link, contact = letter.words[:LONGEST], None, await _next_contact(records, patient)
    template = next((each for each in writing.templates() if each.key == letter.template), None)
    if template is not None:
        if template.linked and contact is None:
            raise NotWritten("no_contact")
        text, link = writing.filled(template.key, contact)
    elif not way.free or not text:
        raise NotWritten("templates_only")
    kind = MessageKind.LINK if link else MessageKind.BY_HAND
    message = Message(message_id, way.channel, way.to, kind, text, now, patient.id, link=link)
    if link and contact:
        message = replace(message, contact_id=contact.id)
    message = replace(message, not_before=not_before if not_before > now else None)
    await records.add_message(message)
    which = template.key if template else "own_words"
    await records.add_event(Event("patient", patient.id, None, "written_to", now, actor, which))
    return message


async def _next_contact(records: Records, patient: Patient) -> Contact | None:
    waiting = await records.contacts(patient_id=patient.id, status=ContactStatus.DUE)
    return min(waiting, key=lambda each: each.due_at, default=None)
