"""What hearing a call's recording again came to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.model.answer import Scalar
from agent.model.turn import AudioSpan


class SecondPassStatus(StrEnum):
    DUE = "due"
    DONE = "done"
    SKIPPED = "skipped"  # no person was on the line
    NO_AUDIO = "no_audio"  # nothing of the call is on disk
    FAILED = "failed"  # the recogniser failed each time


@dataclass(frozen=True, slots=True)
class Rehearing:
    """One stretch of the patient's sound; `turn_id` is "" where the call took it for no turn."""

    turn_id: str
    audio: AudioSpan
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that reads differently the second time. The stored answer stays as it is: a nurse decides.
    `live` is None where the call left the question without an answer."""

    question: str
    turn_id: str
    live: Scalar | None
    second: Scalar
    words: str  # of the second hearing


@dataclass(frozen=True, slots=True)
class SecondPass:
    """The one second pass of an attempt; `held_until` keeps other workers off while it is due."""

    attempt_id: str
    contact_id: str
    status: SecondPassStatus
    held_until: datetime
    tries: int = 1
    recogniser: str = ""
    finished_at: datetime | None = None
    hearings: tuple[Rehearing, ...] = ()
    differences: tuple[Difference, ...] = ()
    checked_by: str | None = None  # user who held the differences against the recording
    checked_at: datetime | None = None
