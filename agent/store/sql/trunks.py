"""Trunks, shared by all workers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from agent.model.trunk import Trunk
from agent.store.sql.statements import Statements, as_row, columns
from agent.store.tables import trunks


class TrunkRecords(Statements):
    async def hold_trunk(self, name: str, now: datetime) -> Trunk:
        known = await self._known(Trunk, trunks, name, "name")
        if known is not None:
            return known
        dialect = postgresql if self._line.dialect.name == "postgresql" else sqlite
        new = dialect.insert(trunks).values(as_row(Trunk.new(name, now)))
        await self._change(new.on_conflict_do_nothing())
        return await self._by_key(Trunk, trunks, name, "name")

    async def save_trunk(self, trunk: Trunk) -> None:
        await self._save(trunks, trunk, "name")

    async def trunks(self) -> Sequence[Trunk]:
        return await self._many(Trunk, select(*columns(trunks, Trunk)).order_by(trunks.c.name))
