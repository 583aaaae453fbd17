"""What the engine is told at the opening, and what one turn brings about."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from agent.model.answer import Answer
from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.finding import Level
from agent.model.session import Session
from agent.model.turn import Reply


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything a conversation starts from. `title` is the spoken address (王先生); `caregiver` the family member
    who may answer; `callback` the number the hospital publishes; `recording` and `draft` are said aloud."""

    contact_id: str
    node_day: int
    channel: Channel
    name: str
    title: str = ""
    birth_year: int | None = None
    id_last4: str | None = None
    phone_last4: str | None = None
    sex: str | None = None
    caregiver: str | None = None
    hospital: str = "医院"
    department: str = ""
    callback: str = ""
    next_contact: date | None = None
    one_off: bool = False  # of a one-off list: nothing follows it
    education_follows: bool = False  # the node's education is really sent after the talk
    recording: bool = False
    draft: bool = False
    nurse_from: int = 0  # hours at the hospital between which a nurse takes transferred calls; equal: never
    nurse_until: int = 0
    by_caregiver: bool = False  # the channel knows that a caregiver answers
    proven: bool = False  # the channel has checked who it is: nobody is asked for the year of birth
    elder: bool = False  # spoken to slowly and waited for longer from the start


@dataclass(frozen=True, slots=True)
class Request:
    """Something a nurse must see that triage's own alarms do not carry. `reason` is Chinese, without patient words."""

    kind: EscalationKind
    reason: str
    level: Level = Level.YELLOW
    rule: str = ""


class TransferState(StrEnum):
    """How a transfer to a nurse stands; the stored word of the attempt's event."""

    RINGING = "transferring"
    TAKEN = "transferred"
    NOT_TAKEN = "transfer_not_taken"
    LEFT = "transfer_left"  # the patient did not wait


@dataclass(frozen=True, slots=True)
class End:
    """The conversation is over. `reason` is a stored word such as "refused"; `resume_at` when to call again."""

    contact_status: ContactStatus
    outcome: AttemptOutcome
    reason: str
    resume_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    session: Session
    reply: Reply
    answers: tuple[Answer, ...] = ()
    requests: tuple[Request, ...] = ()
    end: End | None = None
    transfer: TransferState | None = None  # changed by this turn
