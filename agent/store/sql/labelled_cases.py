"""Sentences that nurses labelled."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from agent.model.labelled_case import LabelledCase
from agent.store.sql.statements import KEY, Statements, as_row, columns, of_key
from agent.store.tables import labelled_cases

_OF_CONTACT = of_key(labelled_cases, LabelledCase, "contact_id", held=False).order_by(
    labelled_cases.c.at, labelled_cases.c.id
)


class LabelledCaseRecords(Statements):
    async def add_labelled_case(self, case: LabelledCase) -> bool:
        row = labelled_cases.c
        same = (row.turn_id == case.turn_id, row.label == case.label, row.rule == case.rule)
        if await self._rows(select(row.id).where(*same)):
            return False
        await self._add(labelled_cases, as_row(case))
        return True

    async def labelled_cases(
        self, *, contact_id: str | None = None, since: datetime | None = None, limit: int = 500
    ) -> Sequence[LabelledCase]:
        if contact_id is not None and since is None:
            return (await self._many(LabelledCase, _OF_CONTACT, {KEY: contact_id}, brief=True))[:limit]
        query = select(*columns(labelled_cases, LabelledCase)).order_by(labelled_cases.c.at, labelled_cases.c.id)
        if contact_id is not None:
            query = query.where(labelled_cases.c.contact_id == contact_id)
        if since is not None:
            query = query.where(labelled_cases.c.at >= since)
        return await self._many(LabelledCase, query.limit(limit))
