"""What figures over many patients are made from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from agent.model.escalation import Disposition, EscalationKind, EscalationStatus
from agent.model.finding import Level
from agent.model.people import Tier
from agent.model.stay import StayStatus


@dataclass(frozen=True, slots=True)
class Slice:
    """Which contacts are counted: first due on the hospital's days `since` to `until`, both among them."""

    since: date
    until: date
    department: str | None = None
    pathway: str | None = None
    tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class AttemptFact:
    """One call of a contact of the slice; `talk_seconds` 0 where nobody answered."""

    created_at: datetime
    answered: bool
    talk_seconds: float
    birth_year: int | None
    contact_id: str = ""
    patient_id: str = ""


@dataclass(frozen=True, slots=True)
class AlarmFact:
    """One escalation of a contact of the slice."""

    id: str
    patient_id: str
    contact_id: str
    kind: EscalationKind
    level: Level
    status: EscalationStatus
    disposition: Disposition | None
    reason: str
    words: str
    created_at: datetime
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallCount:
    """Calls of one hour of the hospital's day, 0 to 23, to patients born in one year."""

    hour: int
    birth_year: int | None
    made: int
    answered: int


@dataclass(frozen=True, slots=True)
class AlarmCount:
    """Escalations that came to the same; `waited`: the whole seconds until one was taken, None where nobody took it."""

    kind: EscalationKind
    status: EscalationStatus
    disposition: Disposition | None
    level: Level
    waited: int | None
    count: int


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """One answer that stands, of a contact of the slice."""

    contact_id: str
    patient_id: str
    pathway: str
    version: str
    question: str
    value: Any
    raw: str
    planned_for: date
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class StayFact:
    """One stay of a patient; `on` is its discharge, or when its admission was told."""

    patient_id: str
    status: StayStatus
    source: str
    on: date


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """In how many contacts of the slice this question has an answer."""

    pathway: str
    version: str
    question: str
    answered: int
