"""Points of the store in memory."""

from collections.abc import Sequence
from datetime import datetime

from agent.model.points import PointsEarned
from tests.fakes.memory_tables import MemoryWrites, refer


class MemoryPoints(MemoryWrites):
    async def add_points(self, earned: PointsEarned) -> None:
        refer(self._t.patients, earned.patient_id)
        refer(self._t.contacts, earned.contact_id)
        self._add(self._t.points, earned.id, earned)

    async def points(self, patient_id: str) -> Sequence[PointsEarned]:
        mine = (each for each in self._t.points.values() if each.patient_id == patient_id)
        return sorted(mine, key=lambda each: (each.at, each.id))

    async def points_between(self, *, since: datetime, until: datetime, limit: int = 20_000) -> Sequence[PointsEarned]:
        within = (each for each in self._t.points.values() if since <= each.at < until)
        return sorted(within, key=lambda each: (each.at, each.id))[:limit]
