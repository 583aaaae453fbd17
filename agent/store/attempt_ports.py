"""What the course of attempts asks of the record store, one at a time and many at once; part of `Records`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from agent.model.contact import Attempt, Contact
from agent.model.escalation import Escalation
from agent.model.people import Patient
from agent.model.record import Event, OutboxMessage


class AttemptRecords(Protocol):
    """The rows that move when an attempt begins, goes on or ends; the promises are those of `Records`."""

    async def patient(self, patient_id: str) -> Patient: ...
    async def contact(self, contact_id: str) -> Contact: ...
    async def save_contact(self, contact: Contact) -> Contact: ...
    async def add_attempt(self, attempt: Attempt) -> None: ...
    async def attempt(self, attempt_id: str) -> Attempt: ...
    async def save_attempt(self, attempt: Attempt) -> None: ...
    async def attempts_since(self, since: datetime, patient_ids: Collection[str]) -> Sequence[Attempt]: ...
    async def add_event(self, event: Event) -> None: ...
    async def add_outbox(self, message: OutboxMessage) -> None: ...
    async def escalations(self, *, patient_id: str) -> Sequence[Escalation]: ...
    async def add_escalation(self, escalation: Escalation) -> None: ...
    async def save_escalation(self, escalation: Escalation) -> Escalation: ...


@dataclass(slots=True)
class Moves:
    """Rows of many attempts' courses, each list in the order in which they were made."""

    contacts: list[Contact] = field(default_factory=list)
    begun: list[Attempt] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    outbox: list[OutboxMessage] = field(default_factory=list)


class MovesInBulk(Protocol):
    async def attempts_by_id(self, ids: Collection[str]) -> Mapping[str, Attempt]:
        """Unknown ids are left out; held until the commit in a write transaction."""
        ...

    async def contacts_by_id(self, ids: Collection[str]) -> Mapping[str, Contact]:
        """Unknown ids are left out; held until the commit in a write transaction."""
        ...

    async def write_moves(self, moves: Moves) -> None:
        """As if each row were saved by itself: raises StaleVersion, Duplicate and NotFound as those do."""
        ...

    async def calls_up(self, trunk: str) -> int:
        """How many phone attempts are live on this trunk, those that name none among them."""
        ...
