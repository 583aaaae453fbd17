"""Carries out what was arranged with a card, in the transaction that finishes it."""

from dataclasses import dataclass
from datetime import datetime

from agent.escalation.follow_up import RECALL, FollowUp, recall
from agent.model.clock import NewId
from agent.model.escalation import Escalation
from agent.model.record import Event, OutboxKind, OutboxMessage
from agent.planning.replan import change_tier
from agent.planning.when import When
from agent.store.ports import Records
from dashboard.deps import DashboardDeps
from dashboard.words import TIERS


def sentence(follow_up: FollowUp) -> str:
    """What was arranged, as the note says it."""
    parts = ["明天由机器人再次随访" if follow_up.recall else ""]
    parts += [f"转诊：{follow_up.referral}" if follow_up.referral else ""]
    parts += [f"分层改为{TIERS[follow_up.tier]}" if follow_up.tier else ""]
    return "；".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Arranging:
    """By whom and when; a new tier changes the plan that lies ahead."""

    user: str
    now: datetime
    deps: DashboardDeps

    @property
    def new_id(self) -> NewId:
        return self.deps.new_id

    async def carry_out(self, records: Records, follow_up: FollowUp, escalation: Escalation) -> None:
        """Raises FollowUpOver where the patient is not to be called any more."""
        if follow_up.recall:
            await self._call_again(records, escalation)
        if follow_up.tier is not None:
            when = When(self.now, self.new_id, self.user, self.deps.next_open)
            await change_tier(records, escalation.patient_id, follow_up.tier, self.deps.plans, when)
        if follow_up.referral:
            await records.add_event(self._event("patient", escalation.patient_id, "", "referred"))

    async def _call_again(self, records: Records, escalation: Escalation) -> None:
        contact = await records.contact(escalation.contact_id)
        again = recall(contact, await records.plan(contact.plan_id), self.new_id(), self.now)
        await records.add_contact(again)
        await records.add_event(self._event("contact", again.id, "", again.status.value, RECALL))
        await records.add_outbox(OutboxMessage(self.new_id(), OutboxKind.CONTACT_CHANGED, again.id, self.now))

    def _event(self, entity: str, key: str, before: str, after: str, reason: str | None = None) -> Event:
        return Event(entity, key, before or None, after, self.now, self.user, reason)
