"""Calls that run now, of the store in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from agent.model.contact import Attempt, AttemptOutcome, Channel
from agent.model.finding import Reading
from agent.model.record import StoredTurn
from tests.fakes.memory_tables import MemoryWrites

_TALKING = (AttemptOutcome.DIALLED, AttemptOutcome.ANSWERED)


class MemoryLive(MemoryWrites):
    async def calls_now(self, *, limit: int = 60) -> Sequence[Attempt]:
        calls = (a for a in self._t.attempts.values() if a.channel is Channel.PHONE and a.outcome in _TALKING)
        return sorted(calls, key=lambda a: (a.created_at, a.id))[:limit]

    async def last_event(self) -> int:
        return len(self._t.events)

    async def turns_now(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[StoredTurn]]:
        found = sorted(self._t.turns.values(), key=lambda each: each.seq)
        return {
            contact_id: [_alarms_only(each) for each in found if each.turn.contact_id == contact_id]
            for contact_id in {each.turn.contact_id for each in found} & set(contact_ids)
        }


def _alarms_only(stored: StoredTurn) -> StoredTurn:
    kept: Reading = replace(stored.reading, findings=(), measurements=())
    return replace(stored, reading=kept)
