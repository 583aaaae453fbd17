"""Keeps every due contact's place in the order of dialling up to date: new ones in bulk, a patient's at each alarm."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from agent.model.clock import Now
from agent.model.contact import Contact, ContactStatus
from agent.model.urgency import Urgency, urgency_of
from agent.store.ports import Records, Store

AHEAD = timedelta(days=1)
BATCH = 1000
RED_WITHIN = timedelta(days=30)

UrgentPathway = Callable[[str], bool]
"""Whether a pathway is for patients at high risk, by its name."""


class Weigher:
    def __init__(self, store: Store, urgent: UrgentPathway, now: Now) -> None:
        self._store, self._urgent, self._now = store, urgent, now

    async def weigh_new(self) -> int:
        """Weighs contacts that come due within a day and were never weighed; returns how many."""
        async with self._store.transaction() as records:
            fresh = await records.unweighed(due_before=self._now() + AHEAD, limit=BATCH)
            await self._weigh(records, fresh)
        return len(fresh)

    async def patient_changed(self, patient_id: str) -> None:
        """Something was learned of the patient: an alarm, its end, another tier."""
        async with self._store.transaction() as records:
            await self._weigh(records, await records.contacts(patient_id=patient_id, status=ContactStatus.DUE))

    async def card_changed(self, escalation_id: str) -> None:
        async with self._store.transaction(write=False) as records:
            patient_id = (await records.escalation(escalation_id)).patient_id
        await self.patient_changed(patient_id)

    async def _weigh(self, records: Records, contacts: Sequence[Contact]) -> None:
        asked_for = Urgency.CALL_BACK  # a nurse's wish outranks whatever is known
        weighed = [contact for contact in contacts if contact.urgency is not asked_for]
        if not weighed:
            return
        risks = await records.risks({each.patient_id for each in weighed}, red_since=self._now() - RED_WITHIN)
        await records.weigh(
            {
                each.id: urgency_of(
                    risks[each.patient_id],
                    urgent_pathway=self._urgent(each.pathway),
                    one_off=each.campaign_id is not None,
                )
                for each in weighed
            }
        )
