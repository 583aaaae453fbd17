"""Tells running calls that a nurse wants them: whichever process a call runs in, it hears within a beat."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from agent.model.clock import NewId, Now
from agent.model.record import OutboxKind, OutboxMessage
from agent.model.take_over import PATIENCE, TakeOver
from agent.store.ports import Store

log = logging.getLogger("suifang.schedule")

HandOver = Callable[[str, str], bool]
"""(attempt id, the nurse's number) -> whether the call runs here and will be handed over now."""


@dataclass(frozen=True, slots=True)
class TakeOvers:
    store: Store
    hand_over: HandOver
    now: Now
    new_id: NewId

    async def run_once(self) -> int:
        """Settles the wishes of calls that run here, and those that came too late for any; returns how many."""
        async with self.store.transaction(write=False) as records:
            waiting = await records.take_overs_waiting()
        settled = [wish for wish in waiting if self._heard(wish)]
        for wish in settled:
            await self._settle(wish)
        return len(settled)

    def _heard(self, wish: TakeOver) -> bool:
        if self.hand_over(wish.attempt_id, wish.number):
            return True
        late = self.now() - wish.asked_at > PATIENCE
        if late:
            log.warning("take-over came too late: attempt=%s", wish.attempt_id)
        return late

    async def _settle(self, wish: TakeOver) -> None:
        """The page is told, whatever became of it."""
        now = self.now()
        async with self.store.transaction() as records:
            await records.ask_take_over(replace(wish, settled_at=now))
            await records.add_outbox(OutboxMessage(self.new_id(), OutboxKind.CONTACT_CHANGED, wish.contact_id, now))
