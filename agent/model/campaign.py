"""A one-off list of patients to be contacted on one pathway: vaccination, recall, satisfaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from agent.model.contact import ContactStatus
from agent.model.ledger import OPEN
from agent.model.people import Tier


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"  # goes on by itself on the day it was paused until
    STOPPED = "stopped"


CAMPAIGN_TRANSITIONS: dict[CampaignStatus, frozenset[CampaignStatus]] = {
    CampaignStatus.DRAFT: frozenset({CampaignStatus.RUNNING, CampaignStatus.STOPPED}),
    CampaignStatus.RUNNING: frozenset({CampaignStatus.PAUSED, CampaignStatus.STOPPED}),
    CampaignStatus.PAUSED: frozenset({CampaignStatus.RUNNING, CampaignStatus.STOPPED}),
    CampaignStatus.STOPPED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Campaign:
    """`running_since` and `done_before`: when it was last set going, and how many contacts were done by then."""

    id: str
    name: str
    pathway: str
    pathway_version: str
    node_day: int
    status: CampaignStatus
    created_at: datetime
    created_by: str
    running_since: datetime | None = None
    done_before: int = 0
    paused_until: datetime | None = None
    version: int = 1  # fence: every write names the version it read
    department: str | None = None  # whose patients alone are on it, and who may change it; None: the whole house's


@dataclass(frozen=True, slots=True)
class Selection:
    """Whom a list is for; what is left out does not narrow it. Patients who are dead or opted out are never on it."""

    diagnosis: str = ""  # words anywhere in the diagnosis
    department: str = ""
    tier: Tier | None = None
    discharged_since: date | None = None
    born_until: int | None = None  # year


@dataclass(frozen=True, slots=True)
class CampaignCount:
    """`listed` patients; `waiting` of them have no contact yet; the others by what their contacts are."""

    listed: int
    waiting: int
    contacts: Mapping[ContactStatus, int]

    @staticmethod
    def of(listed: int, contacts: Mapping[ContactStatus, int]) -> "CampaignCount":
        return CampaignCount(listed, listed - sum(contacts.values()), contacts)

    @property
    def open(self) -> int:
        return self.waiting + sum(count for status, count in self.contacts.items() if status in OPEN)

    @property
    def done(self) -> int:
        return self.listed - self.open
