"""What another system says happened to a patient, whatever it speaks."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class NoticeKind(StrEnum):
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    DISCHARGE_CANCELLED = "discharge_cancelled"
    ADMISSION_CANCELLED = "admission_cancelled"
    UPDATED = "updated"
    UNCONCERNED = "unconcerned"  # nothing of it touches the follow-up


@dataclass(frozen=True, slots=True)
class Person:
    """`phone` and `caregiver_phone` are E.164; None: the source does not say."""

    name: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    hospital_number: str | None = field(default=None, repr=False)
    id_last4: str | None = field(default=None, repr=False)
    birth_year: int | None = None
    sex: str | None = None
    department: str | None = None
    caregiver_name: str | None = field(default=None, repr=False)
    caregiver_phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """`deceased` None: not said; False: said to be alive. The stay's facts are what the message carries of them."""

    kind: NoticeKind
    person: Person
    deceased: bool | None = None
    visit: str | None = field(default=None, repr=False)
    discharge_date: date | None = None
    diagnosis: str | None = None
    icd10: tuple[str, ...] = ()
    procedure: str | None = None
    tags: tuple[str, ...] = ()


class Fault(Exception):
    """A message cannot be obeyed. `code` is stable; `place` is where it is wrong ("PID-5", "entry[1].resource.name");
    `reason` and `remedy` are Chinese and carry no word of the patient's. `missing`: nothing is there."""

    def __init__(self, code: str, place: str, reason: str, remedy: str, *, missing: bool = False) -> None:
        super().__init__(f"{code} at {place}")
        self.code, self.place, self.reason, self.remedy, self.missing = code, place, reason, remedy, missing

    @property
    def told(self) -> str:
        return f"{self.place}：{self.reason}。{self.remedy}"
