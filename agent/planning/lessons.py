"""Education of patients who are not called: when the day of a node has come, what it teaches is queued."""

from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from agent.attempts.transitions import stopped_because
from agent.model.clock import NewId, Now
from agent.model.contact import Contact
from agent.model.pathway import Education, Pathway
from agent.planning.contacts import noted
from agent.store.ports import Records, Store
from agent.turn import education

QUEUED = "education_queued"
MADE_UP_FOR = timedelta(days=3)  # the house was off so long: what is older is not sent any more
AT_ONCE = 100


class Pathways(Protocol):
    def get(self, name: str, version: str | None = None) -> Pathway: ...


class EducationOnly:
    """`drafts`: what no clinician signed may be sent too."""

    def __init__(self, store: Store, pathways: Pathways, now: Now, new_id: NewId, *, drafts: bool) -> None:
        self._store, self._pathways, self._now, self._new_id, self._drafts = store, pathways, now, new_id, drafts

    async def run_once(self) -> int:
        """Queues what is due; returns how many contacts that were."""
        now = self._now()
        async with self._store.transaction(write=False) as records:
            due = await records.contacts_for_education(now=now, since=now - MADE_UP_FOR, limit=AT_ONCE)
        for contact in due:
            async with self._store.transaction() as records:
                await self._queue(records, contact)
        return len(due)

    async def _queue(self, records: Records, contact: Contact) -> None:
        now = self._now()
        queued = replace(contact, reason=QUEUED)
        await records.save_contact(queued)  # first: another worker that was faster makes it stale
        if not await stopped_because(records, contact.patient_id):
            await education.queue(records, self._lessons(contact), contact, now, self._new_id)
        await records.add_event(noted(queued, contact.status, now, "rules"))

    def _lessons(self, contact: Contact) -> list[Education]:
        pathway = self._pathways.get(contact.pathway, contact.pathway_version)
        node = pathway.nearest(contact.node_day)
        if node.day != contact.node_day:
            return []
        named = (pathway.education[key] for key in node.education)
        return [lesson for lesson in named if self._drafts or lesson.approval.given]
