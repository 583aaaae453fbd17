"""Wishes to take over running calls."""

from collections.abc import Sequence

from sqlalchemy import select

from agent.model.take_over import TakeOver
from agent.store.sql.statements import Statements, as_row, columns
from agent.store.tables import take_overs


class TakeOverRecords(Statements):
    async def ask_take_over(self, wish: TakeOver) -> None:
        known = take_overs.update().where(take_overs.c.attempt_id == wish.attempt_id)
        if await self._change(known.values(as_row(wish))) == 0:
            await self._change(take_overs.insert().values(as_row(wish)))

    async def take_overs_waiting(self, *, limit: int = 50) -> Sequence[TakeOver]:
        query = select(*columns(take_overs, TakeOver)).where(take_overs.c.settled_at.is_(None))
        return await self._many(TakeOver, query.order_by(take_overs.c.asked_at).limit(limit), brief=True)

    async def take_over(self, attempt_id: str) -> TakeOver | None:
        return await self._found(TakeOver, take_overs, take_overs.c.attempt_id == attempt_id)

    async def number_of_nurse(self, name: str) -> str | None:
        query = select(take_overs.c.number).where(take_overs.c.asked_by == name)
        rows = await self._rows(query.order_by(take_overs.c.asked_at.desc()).limit(1))
        return str(rows[0]["number"]) if rows else None
