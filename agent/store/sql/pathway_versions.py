"""Which versions of which pathways the unfinished contacts run on."""

from collections.abc import Sequence

from sqlalchemy import func, select

from agent.model.contact import ContactStatus
from agent.model.pathway_use import PathwayUse
from agent.store.sql.statements import Statements
from agent.store.tables import contacts


class PathwayVersionQueries(Statements):
    async def pathway_use(self) -> Sequence[PathwayUse]:
        of = (contacts.c.pathway, contacts.c.pathway_version, contacts.c.status)
        unfinished = contacts.c.status.in_((ContactStatus.DUE, ContactStatus.IN_PROGRESS))
        query = select(*of, func.count().label("all")).where(unfinished).group_by(*of).order_by(*of)
        rows = await self._rows(query)
        return [PathwayUse(r["pathway"], r["pathway_version"], r["status"], r["all"]) for r in rows]
