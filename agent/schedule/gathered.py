"""Many attempts' moves in one transaction: what they need is read at once, what they change is written at once."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.attempts.hours import LEARNED_WITHIN
from agent.model.contact import Attempt, Contact
from agent.model.escalation import Escalation
from agent.model.people import Patient
from agent.model.record import Event, OutboxMessage
from agent.store.attempt_ports import Moves
from agent.store.ports import NotFound, Records, Store
from agent.store.together import Together


class Gathered:
    """The `AttemptRecords` of a transaction: reads come from memory, writes wait for `write`. Of rows that were not
    read beforehand it asks the store. An alarm card is read and written at once: those are few."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._moves = Moves()
        self._attempts: dict[str, Attempt] = {}
        self._contacts: dict[str, Contact] = {}
        self._patients: dict[str, Patient] = {}
        self._made: dict[str, list[Attempt]] = {}  # by patient
        self._made_since: datetime | None = None

    async def read(self, attempt_ids: Collection[str]) -> None:
        """The attempts, held until the commit."""
        self._attempts |= await self._records.attempts_by_id(attempt_ids)

    async def read_all_about(self, attempt_ids: Collection[str], since: datetime) -> None:
        """Of these attempts: the contacts, held, the patients, and what was tried with those since then."""
        about = [self._attempts[each] for each in attempt_ids if each in self._attempts]
        people = {each.patient_id for each in about}
        self._patients |= await self._records.patients_by_id(people)
        self._made |= {patient_id: [] for patient_id in people}
        for made in await self._records.attempts_since(since, people):
            self._made[made.patient_id].append(made)
        self._made_since = since
        self._contacts |= await self._records.contacts_by_id({each.contact_id for each in about})

    async def write(self) -> None:
        """Raises what saving the rows one by one would raise."""
        moves, self._moves = self._moves, Moves()
        await self._records.write_moves(moves)

    async def patient(self, patient_id: str) -> Patient:
        return self._patients.get(patient_id) or await self._records.patient(patient_id)

    async def contact(self, contact_id: str) -> Contact:
        return self._contacts.get(contact_id) or await self._records.contact(contact_id)

    async def save_contact(self, contact: Contact) -> Contact:
        self._moves.contacts.append(contact)
        saved = replace(contact, version=contact.version + 1)
        self._contacts[contact.id] = saved
        return saved

    async def add_attempt(self, attempt: Attempt) -> None:
        self._moves.begun.append(attempt)

    async def attempt(self, attempt_id: str) -> Attempt:
        found = self._attempts.get(attempt_id)
        if found is None:
            raise NotFound("attempts")
        return found

    async def save_attempt(self, attempt: Attempt) -> None:
        self._moves.attempts.append(attempt)
        self._attempts[attempt.id] = attempt

    async def attempts_since(self, since: datetime, patient_ids: Collection[str]) -> Sequence[Attempt]:
        known = self._made_since is not None and since >= self._made_since and self._made.keys() >= set(patient_ids)
        if not known:
            return await self._records.attempts_since(since, patient_ids)
        return [each for patient_id in patient_ids for each in self._made[patient_id] if each.created_at >= since]

    async def add_event(self, event: Event) -> None:
        self._moves.events.append(event)

    async def add_outbox(self, message: OutboxMessage) -> None:
        self._moves.outbox.append(message)

    async def escalations(self, *, patient_id: str) -> Sequence[Escalation]:
        return await self._records.escalations(patient_id=patient_id)

    async def add_escalation(self, escalation: Escalation) -> None:
        await self._records.add_escalation(escalation)

    async def save_escalation(self, escalation: Escalation) -> Escalation:
        return await self._records.save_escalation(escalation)


@dataclass(frozen=True, slots=True)
class News:
    """Something that befell an attempt, when, and how it is noted; `ends`: contact and patient are needed for it."""

    attempt_id: str
    at: datetime
    note: Callable[[Gathered], Awaitable[None]]
    ends: bool = False


class NewsOfAttempts(Together[News]):
    """News that come while others are written share the next transaction."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, _note_all)


async def _note_all(records: Records, news: Sequence[News]) -> None:
    gathered = Gathered(records)
    await gathered.read({each.attempt_id for each in news})
    ending = [each for each in news if each.ends]
    if ending:
        since = min(each.at for each in ending) - LEARNED_WITHIN
        await gathered.read_all_about({each.attempt_id for each in ending}, since)
    for each in news:
        await each.note(gathered)
    await gathered.write()
