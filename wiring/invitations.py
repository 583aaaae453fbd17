"""Messages that bring a patient to a contact: the link into the chat, and the word before the first call."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from agent.attempts.retries import RetryPolicy
from agent.attempts.ways import Ladder
from agent.chat.content import Say
from agent.chat.parts import ChatParts
from agent.model.clock import utc_now
from agent.model.contact import Channel, Contact
from agent.model.message import Message, MessageKind
from agent.model.people import Patient
from agent.schedule.calendar import CallingCalendar
from agent.schedule.dispatcher import Dispatcher
from agent.schedule.going_on import GoingOn
from agent.schedule.runner import Round, Runner
from agent.schedule.warm_up import WarmUp, WarmUpMode
from agent.store.ports import Records, Store
from settings import Settings
from wiring.telling import Telling

MOBILE = "+861"


@dataclass(frozen=True, slots=True)
class SmsInvitations:
    """In the approved words of nlu_data/chat. `calls_from`: the number that patients will see, "" where not known."""

    parts: ChatParts
    calls_from: str

    def link(
        self, message_id: str, contact: Contact, patient: Patient, now: datetime, *, going_on: bool
    ) -> Message | None:
        link = self.parts.link_for(contact)
        text = self._say(Say.GO_ON if going_on else Say.INVITATION, link=link)
        message = _sms(message_id, MessageKind.LINK, text, (contact, patient), now)
        return replace(message, link=link) if message else None

    def warm_up(self, message_id: str, contact: Contact, patient: Patient, now: datetime) -> Message | None:
        shown = f"（来电{self.calls_from}）" if self.calls_from else ""
        return _sms(message_id, MessageKind.WARM_UP, self._say(Say.WARM_UP, value=shown), (contact, patient), now)

    async def nearest(self, records: Records, message: Message) -> Message:
        return await self.parts.nearest(records, message)

    def _say(self, which: Say, **facts: str) -> str:
        hospital = self.parts.hospital
        return self.parts.content.say(which, hospital=hospital.name, callback=hospital.callback, **facts)


def _sms(
    message_id: str, kind: MessageKind, text: str, about: tuple[Contact, Patient], now: datetime
) -> Message | None:
    contact, patient = about
    if not (text and patient.phone.startswith(MOBILE)):
        return None
    to = (Channel.SMS, patient.phone, kind, text)
    return Message(message_id, *to, now, patient_id=patient.id, contact_id=contact.id)


def retries_for(settings: Settings, calendar: CallingCalendar, channels: Collection[Channel]) -> RetryPolicy:
    links = Channel.SMS in channels
    ladder = Ladder(links=links, message_under_age=settings.message_under_age if links else 0)
    return RetryPolicy(settings.max_attempts, ladder=ladder, next_open=calendar.next_open)


@dataclass(frozen=True, slots=True)
class Scheduling:
    """The parts that messages are wired into."""

    store: Store
    dispatcher: Dispatcher
    runner: Runner
    telling: Telling


def write_to_patients(
    settings: Settings, scheduling: Scheduling, parts: ChatParts, channels: Collection[Channel]
) -> None:
    """Nothing where the house can send no SMS."""
    if Channel.SMS not in channels:
        return
    account = settings.twilio.from_number if settings.carrier == "twilio" else settings.asterisk.caller_id
    invitations = SmsInvitations(parts, account.removeprefix("+86"))
    warm_up = WarmUp(scheduling.store, WarmUpMode(settings.warm_up), utc_now, settings.warm_up_share)
    scheduling.dispatcher.write_to_patients(invitations, warm_up)
    scheduling.runner.give(Round.WARM_UP, warm_up.look)
    scheduling.telling.contact_changed.append(GoingOn(scheduling.store, invitations, utc_now).contact_changed)
