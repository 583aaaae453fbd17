"""The people of the virtual year: who they are, and what becomes of a call to them."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from agent.attempts.hours import hour_of
from agent.model.clock import NewId
from agent.model.contact import Channel, Contact
from agent.model.message import Message, MessageKind
from agent.model.people import Patient, Tier
from agent.store.ports import Records

TIERS = (Tier.HIGH, Tier.MIDDLE, Tier.MIDDLE, Tier.LOW)
UNANSWERED = (
    ("no-answer", 60), ("busy", 14), ("powered_off", 8), ("voicemail", 8), ("out_of_reach", 5), ("suspended", 1),
    ("failed", 3), ("no_such_number", 1),
)  # fmt: skip
ANSWERED = (
    ("completed", 74), ("hung_up", 8), ("postponed", 7), ("red_flag", 5), ("declined", 3), ("opt_out", 1),
    ("wrong_person", 1), ("technical", 1),
)  # fmt: skip
AT_THEIR_HOUR, OTHERWISE = 0.8, 0.45  # how likely a call is answered
DIES = 0.001  # of answered calls: the family says so


@dataclass(frozen=True, slots=True)
class Person:
    patient: Patient
    home_hours: range  # hours of the day at which they answer
    answers_links: bool


@dataclass
class YearInvitations:
    """Messages that only have to exist; `links` are the contacts of those with a way into the chat."""

    links: list[Contact] = field(default_factory=list)

    def link(
        self, message_id: str, contact: Contact, patient: Patient, now: datetime, *, going_on: bool
    ) -> Message | None:
        self.links.append(contact)
        return _sms(message_id, MessageKind.LINK, contact, patient, now)

    def warm_up(self, message_id: str, contact: Contact, patient: Patient, now: datetime) -> Message | None:
        return _sms(message_id, MessageKind.WARM_UP, contact, patient, now)

    async def nearest(self, records: Records, message: Message) -> Message:
        return message


def _sms(message_id: str, kind: MessageKind, contact: Contact, patient: Patient, now: datetime) -> Message:
    return Message(message_id, Channel.SMS, patient.phone, kind, "演习", now, patient.id, contact.id)


def person(number: int, chance: random.Random, new_id: NewId) -> Person:
    family = f"+86137{number:08}" if chance.random() < 0.4 else None
    patient = Patient(
        new_id(), f"年{number}", f"+86138{number:08}", "冠心病", chance.choice(TIERS),
        birth_year=chance.randint(1935, 1990), sex=chance.choice(("male", "female")), caregiver_phone=family,
    )  # fmt: skip
    home = chance.randint(9, 17)
    return Person(patient, range(home, home + 3), chance.random() < 0.4)


def fate(someone: Person, now: datetime, chance: random.Random) -> str:
    """What becomes of a call to them now."""
    likely = AT_THEIR_HOUR if hour_of(now) in someone.home_hours else OTHERWISE
    if chance.random() >= likely:
        return _drawn(UNANSWERED, chance)
    return "deceased" if chance.random() < DIES else _drawn(ANSWERED, chance)


def _drawn(weights: tuple[tuple[str, int], ...], chance: random.Random) -> str:
    words, shares = zip(*weights, strict=True)
    return str(chance.choices(words, shares)[0])
