"""Trunks and urgencies of the store in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from agent.model.contact import Attempt, Channel, Contact, ContactStatus
from agent.model.escalation import EscalationStatus
from agent.model.finding import Level
from agent.model.trunk import Trunk
from agent.model.urgency import Risk, Urgency
from tests.fakes.memory_tables import MemoryWrites


class MemoryTrunks(MemoryWrites):
    async def recent_calls(self, *, limit: int) -> Sequence[Attempt]:
        over = (a for a in self._t.attempts.values() if a.channel is Channel.PHONE and a.ended_at is not None)
        return sorted(over, key=lambda a: (a.ended_at, a.id), reverse=True)[:limit]

    async def anything_due(self, now: datetime) -> bool:
        return any(each.status is ContactStatus.DUE and each.due_at <= now for each in self._t.contacts.values())

    async def hold_trunk(self, name: str, now: datetime) -> Trunk:
        if name not in self._t.trunks:
            self._add(self._t.trunks, name, Trunk.new(name, now))
        return self._t.trunks[name]

    async def save_trunk(self, trunk: Trunk) -> None:
        self._overwrite(self._t.trunks, trunk.name, trunk)

    async def trunks(self) -> Sequence[Trunk]:
        return sorted(self._t.trunks.values(), key=lambda trunk: trunk.name)

    async def unweighed(self, *, due_before: datetime, limit: int) -> Sequence[Contact]:
        due = (c for c in self._t.contacts.values() if c.status is ContactStatus.DUE and c.due_at < due_before)
        return sorted((c for c in due if c.urgency is None), key=lambda c: (c.due_at, c.id))[:limit]

    async def risks(self, patient_ids: Collection[str], *, red_since: datetime) -> Mapping[str, Risk]:
        def cards(patient_id: str) -> set[tuple[Level, bool]]:
            mine = (card for card in self._t.escalations.values() if card.patient_id == patient_id)
            return {
                (card.level, card.status is not EscalationStatus.RESOLVED)
                for card in mine
                if card.status is not EscalationStatus.RESOLVED
                or (card.level is Level.RED and card.created_at >= red_since)
            }

        known = (self._t.patients[key] for key in patient_ids if key in self._t.patients)
        return {patient.id: Risk.of(patient.tier, cards(patient.id)) for patient in known}

    async def weigh(self, urgencies: Mapping[str, Urgency]) -> None:
        self._check()
        for contact_id, urgency in urgencies.items():
            self._t.contacts[contact_id] = replace(self._t.contacts[contact_id], urgency=urgency)
