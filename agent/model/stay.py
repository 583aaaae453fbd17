"""One stay of a patient in the hospital, as sources report it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class StayStatus(StrEnum):
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"  # the admission was a mistake


@dataclass(frozen=True, slots=True)
class Stay:
    """`visit` is the hospital's own number of the stay; a list names none, then the discharge date tells it apart."""

    id: str
    patient_id: str
    status: StayStatus
    source: str  # "list" | "hl7" | "fhir"
    updated_at: datetime
    visit: str | None = field(default=None, repr=False)
    discharge_date: date | None = None
    diagnosis: str | None = None
    icd10: tuple[str, ...] = ()
    procedure: str | None = None
    tags: tuple[str, ...] = ()
    department: str | None = None
