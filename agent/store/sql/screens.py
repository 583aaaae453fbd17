"""What the nurse's screens read: many rows at once, each query bounded and on an index."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select

from agent.model.contact import Attempt, Contact, ContactStatus
from agent.model.escalation import Escalation, EscalationStatus
from agent.model.ledger import LedgerDay
from agent.model.people import Patient
from agent.model.step import TransferState
from agent.store.screens import EscalationCounts
from agent.store.sql.escalations import escalation_of
from agent.store.sql.statements import HANDFUL, KEYS, LIMIT, Statements, among, columns, of_keys
from agent.store.tables import LIVE, attempts, contacts, escalations, events, patients

ADRIFT_COUNTED = 5000  # of each kind: more is as bad
SEARCHED = ("name", "phone", "hospital_number", "caregiver_phone")
SINCE = "since"

_OF_PATIENTS = (
    select(*columns(contacts, Contact)).where(among(contacts.c.patient_id)).order_by(contacts.c.due_at, contacts.c.id)
)
_TRANSFERS = (
    select(events.c.entity_id, events.c.to_status)
    .where(events.c.entity == "attempt", among(events.c.entity_id))
    .where(events.c.to_status.in_([state.value for state in TransferState]))
    .order_by(events.c.seq)
)
_RED = func.sum(case((escalations.c.urgency == 0, 1), else_=0)).label("red")
_UNFINISHED = (
    select(escalations.c.status, func.count().label("all"), _RED)
    .where(escalations.c.status.in_((EscalationStatus.OPEN, EscalationStatus.TAKEN, EscalationStatus.SNOOZED)))
    .group_by(escalations.c.status)
)
_FINISHED = select(func.count().label("all")).where(escalations.c.resolved_at >= bindparam(SINCE))
_RESOLVED = (
    select(escalations)
    .where(escalations.c.resolved_at >= bindparam(SINCE))
    .order_by(escalations.c.resolved_at.desc(), escalations.c.id.desc())
    .limit(bindparam(LIMIT))
)


class ScreenQueries(Statements):
    async def patients_by_id(self, ids: Collection[str]) -> Mapping[str, Patient]:
        if not ids:
            return {}
        query = of_keys(patients, Patient, "id")
        found = await self._many(Patient, query, {KEYS: list(ids)}, brief=len(ids) <= HANDFUL)
        return {patient.id: patient for patient in found}

    async def contacts_of(self, patient_ids: Collection[str]) -> Sequence[Contact]:
        given = {KEYS: list(patient_ids)}
        return await self._many(Contact, _OF_PATIENTS, given, brief=len(patient_ids) <= 1) if patient_ids else []

    async def contacts_carried(
        self, day: date, *, since: datetime, until: datetime, limit: int = 500
    ) -> Sequence[Contact]:
        query = select(*columns(contacts, Contact)).where(*_carried(day, since, until))
        return await self._many(Contact, query.order_by(contacts.c.due_at, contacts.c.id).limit(limit))

    async def ledger(self, day: date, *, since: datetime, until: datetime, overdue_before: datetime) -> LedgerDay:
        per_status = select(contacts.c.status, func.count().label("all")).group_by(contacts.c.status)
        planned = await self._rows(per_status.where(contacts.c.planned_for == day))
        carried = await self._rows(per_status.where(*_carried(day, since, until)))
        adrift = 0
        for part in _adrift(overdue_before):
            # In order and no further than that: asked for a count, PostgreSQL reads everything that is due.
            some = select(contacts.c.id).where(part).order_by(contacts.c.due_at, contacts.c.id).limit(ADRIFT_COUNTED)
            adrift += len(await self._rows(some))
        return LedgerDay(
            day,
            {row["status"]: row["all"] for row in planned},
            {row["status"]: row["all"] for row in carried},
            adrift,
        )

    async def contacts_planned(self, day: date, *, limit: int = 500) -> Sequence[Contact]:
        query = select(*columns(contacts, Contact)).where(contacts.c.planned_for == day)
        return await self._many(Contact, query.order_by(contacts.c.due_at, contacts.c.id).limit(limit))

    async def contacts_adrift(self, *, overdue_before: datetime, limit: int = 500) -> Sequence[Contact]:
        found: list[Contact] = []
        for part in _adrift(overdue_before):
            query = select(*columns(contacts, Contact)).where(part)
            found += await self._many(Contact, query.order_by(contacts.c.due_at, contacts.c.id).limit(limit))
        return sorted(found, key=lambda contact: (contact.due_at, contact.id))[:limit]

    async def last_attempts(self, contact_ids: Collection[str]) -> Mapping[str, Attempt]:
        query = select(*columns(attempts, Attempt)).where(attempts.c.contact_id.in_(contact_ids))
        ordered = query.order_by(attempts.c.created_at, attempts.c.id)
        found = await self._many(Attempt, ordered) if contact_ids else []
        return {attempt.contact_id: attempt for attempt in found}

    async def transfers(self, attempt_ids: Collection[str]) -> Mapping[str, TransferState]:
        given, few = {KEYS: list(attempt_ids)}, len(attempt_ids) <= HANDFUL
        found = await self._rows(_TRANSFERS, given, brief=few) if attempt_ids else []
        return {row["entity_id"]: TransferState(row["to_status"]) for row in found}

    async def search_patients(self, text: str, *, limit: int = 50) -> Sequence[Patient]:
        query = select(*columns(patients, Patient))
        if text:
            found = (getattr(patients.c, name).contains(text, autoescape=True) for name in SEARCHED)
            query = query.where(or_(*found))
        return await self._many(Patient, query.order_by(patients.c.id.desc()).limit(limit))

    async def escalation_counts(self, *, resolved_since: datetime) -> EscalationCounts:
        rows = {row["status"]: row for row in await self._rows(_UNFINISHED)}
        finished = await self._rows(_FINISHED, {SINCE: resolved_since})
        waiting, taken, snoozed = (
            rows.get(each) for each in (EscalationStatus.OPEN, EscalationStatus.TAKEN, EscalationStatus.SNOOZED)
        )
        return EscalationCounts(
            open_red=int(waiting["red"]) if waiting else 0,
            open_yellow=int(waiting["all"] - waiting["red"]) if waiting else 0,
            taken=taken["all"] if taken else 0,
            snoozed=snoozed["all"] if snoozed else 0,
            resolved=finished[0]["all"],
        )

    async def escalations_resolved(self, *, since: datetime, limit: int = 50) -> Sequence[Escalation]:
        return [escalation_of(row) for row in await self._rows(_RESOLVED, {SINCE: since, LIMIT: limit})]


def _carried(day: date, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return contacts.c.due_at >= since, contacts.c.due_at < until, contacts.c.planned_for < day


def _adrift(overdue_before: datetime) -> tuple[ColumnElement[bool], ...]:
    """The two ways to be adrift, apart: asked for both in one, in order, a database walks all contacts there are."""
    live = exists().where(attempts.c.contact_id == contacts.c.id, LIVE)
    return (
        and_(contacts.c.status == ContactStatus.IN_PROGRESS, ~live),
        and_(contacts.c.status == ContactStatus.DUE, contacts.c.due_at < overdue_before),
    )
