"""A planned contact, the attempts made for it, and which status may follow which."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from agent.model.clock import HOSPITAL_ZONE
from agent.model.urgency import Urgency


class Channel(StrEnum):
    PHONE = "phone"
    SMS = "sms"
    WECHAT = "wechat"
    WEBCHAT = "webchat"
    TERMINAL = "terminal"
    WEBHOOK = "webhook"  # another system of the house; staff only


class ContactStatus(StrEnum):
    DUE = "due"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    PARTIAL = "partial"
    UNREACHABLE = "unreachable"
    DECLINED = "declined"
    WAIVED = "waived"


CONTACT_TRANSITIONS: dict[ContactStatus, frozenset[ContactStatus]] = {
    ContactStatus.DUE: frozenset(
        {ContactStatus.IN_PROGRESS, ContactStatus.WAIVED, ContactStatus.UNREACHABLE, ContactStatus.DECLINED}
    ),
    ContactStatus.IN_PROGRESS: frozenset(
        {
            ContactStatus.DUE,  # the attempt failed and another one is planned
            ContactStatus.COMPLETED,
            ContactStatus.PARTIAL,
            ContactStatus.UNREACHABLE,
            ContactStatus.DECLINED,
            ContactStatus.WAIVED,
        }
    ),
    ContactStatus.PARTIAL: frozenset({ContactStatus.IN_PROGRESS, ContactStatus.COMPLETED, ContactStatus.WAIVED}),
    ContactStatus.UNREACHABLE: frozenset({ContactStatus.IN_PROGRESS, ContactStatus.DUE, ContactStatus.WAIVED}),
    ContactStatus.COMPLETED: frozenset(),
    ContactStatus.DECLINED: frozenset({ContactStatus.DUE}),  # the patient wants to be followed up again
    ContactStatus.WAIVED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """One node of one plan. `pathway_version` is the version it began with and keeps; `planned_for` is the hospital's
    day on which it was first due, and stays when `due_at` moves: the ledger of that day answers for it. `urgency` is
    None until somebody weighed it, and written by `weigh` alone. `tries_before` are the attempts made before a person
    asked for one more round of them: no limit counts those."""

    id: str
    plan_id: str
    patient_id: str
    pathway: str
    pathway_version: str
    node_day: int
    due_at: datetime
    status: ContactStatus
    attempts_made: int = 0
    reason: str | None = None  # why it ended as it did, a stored word such as "no_answer"
    version: int = 1  # fence: every write names the version it read
    planned_for: date = date.min  # left out: the day of `due_at`
    urgency: Urgency | None = None
    campaign_id: str | None = None  # the one-off list it belongs to
    tries_before: int = 0

    @property
    def script(self) -> "Script":
        return Script(self.pathway, self.pathway_version, self.attempts_made > 0)

    @property
    def tries(self) -> int:
        """Attempts of this round."""
        return self.attempts_made - self.tries_before

    def __post_init__(self) -> None:
        if self.planned_for == date.min:
            object.__setattr__(self, "planned_for", self.due_at.astimezone(HOSPITAL_ZONE).date())


@dataclass(frozen=True, slots=True)
class Script:
    """What a contact goes through: its pathway, the version it was planned with, and whether it has begun, for then it
    goes on as it began."""

    pathway: str
    version: str
    begun: bool


class AttemptOutcome(StrEnum):
    """How an attempt stands. INTENDED is written before the carrier is asked to dial."""

    INTENDED = "intended"
    DIALLED = "dialled"  # the carrier accepted it
    ANSWERED = "answered"
    COMPLETED = "completed"  # the questionnaire was finished
    HUNG_UP = "hung_up"
    DECLINED = "declined"
    WRONG_PERSON = "wrong_person"
    POSTPONED = "postponed"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    POWERED_OFF = "powered_off"  # 关机
    OUT_OF_REACH = "out_of_reach"  # 无法接通: no signal where the patient is
    SUSPENDED = "suspended"  # 停机
    RESTRICTED = "restricted"  # 呼入限制: the line takes no calls, or not ours
    NO_SUCH_NUMBER = "no_such_number"  # 空号
    CALL_ASSISTANT = "call_assistant"  # a programme took the call for the patient
    VOICEMAIL = "voicemail"  # a machine that takes messages, or one that says nothing we know
    TRANSFERRED = "transferred"  # a nurse took the call over
    FAILED = "failed"  # the carrier could not place it
    TECHNICAL = "technical"  # our side failed in mid-conversation
    LINK_SENT = "link_sent"  # a message with the way into the chat; no telephone rang
    RED_FLAG = "red_flag"  # stopped for an emergency and handed to a nurse


class Callee(StrEnum):
    """Whose telephone an attempt rings."""

    PATIENT = "patient"
    CAREGIVER = "caregiver"


OPEN_OUTCOMES = frozenset({AttemptOutcome.INTENDED, AttemptOutcome.DIALLED, AttemptOutcome.ANSWERED})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call or one message sequence. `carrier_ref` is the carrier's own id (Twilio: CallSid); `trunk` the way a call
    went, whose carrier alone knows it."""

    id: str
    contact_id: str
    patient_id: str
    channel: Channel
    outcome: AttemptOutcome
    created_at: datetime
    carrier_ref: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    detail: str | None = None
    trunk: str | None = None
    callee: Callee = Callee.PATIENT


@dataclass(frozen=True, slots=True)
class Recording:
    """Audio of one call: a WAV, two channels (left patient, right robot), 8 kHz, 16 bit."""

    id: str
    attempt_id: str
    contact_id: str
    path: str  # relative to the data folder
    started_at: datetime
    seconds: float
