"""What triage may know about the moment an utterance was said."""

from dataclasses import dataclass
from enum import StrEnum

from agent.model.finding import Level, Polarity


class LimitSide(StrEnum):
    ABOVE = "above"
    BELOW = "below"

    def passed(self, value: float, limit: float, *, itself: bool = False) -> bool:
        """Whether the value lies on this side of the limit; `itself`: the limit's own value does too."""
        if value == limit:
            return itself
        return (value > limit) is (self is LimitSide.ABOVE)


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold on a measurement, of a pathway or of the house: crossing it raises `level` with `reason`. `beside`:
    findings that bear out a value which else is read back first."""

    id: str
    measurement: str  # e.g. "systolic", "temp_c"
    side: LimitSide
    value: float
    level: Level
    reason: str
    itself: bool = False  # 不低于140: its own value crosses it too
    beside: frozenset[str] = frozenset()

    def crossed_by(self, value: float) -> bool:
        return self.side.passed(value, self.value, itself=self.itself)


@dataclass(frozen=True, slots=True)
class RedFlagRule:
    """A pathway's own rule: all `concepts` present (in this utterance or earlier in the contact) raise `level`."""

    id: str
    concepts: tuple[str, ...]
    level: Level
    reason: str


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """`question` is the robot's sentence that is being answered; `asked` lexicon concepts it asks about;
    `measurements` names it asks for; `earlier` concepts already present in this contact; `caregiver` is True when a
    relative answers, so that 我妈 is the patient; `which_next`: a bare yes to several things leads to the question
    which of them it is; `which_told`: these very words name one of its options; `by_sound`: the plain answers to words
    of the robot's own (a number read back, who is there) that the sound of words not understood may give."""

    question: str = ""
    asked: tuple[str, ...] = ()
    measurements: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    earlier: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    rules: tuple[RedFlagRule, ...] = ()
    caregiver: bool = False
    which_next: bool = False
    which_told: bool = False
    by_sound: frozenset[Polarity] = frozenset()
