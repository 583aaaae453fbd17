"""Asks the carrier about open attempts nobody has heard of for a while: a process died, a callback was lost."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from agent.model.contact import Attempt, AttemptOutcome
from agent.schedule.carrier_words import ENDED, OUTCOMES
from agent.schedule.placing import Ends, Placer, number_of
from agent.schedule.ports import DialFailed, Dialler
from agent.schedule.trunk_guard import TrunkGuard
from agent.store.ports import Store

log = logging.getLogger("suifang.schedule")

HungUp = Callable[[Attempt], Awaitable[None]]
"""Closes the conversation of an answered call whose line is gone."""


async def nobody_to_tell(attempt: Attempt) -> None:
    return None


class Settler:
    """Only attempts of its own trunk: another trunk's carrier is not ours to ask."""

    def __init__(self, store: Store, dialler: Dialler, guard: TrunkGuard, placer: Placer, ends: Ends) -> None:
        self._store, self._dialler, self._guard, self._placer, self._ends = store, dialler, guard, placer, ends
        self.hung_up: HungUp = nobody_to_tell

    async def settle(self, now: datetime) -> int:
        """Returns how many attempts were settled."""
        async with self._store.transaction(write=False) as records:
            live = await self._guard.calls(records)
        stale = [a for a in live if a.created_at < now - self._placer.lost_after and a.id not in self._placer.under_way]
        settled = 0
        for attempt in stale:
            settled += await self._settle_one(attempt)
        return settled

    async def _settle_one(self, attempt: Attempt) -> bool:
        try:
            if attempt.carrier_ref is None:
                return await self._adopt(attempt)
            said = await self._dialler.status(attempt.carrier_ref)
        except DialFailed as error:
            log.warning("carrier not reached while settling: attempt=%s code=%s", attempt.id, error.code)
            return False
        if said not in ENDED:
            return False
        if attempt.outcome is AttemptOutcome.ANSWERED:
            await self.hung_up(attempt)
        else:
            await self._ends.end(attempt.id, OUTCOMES.get(said, AttemptOutcome.TECHNICAL))
        return True

    async def _adopt(self, attempt: Attempt) -> bool:
        """A crash between "intended" and "dialled": the carrier knows whether the call was placed."""
        async with self._store.transaction(write=False) as records:
            patient = await records.patient(attempt.patient_id)
        since = attempt.created_at - timedelta(seconds=5)
        to = number_of(patient, attempt.callee)
        carrier_ref = await self._dialler.find(attempt_id=attempt.id, to=to, since=since)
        if carrier_ref is None and attempt.outcome is AttemptOutcome.ANSWERED:
            await self.hung_up(attempt)  # the carrier keeps nothing of calls that are over, but it was answered
        elif carrier_ref is None:
            await self._ends.end(attempt.id, AttemptOutcome.FAILED, "never_placed")
        else:
            await self._placer.dialled(attempt.id, carrier_ref)
        return True
