"""What many contacts came to, of the store in memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from agent.model.answer import Answer
from agent.model.contact import Attempt, Recording
from agent.model.record import StoredTurn

Value = TypeVar("Value")


class MemoryHistory:
    _t: Any  # the tables of MemoryRecords

    async def attempts_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Attempt]]:
        found = sorted(self._t.attempts.values(), key=lambda each: (each.created_at, each.id))
        return _grouped(((each.contact_id, each) for each in found), contact_ids)

    async def recordings_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Recording]]:
        found = sorted(self._t.recordings.values(), key=lambda each: (each.started_at, each.id))
        return _grouped(((each.contact_id, each) for each in found), contact_ids)

    async def turns_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[StoredTurn]]:
        found = sorted(self._t.turns.values(), key=lambda each: each.seq)
        return _grouped(((each.turn.contact_id, each) for each in found), contact_ids)

    async def answers_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Answer]]:
        rows = self._t.answers.values()
        return _grouped(((contact_id, answer) for contact_id, answer, old in rows if not old), contact_ids)


def _grouped(found: Iterable[tuple[str, Value]], wanted: Collection[str]) -> Mapping[str, Sequence[Value]]:
    mine = sorted((pair for pair in found if pair[0] in wanted), key=itemgetter(0))
    return {key: [value for _, value in pairs] for key, pairs in groupby(mine, key=itemgetter(0))}
