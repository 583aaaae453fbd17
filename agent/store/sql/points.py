"""Points that patients earned."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from agent.model.points import PointsEarned
from agent.store.points_table import points
from agent.store.sql.statements import Statements, as_row, columns


class PointsRecords(Statements):
    async def add_points(self, earned: PointsEarned) -> None:
        await self._change(points.insert().values(as_row(earned)))

    async def points(self, patient_id: str) -> Sequence[PointsEarned]:
        query = select(*columns(points, PointsEarned)).where(points.c.patient_id == patient_id)
        return await self._many(PointsEarned, query.order_by(points.c.at, points.c.id))

    async def points_between(self, *, since: datetime, until: datetime, limit: int = 20_000) -> Sequence[PointsEarned]:
        query = select(*columns(points, PointsEarned)).where(points.c.at >= since, points.c.at < until)
        return await self._many(PointsEarned, query.order_by(points.c.at, points.c.id).limit(limit))
