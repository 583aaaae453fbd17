"""What the engine is told at the opening, and what one turn brings about."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.model.answer import Answer
from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.finding import Level
from agent.model.session import Facts, Session
from agent.model.turn import Reply


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything a conversation starts from; `recording` and `draft` are said aloud."""

    contact_id: str
    node_day: int
    channel: Channel
    facts: Facts
    recording: bool = False
    draft: bool = False
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
