"""A sentence that a nurse says was read wrongly: what it should have come to is known from now on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CaseLabel(StrEnum):
    FALSE_ALARM = "false_alarm"  # it alarmed and must not
    MISSED = "missed"  # it did not alarm and must


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """`rule` is what alarmed, for a false alarm. `question` is what the robot had said before."""

    id: str
    label: CaseLabel
    turn_id: str
    contact_id: str
    patient_id: str
    words: str
    rule: str
    question: str
    by: str
    at: datetime
