"""How urgent contacts are, and what that is weighed from."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from agent.model.contact import Contact, ContactStatus
from agent.model.escalation import EscalationStatus
from agent.model.finding import Level
from agent.model.urgency import Risk, Urgency
from agent.store.sql.statements import Statements, columns
from agent.store.tables import contacts, escalations, patients


class UrgencyRecords(Statements):
    async def unweighed(self, *, due_before: datetime, limit: int) -> Sequence[Contact]:
        fresh = (contacts.c.status == ContactStatus.DUE, contacts.c.urgency.is_(None), contacts.c.due_at < due_before)
        query = select(*columns(contacts, Contact)).where(*fresh)
        return await self._many(Contact, query.order_by(contacts.c.due_at, contacts.c.id).limit(limit))

    async def risks(self, patient_ids: Collection[str], *, red_since: datetime) -> Mapping[str, Risk]:
        if not patient_ids:
            return {}
        open_now = escalations.c.status != EscalationStatus.RESOLVED
        recent = (escalations.c.level == Level.RED) & (escalations.c.created_at >= red_since)
        cards = await self._rows(
            select(escalations.c.patient_id, escalations.c.level, open_now.label("open")).where(
                escalations.c.patient_id.in_(patient_ids), or_(open_now, recent)
            )
        )
        levels = defaultdict(set)
        for card in cards:
            levels[card["patient_id"]].add((card["level"], bool(card["open"])))
        people = await self._rows(select(patients.c.id, patients.c.tier).where(patients.c.id.in_(patient_ids)))
        return {row["id"]: Risk.of(row["tier"], levels[row["id"]]) for row in people}

    async def weigh(self, urgencies: Mapping[str, Urgency]) -> None:
        by_urgency: defaultdict[Urgency, list[str]] = defaultdict(list)
        for contact_id, urgency in urgencies.items():
            by_urgency[urgency].append(contact_id)
        for urgency, ids in by_urgency.items():
            await self._change(contacts.update().where(contacts.c.id.in_(ids)).values(urgency=urgency))
