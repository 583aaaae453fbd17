"""Points a patient earns: one row for each deed, with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    CONTACT_COMPLETED = "contact_completed"
    READING_SENT = "reading_sent"
    EDUCATION_READ = "education_read"


@dataclass(frozen=True, slots=True)
class PointsEarned:
    """`id` names the deed itself, so that it counts once: a contact, a kind of reading on one day, a lesson."""

    id: str
    patient_id: str
    contact_id: str
    deed: Deed
    points: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PointsRules:
    """`worth` of each deed; `per_day` is the most a patient earns on one day of the hospital's."""

    per_day: int
    worth: Mapping[Deed, int]


DEED_WORDS = {Deed.CONTACT_COMPLETED: "完成随访", Deed.READING_SENT: "上报读数", Deed.EDUCATION_READ: "看健康知识"}


def in_words(earned: Sequence[PointsEarned]) -> str:
    """ "35分：完成随访20，上报读数12，看健康知识3"; "0分" for nothing."""
    sums = {deed: sum(each.points for each in earned if each.deed is deed) for deed in Deed}
    parts = [f"{DEED_WORDS[deed]}{points}" for deed, points in sums.items() if points]
    return f"{sum(sums.values())}分" + (f"：{'，'.join(parts)}" if parts else "")
