"""A discharge as any source reports it, and the pathway chosen for it."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Protocol

from agent.model.people import Tier


@dataclass(frozen=True, slots=True)
class Discharge:
    """One person's discharge; `phone` and `caregiver_phone` are E.164; `icd10` as "I50.0". `tier` None: the source does
    not say. `repr` shows nothing that names the person."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    diagnosis: str
    discharge_date: date
    tier: Tier | None
    sex: str | None = None  # "male" | "female"
    birth_year: int | None = None
    id_last4: str | None = field(default=None, repr=False)
    department: str | None = None
    hospital_number: str | None = field(default=None, repr=False)
    caregiver_name: str | None = field(default=None, repr=False)
    caregiver_phone: str | None = field(default=None, repr=False)
    icd10: tuple[str, ...] = ()
    procedure: str | None = None
    tags: tuple[str, ...] = ()


CALL_AT = time(10, 0)
"""Hospital time at which a contact falls due when nobody wished otherwise."""


@dataclass(frozen=True, slots=True)
class PlannedPathway:
    """The pathway one discharge gets: a contact `node_days` days after it, at `call_at` hospital time.
    A node missed by at most `grace_days` days at import is made up for; an older one is waived."""

    pathway: str
    version: str
    node_days: tuple[int, ...]
    call_at: time = CALL_AT
    grace_days: int = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """What one discharge gets; without a pathway none fits it. `education_only`: its days bring messages, no calls."""

    tier: Tier
    pathways: tuple[PlannedPathway, ...]
    education_only: bool = False


class Planner(Protocol):
    def plan_for(self, discharge: Discharge) -> Planned:
        """The tier and the pathways for a discharge."""
        ...

    def days_of(self, pathway: str, tier: Tier) -> tuple[int, ...]:
        """The days of a pathway for a tier; none where the house has no such pathway any more."""
        ...
