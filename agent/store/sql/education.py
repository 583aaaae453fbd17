"""Health education owed to patients."""

from collections.abc import Sequence
from dataclasses import asdict, fields

from sqlalchemy import RowMapping, bindparam, select

from agent.model.education import EducationDue
from agent.store.ports import NotFound
from agent.store.sql.statements import KEY, Statements
from agent.store.tables import education

_OF_PATIENT = (
    select(education).where(education.c.patient_id == bindparam(KEY)).order_by(education.c.created_at, education.c.id)
)


class EducationRecords(Statements):
    async def add_education(self, due: EducationDue) -> None:
        await self._add(education, asdict(due))

    async def save_education(self, due: EducationDue) -> None:
        if await self._change(education.update().where(education.c.id == due.id).values(asdict(due))) == 0:
            raise NotFound("education")

    async def education(self, patient_id: str) -> Sequence[EducationDue]:
        return [_due(row) for row in await self._rows(_OF_PATIENT, {KEY: patient_id}, brief=True)]

    async def education_waiting(self, *, limit: int) -> Sequence[EducationDue]:
        query = select(education).where(education.c.sent_at.is_(None))
        return [_due(row) for row in await self._rows(query.order_by(education.c.created_at).limit(limit))]


def _due(row: RowMapping) -> EducationDue:
    return EducationDue(**{field.name: row[field.name] for field in fields(EducationDue)})
