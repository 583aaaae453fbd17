"""The screens' reads over the in-memory store."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from agent.model.contact import OPEN_OUTCOMES, Attempt, Contact, ContactStatus
from agent.model.escalation import Escalation, EscalationStatus
from agent.model.finding import Level
from agent.model.found import FoundWords
from agent.model.ledger import LedgerDay
from agent.model.people import Patient
from agent.model.step import TransferState
from agent.store.screens import EscalationCounts
from tests.fakes.memory_history import MemoryHistory


class MemoryScreenQueries(MemoryHistory):
    async def patients_by_id(self, ids: Collection[str]) -> Mapping[str, Patient]:
        return {key: self._t.patients[key] for key in ids if key in self._t.patients}

    async def contacts_of(self, patient_ids: Collection[str]) -> Sequence[Contact]:
        mine = (contact for contact in self._t.contacts.values() if contact.patient_id in patient_ids)
        return sorted(mine, key=lambda contact: (contact.due_at, contact.id))

    async def contacts_carried(
        self, day: date, *, since: datetime, until: datetime, limit: int = 500
    ) -> Sequence[Contact]:
        due = (contact for contact in self._t.contacts.values() if since <= contact.due_at < until)
        carried = (contact for contact in due if contact.planned_for < day)
        return sorted(carried, key=lambda contact: (contact.due_at, contact.id))[:limit]

    async def ledger(self, day: date, *, since: datetime, until: datetime, overdue_before: datetime) -> LedgerDay:
        planned = Counter(contact.status for contact in await self.contacts_planned(day, limit=10**9))
        later = await self.contacts_carried(day, since=since, until=until, limit=10**9)
        carried = Counter(contact.status for contact in later)
        adrift = await self.contacts_adrift(overdue_before=overdue_before, limit=10**9)
        return LedgerDay(day, dict(planned), dict(carried), len(adrift))

    async def contacts_planned(self, day: date, *, limit: int = 500) -> Sequence[Contact]:
        planned = (contact for contact in self._t.contacts.values() if contact.planned_for == day)
        return sorted(planned, key=lambda contact: (contact.due_at, contact.id))[:limit]

    async def contacts_adrift(self, *, overdue_before: datetime, limit: int = 500) -> Sequence[Contact]:
        live = {attempt.contact_id for attempt in self._t.attempts.values() if attempt.outcome in OPEN_OUTCOMES}
        adrift = (
            contact
            for contact in self._t.contacts.values()
            if (contact.status is ContactStatus.IN_PROGRESS and contact.id not in live)
            or (contact.status is ContactStatus.DUE and contact.due_at < overdue_before)
        )
        return sorted(adrift, key=lambda contact: (contact.due_at, contact.id))[:limit]

    async def last_attempts(self, contact_ids: Collection[str]) -> Mapping[str, Attempt]:
        ordered = sorted(self._t.attempts.values(), key=lambda attempt: (attempt.created_at, attempt.id))
        return {attempt.contact_id: attempt for attempt in ordered if attempt.contact_id in contact_ids}

    async def transfers(self, attempt_ids: Collection[str]) -> Mapping[str, TransferState]:
        states = {state.value for state in TransferState}
        of_attempts = (e for e in self._t.events.values() if e.entity == "attempt" and e.entity_id in attempt_ids)
        return {e.entity_id: TransferState(e.to_status) for e in of_attempts if e.to_status in states}

    async def search_patients(self, text: str, *, limit: int = 50) -> Sequence[Patient]:
        def holds(patient: Patient) -> bool:
            fields = (patient.name, patient.phone, patient.hospital_number, patient.caregiver_phone)
            return any(text in each for each in fields if each is not None)

        return sorted(filter(holds, self._t.patients.values()), key=lambda patient: patient.id, reverse=True)[:limit]

    async def search_words(self, text: str, *, limit: int = 50) -> Sequence[FoundWords]:
        if not any(char.isalnum() for char in text):
            return []
        said = (stored.turn for stored in self._t.turns.values() if text.casefold() in stored.turn.text.casefold())
        found = [
            FoundWords(turn.id, turn.contact_id, self._t.contacts[turn.contact_id].patient_id, turn.at, turn.text)
            for turn in said
        ]
        return found[::-1][:limit]

    async def escalation_counts(self, *, resolved_since: datetime) -> EscalationCounts:
        rows = self._t.escalations.values()
        waiting = [row for row in rows if row.status is EscalationStatus.OPEN]
        return EscalationCounts(
            open_red=sum(row.level is Level.RED for row in waiting),
            open_yellow=sum(row.level is not Level.RED for row in waiting),
            taken=sum(row.status is EscalationStatus.TAKEN for row in rows),
            snoozed=sum(row.status is EscalationStatus.SNOOZED for row in rows),
            resolved=sum(row.resolved_at is not None and row.resolved_at >= resolved_since for row in rows),
        )

    async def escalations_resolved(self, *, since: datetime, limit: int = 50) -> Sequence[Escalation]:
        done = [row for row in self._t.escalations.values() if row.resolved_at and row.resolved_at >= since]
        return sorted(done, key=lambda row: (row.resolved_at, row.id), reverse=True)[:limit]
