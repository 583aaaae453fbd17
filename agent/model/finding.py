"""What triage reads from one utterance: findings with status, values, alarms."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    PRESENT = "present"
    DENIED = "denied"
    UNCERTAIN = "uncertain"
    PAST = "past"
    HYPOTHETICAL = "hypothetical"
    OTHER_PERSON = "other_person"
    NOT_ASSERTED = "not_asserted"


class Level(StrEnum):
    RED = "red"  # a nurse now
    YELLOW = "yellow"  # a nurse today
    NONE = "none"


class Manner(StrEnum):
    """How a finding that is there is said to be; a rule may name a level of its own for each
    (agent/triage/content.py, Rule.manners)."""

    LESS = "less"  # less than before
    STEADY = "steady"  # as it was on leaving hospital
    MILD = "mild"  # 有点红
    MILD_ON_EFFORT = "mild_on_effort"  # 上楼有点喘


@dataclass(frozen=True, slots=True)
class Finding:
    """A symptom read from the words. `span` counts characters of the text read, end exclusive."""

    concept: str  # lexicon id, e.g. "chest_pain"
    label: str  # what a nurse calls it, e.g. "胸痛"
    surface: str  # the patient's words
    span: tuple[int, int]
    status: Status
    reason: str  # why this status, in Chinese a nurse understands
    confidence: float = 1.0
    by_sound: bool = False  # matched by pinyin, not by the written words


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number with its meaning. `name` is one of systolic, diastolic, heart_rate, weight_kg, temp_c, glucose,
    spo2, count, scale, days, dose, age, year …; `value` is in the unit the name implies."""

    name: str
    value: float
    unit: str
    surface: str
    span: tuple[int, int]
    doubtful: bool = False  # implausible or ambiguous: read it back before use


class Polarity(StrEnum):
    """The answer to a closed question as a whole."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    UNKNOWN = "unknown"  # the words do not answer it


@dataclass(frozen=True, slots=True)
class Alarm:
    """A red-flag rule that fired, or was held back (`suppressed`), and why; both are kept."""

    rule: str
    level: Level
    reason: str  # Chinese, for the nurse's card
    concepts: tuple[str, ...]
    surface: str
    span: tuple[int, int]
    confidence: float = 1.0
    by_sound: bool = False
    suppressed: bool = False

    @property
    def red(self) -> bool:
        """Raised as red, not held back."""
        return self.level is Level.RED and not self.suppressed


def level_of(alarms: Iterable[Alarm]) -> Level:
    """The worst level of those that were raised."""
    levels = {alarm.level for alarm in alarms if not alarm.suppressed}
    return Level.RED if Level.RED in levels else Level.YELLOW if Level.YELLOW in levels else Level.NONE


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one utterance. `text` is the hypothesis the spans refer to."""

    text: str
    findings: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    polarity: Polarity = Polarity.UNKNOWN
    asked: tuple[tuple[str, Status], ...] = ()  # status of each concept the question asked about
    left_out: tuple[str, ...] = ()  # dangers asked about beside what was answered: 没有疼 of 疼或者发闷
    confirm: str | None = None  # concept that may hide here and must be asked again ("您是说胸口疼吗？")
    eased: tuple[str, ...] = ()  # dangers said to be there but less than before, which the rules then call yellow
    steady: tuple[str, ...] = ()  # concepts said to be there as on leaving hospital, or to be nothing new

    @property
    def level(self) -> Level:
        return level_of(self.alarms)

    @property
    def red_words(self) -> tuple[Alarm, ...]:
        """Raised red alarms of words; one of a measured value alone waits for the value to be read back."""
        measured = {value.name for value in self.measurements}
        return tuple(alarm for alarm in self.alarms if alarm.red and not measured.issuperset(alarm.concepts))
