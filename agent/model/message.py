"""A message to a patient or to staff: on record before it is sent, and followed until it was read or failed."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from agent.model.contact import Channel


class MessageKind(StrEnum):
    CHAT = "chat"  # the robot's reply in a conversation
    LINK = "link"  # the way into the web chat
    WARM_UP = "warm_up"  # tells the patient that a call will come
    REMINDER = "reminder"  # an unfinished chat
    EDUCATION = "education"
    TREND = "trend"  # the readings of the last days as a picture; `text` stands for it where no picture goes
    PICTURE = "picture"  # a lesson's, sent beside its words; `text` says what it shows and stands for it
    NOTICE = "notice"  # what the patient must know: opt-out confirmed, a changed date
    STAFF = "staff"  # to a nurse or coordinator
    BY_HAND = "by_hand"  # to a patient, from a person of the house


class MessageStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # given to the provider; what became of it is not known yet
    SENT = "sent"  # the provider took it
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Message:
    """`to` is the channel's own address: E.164 for SMS, the openid in WeChat, the contact's id in web chat. `link` is
    kept apart from `text`, since some providers take it as a parameter of an approved template. `repr` shows neither
    address nor words."""

    id: str
    channel: Channel
    to: str = field(repr=False)
    kind: MessageKind
    text: str = field(repr=False)
    created_at: datetime
    patient_id: str | None = None
    contact_id: str | None = None
    link: str | None = field(default=None, repr=False)
    not_before: datetime | None = None
    status: MessageStatus = MessageStatus.QUEUED
    provider_ref: str | None = None
    tries: int = 0
    failed_why: str | None = None  # the last failure's stable code
    sent_at: datetime | None = None
