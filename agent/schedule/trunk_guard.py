"""One trunk, guarded for all workers: its row is held while calls are begun, and says whether the carrier works."""

import logging
from collections import OrderedDict
from dataclasses import replace

from agent.model.clock import NewId, Now
from agent.model.contact import Attempt, Channel
from agent.model.record import Event, OutboxKind, OutboxMessage
from agent.model.trunk import Circuit, Trunk
from agent.schedule.breaker import LastCalls, TrunkLimits, begun, free_calls, judged
from agent.store.ports import Records, Store

log = logging.getLogger("suifang.schedule")

_REMEMBERED = 1000  # attempts whose fate was counted already


class TrunkGuard:
    def __init__(self, store: Store, limits: TrunkLimits, now: Now, new_id: NewId) -> None:
        self._store, self._limits, self._now, self._new_id = store, limits, now, new_id
        self._last = LastCalls()
        self._judged: OrderedDict[str, None] = OrderedDict()
        self._circuit = Circuit.CLOSED

    @property
    def name(self) -> str:
        return self._limits.name

    @property
    def proven(self) -> bool:
        """Most of this process's last calls got through."""
        return self._last.proven

    async def hold(self, records: Records) -> tuple[Trunk, int]:
        """The trunk, held until the transaction ends, and how many calls may be begun in it."""
        trunk = await records.hold_trunk(self.name, self._now())
        self._circuit = trunk.circuit
        return trunk, free_calls(trunk, self._limits, await records.calls_up(self.name), self._now())

    async def begun(self, records: Records, trunk: Trunk, calls: int) -> None:
        after = begun(trunk, self._limits, calls, self._now())
        self._circuit = after.circuit
        await records.save_trunk(after)

    async def calls(self, records: Records) -> list[Attempt]:
        """The calls that are up on this trunk: a chat that is open uses no line, and no carrier knows of it."""
        live = await records.attempts(live_only=True)
        return [each for each in live if each.channel is Channel.PHONE and each.trunk in (self.name, None)]

    async def reached(self, attempt_id: str) -> None:
        """The call got through: it rings, is busy, was answered."""
        await self._judge(attempt_id, None)

    async def failed(self, attempt_id: str, why: str) -> None:
        """The carrier did not get through; `why` is a stored word."""
        await self._judge(attempt_id, why)

    async def _judge(self, attempt_id: str, why: str | None) -> None:
        """Each call counts once, by its first fate."""
        if attempt_id in self._judged:
            return
        self._judged[attempt_id] = None
        if len(self._judged) > _REMEMBERED:
            self._judged.popitem(last=False)
        self._last.note(failed=why is not None)
        if self._circuit is Circuit.CLOSED and not (why is not None and self._last.broken):
            return  # nothing to decide
        await self._decide(why)

    async def _decide(self, why: str | None) -> None:
        now = self._now()
        async with self._store.transaction() as records:
            trunk = await records.hold_trunk(self.name, now)
            circuit = judged(trunk, self._last, failed=why is not None, now=now)
            self._circuit = circuit
            if circuit is trunk.circuit:
                return
            await records.save_trunk(replace(trunk, circuit=circuit, changed_at=now, reason=why))
            await records.add_event(Event("trunk", self.name, trunk.circuit, circuit, now, "scheduler", why))
            await records.add_outbox(OutboxMessage(self._new_id(), OutboxKind.TRUNK_CHANGED, self.name, now))
        if circuit is Circuit.CLOSED:
            self._last.forget()
            log.error("trunk %s gets through again", self.name)
        else:
            log.error("trunk %s fails (%s): nobody is dialled for %s", self.name, why, self._limits.rest)
