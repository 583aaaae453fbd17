"""The courses of many attempts in the store in memory: one after the other."""

from collections.abc import Collection, Mapping
from typing import Any

from agent.model.contact import OPEN_OUTCOMES, Attempt, Channel, Contact
from agent.store.attempt_ports import Moves
from tests.fakes.memory_tables import MemoryWrites


class MemoryMoves(MemoryWrites):
    async def attempts_by_id(self, ids: Collection[str]) -> Mapping[str, Attempt]:
        return {key: self._t.attempts[key] for key in ids if key in self._t.attempts}

    async def contacts_by_id(self, ids: Collection[str]) -> Mapping[str, Contact]:
        return {key: self._t.contacts[key] for key in ids if key in self._t.contacts}

    async def calls_up(self, trunk: str) -> int:
        live = (each for each in self._t.attempts.values() if each.outcome in OPEN_OUTCOMES)
        return sum(each.channel is Channel.PHONE and each.trunk in (trunk, None) for each in live)

    async def write_moves(self, moves: Moves) -> None:
        self._check()
        one_by_one: Any = self  # the whole records, whose parts this is
        for save, rows in (
            (one_by_one.save_contact, moves.contacts),
            (one_by_one.add_attempt, moves.begun),
            (one_by_one.save_attempt, moves.attempts),
            (one_by_one.add_event, moves.events),
            (one_by_one.add_outbox, moves.outbox),
        ):
            for row in rows:
                await save(row)
