"""One question's structured value."""

from dataclasses import dataclass
from enum import StrEnum

Scalar = bool | int | float | str


class AnswerType(StrEnum):
    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    BLOOD_PRESSURE = "blood_pressure"
    SCALE = "scale"  # 0..10
    DATE = "date"
    FREE_TEXT = "free_text"
    ADHERENCE = "adherence"  # "as_prescribed" | "missed_some" | "stopped"


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` by type: yes_no bool; choice and adherence the option's key; number and scale float;
    blood_pressure "systolic/diastolic" in mmHg; date ISO; free_text the words.
    An unconfirmed pressure may have one half: "136/" or "/78"."""

    question: str
    type: AnswerType
    value: Scalar
    raw: str  # the patient's words
    confidence: float
    turn_id: str
    corrected: bool = False  # replaces an earlier value of the same contact
    unit: str | None = None
    unconfirmed: bool = False  # heard, but the patient left before saying that it is so


_NUMERIC = (AnswerType.NUMBER, AnswerType.BLOOD_PRESSURE, AnswerType.SCALE)


def numbers_of(answer: Answer) -> tuple[float, ...]:
    """The numbers of a numeric answer; empty when the stored value is not one."""
    if answer.type not in _NUMERIC:
        return ()
    try:
        return tuple(float(part) for part in str(answer.value).split("/"))
    except ValueError:
        return ()
