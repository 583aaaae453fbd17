"""Taking patients in: rows in bulk, who is who, stays, and messages as they came."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Text, and_, column, or_, select, tuple_, values

from agent.model.contact import Contact, ContactStatus
from agent.model.inbound import Inbound, InboundStatus
from agent.model.people import Identity, Patient, Plan
from agent.model.record import Event
from agent.model.stay import Stay
from agent.store import tables
from agent.store.intake_tables import inbound as inbound_table
from agent.store.intake_tables import stays as stay_table
from agent.store.sql.statements import Statements, as_row, columns


class IntakeStatements(Statements):
    async def patients_like(self, identities: Sequence[Identity]) -> Sequence[Patient]:
        known = tables.patients.c
        by_number = {each.hospital_number for each in identities if each.hospital_number}
        by_phone = {(each.name, each.phone) for each in identities}
        by_card = {(each.name, each.id_last4) for each in identities if each.id_last4}
        everybody = select(*columns(tables.patients, Patient)).order_by(known.id)
        queries = [everybody.where(known.hospital_number.in_(by_number))]
        for second, pairs in ((known.phone, by_phone), (known.id_last4, by_card)):
            if pairs:
                queries.append(self._with_pair(everybody, (known.name, second), sorted(pairs)))
        found: dict[str, Patient] = {}
        for query in queries:
            held = self._held(query, tables.patients)
            found |= {patient.id: patient for patient in await self._many(Patient, held)}
        return [found[patient_id] for patient_id in sorted(found)]

    def _with_pair(
        self, query: Select[Any], pair: tuple[ColumnElement[str], ColumnElement[str]], wanted: Sequence[tuple[str, str]]
    ) -> Select[Any]:
        """PostgreSQL would hold every patient against a list of pairs; joined to it, each pair is looked up."""
        if self._line.dialect.name != "postgresql":
            return query.where(tuple_(*pair).in_(wanted))
        pairs = values(column("one", Text), column("other", Text), name="pairs").data(wanted)
        return query.join(pairs, and_(pair[0] == pairs.c.one, pair[1] == pairs.c.other))

    async def add_patients(self, patients: Sequence[Patient]) -> None:
        await self._insert_many(tables.patients, [as_row(patient) for patient in patients])

    async def add_plans(self, plans: Sequence[Plan], contacts: Sequence[Contact]) -> None:
        await self._insert_many(tables.plans, [as_row(plan) for plan in plans])
        await self.add_contacts(contacts)

    async def add_contacts(self, contacts: Sequence[Contact]) -> None:
        await self._insert_many(tables.contacts, [as_row(contact) for contact in contacts])

    async def add_events(self, events: Sequence[Event]) -> None:
        await self._insert_many(tables.events, [as_row(event) for event in events])

    async def contacts_for_education(self, *, now: datetime, since: datetime, limit: int) -> Sequence[Contact]:
        query = select(*columns(tables.contacts, Contact)).where(
            tables.contacts.c.status == ContactStatus.WAIVED,
            tables.contacts.c.due_at >= since,
            tables.contacts.c.due_at <= now,
            tables.contacts.c.reason == "education_only",
        )
        return await self._many(Contact, query.order_by(tables.contacts.c.due_at, tables.contacts.c.id).limit(limit))

    async def add_stays(self, stays: Sequence[Stay]) -> None:
        await self._insert_many(stay_table, [as_row(stay) for stay in stays])

    async def save_stay(self, stay: Stay) -> None:
        await self._save(stay_table, stay)

    async def stays(self, patient_id: str) -> Sequence[Stay]:
        query = select(*columns(stay_table, Stay)).where(stay_table.c.patient_id == patient_id)
        return [_stay(row) for row in await self._rows(query.order_by(stay_table.c.updated_at, stay_table.c.id))]

    async def add_inbound(self, message: Inbound) -> None:
        await self._add(inbound_table, as_row(message))

    async def save_inbound(self, message: Inbound) -> None:
        await self._save(inbound_table, message)

    async def inbound(self, message_id: str) -> Inbound:
        return await self._by_key(Inbound, inbound_table, message_id)

    async def inbound_like(self, *, source: str, sender: str, control_id: str, digest: str) -> Sequence[Inbound]:
        same = inbound_table.c.digest == digest
        if control_id:
            same = or_(same, (inbound_table.c.sender == sender) & (inbound_table.c.control_id == control_id))
        query = select(*columns(inbound_table, Inbound)).where(inbound_table.c.source == source, same)
        return await self._many(Inbound, query.order_by(inbound_table.c.received_at, inbound_table.c.id))

    async def inbound_failed(self, *, limit: int = 100) -> Sequence[Inbound]:
        query = select(*columns(inbound_table, Inbound)).where(inbound_table.c.status == InboundStatus.FAILED)
        newest = query.order_by(inbound_table.c.received_at.desc(), inbound_table.c.id.desc())
        return await self._many(Inbound, newest.limit(limit))


def _stay(row: RowMapping) -> Stay:
    """JSON gives lists; a stay holds tuples."""
    values = {field.name: row[field.name] for field in fields(Stay)}
    return Stay(**values | {"icd10": tuple(row["icd10"]), "tags": tuple(row["tags"])})
