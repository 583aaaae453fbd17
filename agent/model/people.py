"""The patient and the plan of dated contacts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

DECEASED, OPT_OUT, CONTACTABLE = "deceased", "opt_out", "contactable"
"""Words of a patient's events: why nobody contacts them any more, and that this is over (a death was a mistake, the
patient wants calls again). The last one counts."""
STOPS = frozenset({DECEASED, OPT_OUT})


class Tier(StrEnum):
    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Patient:
    """One person under follow-up; `phone` is E.164, `id_last4` the last four of the identity card."""

    id: str
    name: str
    phone: str
    diagnosis: str
    tier: Tier
    birth_year: int | None = None
    sex: str | None = None  # "male" | "female"
    id_last4: str | None = None
    department: str | None = None
    caregiver_name: str | None = None
    caregiver_phone: str | None = None
    hospital_number: str | None = None  # 住院号, the hospital's own key
    tags: tuple[str, ...] = ()  # what the hospital marks the patient with: 独居, 听力差, 造口


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one person from another, as a source knows it."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    hospital_number: str | None = field(default=None, repr=False)
    id_last4: str | None = field(default=None, repr=False)
    birth_year: int | None = None
    sex: str | None = None


class PlanStatus(StrEnum):
    ACTIVE = "active"
    CANCELLED = "cancelled"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Plan:
    """One patient's dated nodes on one version of one pathway."""

    id: str
    patient_id: str
    pathway: str
    pathway_version: str
    discharge_date: date
    status: PlanStatus
    created_at: datetime
