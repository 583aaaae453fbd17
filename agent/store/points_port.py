"""What the rest of the house asks of the record store about points."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from agent.model.points import PointsEarned


class PointsRecordsPort(Protocol):
    async def add_points(self, earned: PointsEarned) -> None:
        """Raises Duplicate for a deed that counted before."""
        ...

    async def points(self, patient_id: str) -> Sequence[PointsEarned]:
        """Oldest first."""
        ...

    async def points_between(self, *, since: datetime, until: datetime, limit: int = 20_000) -> Sequence[PointsEarned]:
        """Everybody's with since <= at < until, oldest first."""
        ...
