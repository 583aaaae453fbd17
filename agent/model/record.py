"""Rows that exist only because something happened: stored turns, outbox messages, events, users."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from agent.model.answer import Answer
from agent.model.escalation import Escalation
from agent.model.finding import Reading
from agent.model.turn import Reply, Turn


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A turn as it happened: what came in, what was read, what the robot replied."""

    seq: int  # 1.. within the contact
    turn: Turn
    move: str
    reading: Reading
    reply: Reply
    reply_audio_start: float | None = None  # seconds of the recording where the reply began, phone only


class OutboxKind(StrEnum):
    ESCALATION_RAISED = "escalation_raised"
    ESCALATION_CHANGED = "escalation_changed"
    CONTACT_CHANGED = "contact_changed"
    TURN_STORED = "turn_stored"
    TRUNK_CHANGED = "trunk_changed"


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A fact to tell the world after commit; `subject` is the id of what it is about, no patient words."""

    id: str
    kind: OutboxKind
    subject: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One transition of a contact, attempt, escalation or anything else that must be accounted for."""

    entity: str  # "contact" | "attempt" | "escalation" | "trunk" | "patient" | "user" | "second_pass" (an attempt's id)
    entity_id: str
    from_status: str | None
    to_status: str
    at: datetime
    actor: str  # "robot", "scheduler", "carrier" or a user name
    reason: str | None = None


class Role(StrEnum):
    NURSE = "nurse"
    COORDINATOR = "coordinator"
    CLINICIAN = "clinician"
    DOCTOR = "doctor"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class User:
    """`seal` is part of every session of theirs: another one ends them all. `language` is the pages' ("zh", "en");
    `subject` who they are at the house's own login service, as "issuer subject"; `phone` (E.164) rings when they take
    a call over."""

    name: str
    display_name: str
    role: Role
    password_hash: str
    must_change: bool = False
    department: str | None = None  # whose patients they see; None is everybody's
    disabled: bool = False  # may not log in, keeps their name in the records
    seal: str = ""
    language: str = "zh"
    subject: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """Everything one turn changes; written in one transaction."""

    stored: StoredTurn
    session: str  # JSON of the engine's session after the turn
    answers: tuple[Answer, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    events: tuple[Event, ...] = ()
    outbox: tuple[OutboxMessage, ...] = field(default=())
