"""Patients and their plans."""

from collections.abc import Sequence

from sqlalchemy import select

from agent.model.contact import Contact
from agent.model.people import Patient, Plan
from agent.store.sql.statements import KEY, Statements, as_row, columns, of_key
from agent.store.tables import contacts as contact_table
from agent.store.tables import patients, plans

_PLANS = of_key(plans, Plan, "patient_id", held=False).order_by(plans.c.created_at, plans.c.id)


class PatientRecords(Statements):
    async def add_patient(self, patient: Patient) -> None:
        await self._add(patients, as_row(patient))

    async def patient(self, patient_id: str) -> Patient:
        return await self._by_key(Patient, patients, patient_id)

    async def save_patient(self, patient: Patient) -> None:
        await self._save(patients, patient)

    async def find_patient(self, *, name: str, phone: str) -> Patient | None:
        return await self._found(Patient, patients, patients.c.phone == phone, patients.c.name == name)

    async def patients(self, *, limit: int = 500) -> Sequence[Patient]:
        query = select(*columns(patients, Patient)).order_by(patients.c.id).limit(limit)
        return await self._many(Patient, query)

    async def add_plan(self, plan: Plan, contacts: Sequence[Contact]) -> None:
        await self._add(plans, as_row(plan))
        await self._change(contact_table.insert(), [as_row(contact) for contact in contacts])

    async def add_contact(self, contact: Contact) -> None:
        await self._add(contact_table, as_row(contact))

    async def plan(self, plan_id: str) -> Plan:
        return await self._by_key(Plan, plans, plan_id)

    async def save_plan(self, plan: Plan) -> None:
        await self._save(plans, plan)

    async def plans(self, patient_id: str) -> Sequence[Plan]:
        return await self._many(Plan, _PLANS, {KEY: patient_id}, brief=True)
