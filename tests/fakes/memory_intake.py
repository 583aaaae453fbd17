"""Taking patients in, in memory."""

from collections.abc import Sequence
from datetime import datetime

from agent.model.contact import Contact, ContactStatus
from agent.model.inbound import Inbound, InboundStatus
from agent.model.people import Identity, Patient, Plan
from agent.model.record import Event
from agent.model.stay import Stay
from agent.store.ports import Duplicate
from tests.fakes.memory_tables import MemoryWrites, one, refer


class MemoryIntake(MemoryWrites):
    async def patients_like(self, identities: Sequence[Identity]) -> Sequence[Patient]:
        found = (
            patient
            for patient in self._t.patients.values()
            if any(
                (each.hospital_number and each.hospital_number == patient.hospital_number)
                or (each.name, each.phone) == (patient.name, patient.phone)
                or (each.id_last4 and (each.name, each.id_last4) == (patient.name, patient.id_last4))
                for each in identities
            )
        )
        return sorted(found, key=lambda patient: patient.id)

    async def add_patients(self, patients: Sequence[Patient]) -> None:
        for patient in patients:
            self._refuse_namesake(patient)
            self._add(self._t.patients, patient.id, patient)

    def _refuse_namesake(self, patient: Patient) -> None:
        for other in self._t.patients.values():
            if (other.name, other.phone) == (patient.name, patient.phone) and other.id != patient.id:
                raise Duplicate("unique")

    async def add_plans(self, plans: Sequence[Plan], contacts: Sequence[Contact]) -> None:
        for plan in plans:
            refer(self._t.patients, plan.patient_id)
            key = (plan.patient_id, plan.pathway, plan.discharge_date)
            if any((p.patient_id, p.pathway, p.discharge_date) == key for p in self._t.plans.values()):
                raise Duplicate("unique")
            self._add(self._t.plans, plan.id, plan)
        await self.add_contacts(contacts)

    async def add_contacts(self, contacts: Sequence[Contact]) -> None:
        for contact in contacts:
            refer(self._t.plans, contact.plan_id)
            refer(self._t.patients, contact.patient_id)
            self._add(self._t.contacts, contact.id, contact)

    async def add_events(self, events: Sequence[Event]) -> None:
        for event in events:
            self._add(self._t.events, len(self._t.events), event)

    async def contacts_for_education(self, *, now: datetime, since: datetime, limit: int) -> Sequence[Contact]:
        waiting = (
            contact
            for contact in self._t.contacts.values()
            if (contact.status, contact.reason) == (ContactStatus.WAIVED, "education_only")
            and since <= contact.due_at <= now
        )
        return sorted(waiting, key=lambda contact: (contact.due_at, contact.id))[:limit]

    async def add_stays(self, stays: Sequence[Stay]) -> None:
        for stay in stays:
            refer(self._t.patients, stay.patient_id)
            self._add(self._t.stays, stay.id, stay)

    async def save_stay(self, stay: Stay) -> None:
        self._overwrite(self._t.stays, stay.id, stay)

    async def stays(self, patient_id: str) -> Sequence[Stay]:
        mine = (stay for stay in self._t.stays.values() if stay.patient_id == patient_id)
        return sorted(mine, key=lambda stay: (stay.updated_at, stay.id))

    async def add_inbound(self, message: Inbound) -> None:
        self._add(self._t.inbound, message.id, message)

    async def save_inbound(self, message: Inbound) -> None:
        self._overwrite(self._t.inbound, message.id, message)

    async def inbound(self, message_id: str) -> Inbound:
        return one(self._t.inbound, message_id)

    async def inbound_like(self, *, source: str, sender: str, control_id: str, digest: str) -> Sequence[Inbound]:
        def like(each: Inbound) -> bool:
            same_id = bool(control_id) and (each.sender, each.control_id) == (sender, control_id)
            return each.source == source and (each.digest == digest or same_id)

        found = (each for each in self._t.inbound.values() if like(each))
        return sorted(found, key=lambda each: (each.received_at, each.id))

    async def inbound_failed(self, *, limit: int = 100) -> Sequence[Inbound]:
        failed = (each for each in self._t.inbound.values() if each.status is InboundStatus.FAILED)
        return sorted(failed, key=lambda each: (each.received_at, each.id), reverse=True)[:limit]
