"""Contacts, who may work on them, the attempts made for them, and the recordings of those."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, literal, not_, or_, select, union_all

from agent.model.contact import Attempt, Channel, Contact, ContactStatus, Recording, Script
from agent.model.urgency import Urgency
from agent.store.ports import NotFound, StaleVersion
from agent.store.sql.statements import KEY, Statements, as_row, columns, of_key
from agent.store.tables import LIVE, attempts, contacts, patients, recordings

FRONT, MOST_LOOKED_AT = 100, 20_000
"""How many due contacts a claim looks at closely beside four for each wanted, and at most."""

_FENCED = contacts.update().where(contacts.c.id == bindparam(KEY), contacts.c.version == bindparam("read"))
_OF_PATIENT = of_key(contacts, Contact, "patient_id", held=False).order_by(contacts.c.due_at, contacts.c.id)
_OF_CONTACT = of_key(attempts, Attempt, "contact_id", held=False).order_by(attempts.c.created_at, attempts.c.id)


class ContactRecords(Statements):
    async def contact(self, contact_id: str) -> Contact:
        return await self._by_key(Contact, contacts, contact_id)

    async def contacts(
        self, *, patient_id: str | None = None, status: ContactStatus | None = None, limit: int = 500
    ) -> Sequence[Contact]:
        if patient_id is not None and status is None:
            return (await self._many(Contact, _OF_PATIENT, {KEY: patient_id}, brief=True))[:limit]
        query = select(*columns(contacts, Contact)).order_by(contacts.c.due_at, contacts.c.id).limit(limit)
        if patient_id is not None:
            query = query.where(contacts.c.patient_id == patient_id)
        if status is not None:
            query = query.where(contacts.c.status == status)
        return await self._many(Contact, query)

    async def anything_due(self, now: datetime) -> bool:
        due = select(contacts.c.id).where(contacts.c.status == ContactStatus.DUE, contacts.c.due_at <= now)
        return bool(await self._rows(due.limit(1)))

    async def claim_due(
        self, *, now: datetime, lease_until: datetime, worker: str, limit: int, passing_over: Collection[Script] = ()
    ) -> Sequence[Contact]:
        """The patient's row is locked first and the contact chosen after it, by a statement that sees what other
        workers committed meanwhile: two workers cannot hold two contacts of one patient."""
        free = _free_and_due(now, passing_over)
        claimable = _claimable(now, free)
        mine = await self._lock_patients(free, claimable, limit)
        if not mine:
            return []
        query = (
            select(*columns(contacts, Contact))
            .where(contacts.c.patient_id.in_(mine), claimable)
            .with_for_update(key_share=True, of=contacts, skip_locked=True)
        )
        chosen: dict[str, Contact] = {}
        # Sorted here: asked to sort, SQLite would walk everybody's due contacts in order instead of these patients'.
        for contact in sorted(await self._many(Contact, query), key=_in_order):
            chosen.setdefault(contact.patient_id, contact)
        claimed = list(chosen.values())[:limit]
        lease = contacts.update().where(contacts.c.id.in_([contact.id for contact in claimed]))
        await self._change(lease.values(leased_until=lease_until, leased_by=worker))
        return claimed

    async def _lock_patients(self, free: ColumnElement[bool], claimable: ColumnElement[bool], limit: int) -> set[str]:
        """Patients of the most urgent, longest-due claimable contacts, whom no other worker is looking at. Only the
        front of the line is looked at closely, further back where that brings too few: with many thousands due the
        database would weigh them all up against each other."""
        front = 4 * limit + FRONT
        while True:
            ids = await self._front_of_the_line(free, front)
            query = (
                select(contacts.c.patient_id)
                .join(patients, patients.c.id == contacts.c.patient_id)
                .where(contacts.c.id.in_(ids), claimable)
                .order_by(contacts.c.urgency.is_(None), contacts.c.urgency, contacts.c.due_at, contacts.c.id)
                .limit(limit)
                .with_for_update(key_share=True, of=patients, skip_locked=True)
            )
            found = {row["patient_id"] for row in await self._rows(query)} if ids else set()
            if len(ids) < front or len(found) >= limit or front >= MOST_LOOKED_AT:
                return found
            front = min(8 * front, MOST_LOOKED_AT)

    async def _front_of_the_line(self, free: ColumnElement[bool], front: int) -> list[str]:
        """Each urgency is a walk along the index of its own: in one, everybody's contacts of the future would be
        passed on the way to the next urgency."""
        lines = [
            select(contacts.c.id, literal(place).label("place"), contacts.c.due_at)
            .where(contacts.c.urgency == urgency, free)
            .order_by(contacts.c.due_at, contacts.c.id)
            .limit(front)
            .subquery()
            for place, urgency in enumerate((*Urgency, None))
        ]
        line = union_all(*(select(each) for each in lines)).subquery()
        query = select(line.c.id).order_by(line.c.place, line.c.due_at, line.c.id).limit(front)
        return [row["id"] for row in await self._rows(query)]

    async def save_contact(self, contact: Contact) -> Contact:
        saved = replace(contact, version=contact.version + 1)
        row = as_row(saved) | {"leased_until": None, "leased_by": None}
        del row["urgency"]
        if await self._change(_FENCED, row | {KEY: contact.id, "read": contact.version}, brief=True) == 0:
            if await self._rows(select(contacts.c.id).where(contacts.c.id == contact.id)):
                raise StaleVersion("contact")
            raise NotFound("contacts")
        return saved

    async def add_attempt(self, attempt: Attempt) -> None:
        await self._add(attempts, as_row(attempt))

    async def attempt(self, attempt_id: str) -> Attempt:
        return await self._by_key(Attempt, attempts, attempt_id)

    async def attempt_by_carrier_ref(self, carrier_ref: str) -> Attempt | None:
        return await self._known(Attempt, attempts, carrier_ref, "carrier_ref")

    async def attempts(self, *, contact_id: str | None = None, live_only: bool = False) -> Sequence[Attempt]:
        if contact_id is not None and not live_only:
            return await self._many(Attempt, _OF_CONTACT, {KEY: contact_id}, brief=True)
        query = select(*columns(attempts, Attempt)).order_by(attempts.c.created_at, attempts.c.id)
        if contact_id is not None:
            query = query.where(attempts.c.contact_id == contact_id)
        if live_only:
            query = query.where(LIVE)
        return await self._many(Attempt, query)

    async def attempts_since(self, since: datetime, patient_ids: Collection[str]) -> Sequence[Attempt]:
        if not patient_ids:
            return []
        query = select(*columns(attempts, Attempt)).where(
            attempts.c.patient_id.in_(patient_ids), attempts.c.created_at >= since
        )
        return await self._many(Attempt, query.order_by(attempts.c.created_at, attempts.c.id))

    async def recent_calls(self, *, limit: int) -> Sequence[Attempt]:
        query = select(*columns(attempts, Attempt)).where(
            attempts.c.channel == Channel.PHONE, attempts.c.ended_at.is_not(None)
        )
        return await self._many(Attempt, query.order_by(attempts.c.ended_at.desc(), attempts.c.id.desc()).limit(limit))

    async def save_attempt(self, attempt: Attempt) -> None:
        await self._save(attempts, attempt)

    async def add_recording(self, recording: Recording) -> None:
        await self._add(recordings, as_row(recording))

    async def save_recording(self, recording: Recording) -> None:
        await self._save(recordings, recording)

    async def recording(self, recording_id: str) -> Recording:
        return await self._by_key(Recording, recordings, recording_id)

    async def recordings(self, *, contact_id: str) -> Sequence[Recording]:
        query = select(*columns(recordings, Recording)).where(recordings.c.contact_id == contact_id)
        return await self._many(Recording, query.order_by(recordings.c.started_at, recordings.c.id))


def _in_order(contact: Contact) -> tuple[int, datetime, str]:
    return len(Urgency) if contact.urgency is None else contact.urgency, contact.due_at, contact.id


def _claimable(now: datetime, free: ColumnElement[bool]) -> ColumnElement[bool]:
    """Due, not leased, and nothing else going on with this patient: no live attempt, no other contact leased."""
    other = contacts.alias()
    leased_elsewhere = exists().where(
        other.c.patient_id == contacts.c.patient_id,
        other.c.status == ContactStatus.DUE,
        other.c.leased_until > now,
    )
    in_touch = exists().where(attempts.c.patient_id == contacts.c.patient_id, LIVE)
    return and_(free, ~leased_elsewhere, ~in_touch)


def _free_and_due(now: datetime, passing_over: Collection[Script]) -> ColumnElement[bool]:
    free = or_(contacts.c.leased_until.is_(None), contacts.c.leased_until <= now)
    others = [not_(_of_script(script)) for script in passing_over]
    return and_(contacts.c.status == ContactStatus.DUE, contacts.c.due_at <= now, free, *others)


def _of_script(script: Script) -> ColumnElement[bool]:
    begun = contacts.c.attempts_made > 0
    same = contacts.c.pathway == script.pathway, contacts.c.pathway_version == script.version
    return and_(*same, begun if script.begun else not_(begun))
