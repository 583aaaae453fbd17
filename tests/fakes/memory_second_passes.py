"""The second passes of the store in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from agent.model.contact import Channel
from agent.model.second_pass import SecondPass, SecondPassStatus
from tests.fakes.memory_tables import MemoryWrites


class MemorySecondPasses(MemoryWrites):
    async def claim_second_pass(
        self, *, ended_since: datetime, ended_before: datetime, now: datetime, hold_until: datetime
    ) -> SecondPass | None:
        self._check(ended_since, ended_before, now, hold_until)
        calls = [a for a in self._t.attempts.values() if a.channel is Channel.PHONE and a.answered_at and a.ended_at]
        for attempt in sorted(calls, key=lambda a: (a.ended_at, a.id)):
            before = self._t.second_passes.get(attempt.id)
            free = before is None or (before.status is SecondPassStatus.DUE and before.held_until <= now)
            if attempt.ended_at and free and ended_since <= attempt.ended_at <= ended_before:
                new = SecondPass(attempt.id, attempt.contact_id, SecondPassStatus.DUE, hold_until)
                claimed = replace(before, held_until=hold_until, tries=before.tries + 1) if before else new
                self._t.second_passes[attempt.id] = claimed
                return claimed
        return None

    async def second_pass(self, attempt_id: str) -> SecondPass | None:
        return self._t.second_passes.get(attempt_id)

    async def save_second_pass(self, second_pass: SecondPass) -> None:
        self._overwrite(self._t.second_passes, second_pass.attempt_id, second_pass)

    async def second_passes(self, contact_id: str) -> Sequence[SecondPass]:
        mine = (each for each in self._t.second_passes.values() if each.contact_id == contact_id)
        return sorted(mine, key=lambda each: each.attempt_id)

    async def differences(self, contact_ids: Collection[str]) -> Mapping[str, int]:
        here = [each for each in self._t.second_passes.values() if each.contact_id in contact_ids]
        mine = [each for each in here if each.differences and each.checked_at is None]
        return {
            contact_id: sum(len(each.differences) for each in mine if each.contact_id == contact_id)
            for contact_id in {each.contact_id for each in mine}
        }
