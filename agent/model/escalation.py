"""Something a nurse must see, and which status may follow which."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.model.finding import Level
from agent.model.turn import AudioSpan


class EscalationKind(StrEnum):
    RED_FLAG = "red_flag"
    THRESHOLD = "threshold"
    TECHNICAL = "technical"  # our side failed: a person must finish the contact
    UNANSWERED_QUESTION = "unanswered_question"
    REQUEST = "request"  # the patient asked for a person
    UNCLEAR = "unclear"  # a danger may hide in words that could not be settled


class EscalationStatus(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    SNOOZED = "snoozed"  # put off with a reason; comes back by itself at `snoozed_until`
    RESOLVED = "resolved"


class Disposition(StrEnum):
    ADVISED = "advised"
    CALLED_BACK = "called_back"
    REFERRED = "referred"
    EMERGENCY_CALLED = "emergency_called"
    FALSE_ALARM = "false_alarm"
    COULD_NOT_REACH = "could_not_reach"
    JOINED = "joined"  # by the robot alone: another card of the same words tells it


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that alarmed: `span` counts characters of `words`; `audio` seconds of the recording."""

    words: str
    span: tuple[int, int]
    turn_id: str
    attempt_id: str
    audio: AudioSpan | None
    confidence: float
    by_sound: bool


@dataclass(frozen=True, slots=True)
class Escalation:
    """One danger of one patient: the same danger said again joins it through `also`."""

    id: str
    patient_id: str
    contact_id: str
    kind: EscalationKind
    level: Level
    rule: str
    reason: str
    evidence: Evidence
    status: EscalationStatus
    created_at: datetime
    owner: str | None = None
    taken_at: datetime | None = None
    resolved_at: datetime | None = None
    disposition: Disposition | None = None
    note: str | None = None
    version: int = 1
    also: tuple[Evidence, ...] = ()  # other words of the same danger, oldest first
    by_second_pass: bool = False  # found when the recording was heard again, not in the call
    touched_at: datetime | None = None  # when somebody, or a clock, last put it where it stands
    snoozed_until: datetime | None = None
    told: int = 0  # rungs of the ladder that were told that nobody takes it

    @property
    def stands_since(self) -> datetime:
        """Since when it stands untouched as it does."""
        return self.touched_at or self.taken_at or self.created_at


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """What a clock looks for: snoozed until `now` or before; taken and untouched since `taken_before`; red, open since
    `open_before`, with fewer than `rungs` rungs told."""

    now: datetime
    taken_before: datetime
    open_before: datetime
    rungs: int


class TechnicalCause(StrEnum):
    """Why our side could not go on; the stored word is the escalation's rule."""

    DIALOGUE_DOWN = "dialogue_down"
    RECOGNISER_DOWN = "recogniser_down"
    VOICE_DOWN = "voice_down"
    NOT_HEARD = "not_heard"
    INTERNAL = "internal"


TECHNICAL_REASONS: dict[TechnicalCause, str] = {
    TechnicalCause.DIALOGUE_DOWN: "对话服务中断，本次随访没有做完，请人工接着完成",
    TechnicalCause.RECOGNISER_DOWN: "语音识别中断，患者的话没有转成文字，请听录音并人工完成",
    TechnicalCause.VOICE_DOWN: "语音播报中断，患者可能没有听到问题，请人工回拨",
    TechnicalCause.NOT_HEARD: "多次没有听清患者说话，请听录音并人工完成",
    TechnicalCause.INTERNAL: "系统故障，本次随访没有做完，请人工接着完成",
}


NUMBER_DOUBTED = frozenset({"number_changed", "wrong_person", "identity_failed"})
"""Cards that ask a person to check the telephone number."""
