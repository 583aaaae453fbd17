"""Wishes to take over running calls, of the store in memory."""

from collections.abc import Sequence

from agent.model.take_over import TakeOver
from tests.fakes.memory_tables import MemoryWrites, refer


class MemoryTakeOvers(MemoryWrites):
    async def ask_take_over(self, wish: TakeOver) -> None:
        self._check(wish)
        refer(self._t.attempts, wish.attempt_id)
        refer(self._t.contacts, wish.contact_id)
        self._t.take_overs[wish.attempt_id] = wish

    async def take_overs_waiting(self, *, limit: int = 50) -> Sequence[TakeOver]:
        waiting = (wish for wish in self._t.take_overs.values() if wish.settled_at is None)
        return sorted(waiting, key=lambda wish: wish.asked_at)[:limit]

    async def take_over(self, attempt_id: str) -> TakeOver | None:
        return self._t.take_overs.get(attempt_id)

    async def number_of_nurse(self, name: str) -> str | None:
        mine = [wish for wish in self._t.take_overs.values() if wish.asked_by == name]
        return max(mine, key=lambda wish: wish.asked_at).number if mine else None
