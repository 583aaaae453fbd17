"""What dialling and one-off lists ask of the record store; part of `Records`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from agent.model.campaign import Campaign, CampaignCount, Selection
from agent.model.contact import Contact
from agent.model.trunk import Trunk
from agent.model.urgency import Risk, Urgency


class ScheduleRecords(Protocol):
    # the order of dialling
    async def anything_due(self, now: datetime) -> bool:
        """Whether any contact is DUE, leased or not: the cheapest look there is."""
        ...

    async def unweighed(self, *, due_before: datetime, limit: int) -> Sequence[Contact]:
        """DUE contacts whose urgency nobody has weighed yet, by due time."""
        ...

    async def risks(self, patient_ids: Collection[str], *, red_since: datetime) -> Mapping[str, Risk]: ...
    async def weigh(self, urgencies: Mapping[str, Urgency]) -> None:
        """The urgency of these contacts from now on, by contact id; their version stays."""
        ...

    # trunks
    async def hold_trunk(self, name: str, now: datetime) -> Trunk:
        """The trunk, held until the commit against other workers; a name not known yet becomes a working trunk without
        tokens used."""
        ...

    async def save_trunk(self, trunk: Trunk) -> None: ...
    async def trunks(self) -> Sequence[Trunk]: ...
    # one-off lists
    async def add_campaign(self, campaign: Campaign) -> None: ...
    async def campaign(self, campaign_id: str) -> Campaign: ...
    async def campaigns(self) -> Sequence[Campaign]:
        """The newest first."""
        ...

    async def save_campaign(self, campaign: Campaign) -> Campaign:
        """Write if the stored version equals `campaign.version`. Raises StaleVersion."""
        ...

    async def list_patients(self, campaign_id: str, selection: Selection) -> int:
        """Puts everybody who fits on the list, but the dead and those who opted out; returns how many."""
        ...

    async def unlist_patient(self, campaign_id: str, patient_id: str) -> None: ...
    async def campaign_waiting(self, campaign_id: str, *, limit: int) -> Sequence[str]:
        """Listed patients who may be contacted and have no contact of this campaign yet."""
        ...

    async def campaign_counts(self, campaign_ids: Collection[str]) -> Mapping[str, CampaignCount]:
        """How far each of these is, also one that nobody is on."""
        ...

    async def move_campaign_contacts(self, campaign_id: str, due_at: datetime, reason: str) -> int:
        """All its DUE contacts at once; returns how many."""
        ...

    async def waive_campaign_contacts(self, campaign_id: str, reason: str) -> int: ...
