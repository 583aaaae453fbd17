"""The education queue of the store in memory."""

from collections.abc import Sequence

from agent.model.education import EducationDue
from agent.store.ports import Duplicate
from tests.fakes.memory_tables import MemoryWrites, refer


class MemoryEducation(MemoryWrites):
    async def add_education(self, due: EducationDue) -> None:
        self._check(due.created_at)
        refer(self._t.contacts, due.contact_id)
        if any((old.contact_id, old.item) == (due.contact_id, due.item) for old in self._t.education.values()):
            raise Duplicate("education")
        self._add(self._t.education, due.id, due)

    async def save_education(self, due: EducationDue) -> None:
        self._overwrite(self._t.education, due.id, due)

    async def education(self, patient_id: str) -> Sequence[EducationDue]:
        mine = (due for due in self._t.education.values() if due.patient_id == patient_id)
        return sorted(mine, key=lambda due: (due.created_at, due.id))

    async def education_waiting(self, *, limit: int) -> Sequence[EducationDue]:
        waiting = (due for due in self._t.education.values() if due.sent_at is None)
        return sorted(waiting, key=lambda due: due.created_at)[:limit]
