"""What taking patients in asks of the store: many rows at once, who is who, stays, and the messages as they came."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from agent.model.contact import Contact
from agent.model.inbound import Inbound
from agent.model.people import Identity, Patient, Plan
from agent.model.record import Event
from agent.model.stay import Stay


class IntakeRecords(Protocol):
    """Part of the store's records; its promises (Duplicate, NotFound, naive moments) are theirs."""

    async def patients_like(self, identities: Sequence[Identity]) -> Sequence[Patient]:
        """Everybody who shares the hospital number, the name and phone, or the name and last four of the identity card
        with one of these, by id; held until the commit in a write transaction."""
        ...

    async def add_patients(self, patients: Sequence[Patient]) -> None: ...
    async def add_plans(self, plans: Sequence[Plan], contacts: Sequence[Contact]) -> None: ...
    async def add_contacts(self, contacts: Sequence[Contact]) -> None:
        """Further contacts of plans that are there."""
        ...

    async def add_events(self, events: Sequence[Event]) -> None: ...
    async def contacts_for_education(self, *, now: datetime, since: datetime, limit: int) -> Sequence[Contact]:
        """Waived contacts whose reason is "education_only" and whose day has come between `since` and `now`."""
        ...

    async def add_stays(self, stays: Sequence[Stay]) -> None: ...
    async def save_stay(self, stay: Stay) -> None: ...
    async def stays(self, patient_id: str) -> Sequence[Stay]:
        """Oldest word first."""
        ...

    async def add_inbound(self, message: Inbound) -> None: ...
    async def save_inbound(self, message: Inbound) -> None: ...
    async def inbound(self, message_id: str) -> Inbound: ...
    async def inbound_like(self, *, source: str, sender: str, control_id: str, digest: str) -> Sequence[Inbound]:
        """Messages of the source with this digest, or with this sender and (unless empty) control id."""
        ...

    async def inbound_failed(self, *, limit: int = 100) -> Sequence[Inbound]:
        """What waits for repair, the newest first."""
        ...
