"""Tells those who keep the house running what no card tells: a line that is down, contacts that nothing moves, messages
that nothing sends. The ledger shows the same."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.escalation.clocks import Rung
from agent.model.clock import HOSPITAL_ZONE, Now
from agent.model.message import Message
from agent.model.message_account import STUCK_AFTER
from agent.model.record import Event
from agent.model.trunk import Circuit
from agent.schedule.staff_messages import to_everyone
from agent.store.ports import Duplicate
from agent.store.screens import ScreenRecords, ScreenStore

log = logging.getLogger("suifang.troubles")

SENTENCE = "随访系统有一处故障：{trouble}。请尽快处理，详情见随访工作台。"
ENTITY, TOLD = "trouble", "told"
AGAIN_AFTER = timedelta(days=1)  # while it lasts
COUNTED = 500


@dataclass(frozen=True, slots=True)
class Trouble:
    """`kind` is the stored word, one for each line."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell (`after`: how long a line may be down before it is told; None: nobody), and the address of the page
    that shows it."""

    rung: Rung | None
    link: str


class Troubles:
    """`overdue_before` (now): what is due since before then has been passed over."""

    def __init__(
        self, store: ScreenStore, told: Told, overdue_before: Callable[[datetime], datetime], now: Now
    ) -> None:
        self._store, self._told, self._overdue_before, self._now = store, told, overdue_before, now

    async def look(self) -> int:
        """Tells each trouble once a day while it lasts; returns how many were told."""
        now = self._now()
        async with self._store.transaction(write=False) as records:
            found = await self._found(records, now)
            lately = {event.entity_id for event in await records.events_since(ENTITY, now - AGAIN_AFTER)}
        fresh = [trouble for trouble in found if trouble.kind not in lately]
        return sum([await self._tell(trouble, now) for trouble in fresh])

    async def _found(self, records: ScreenRecords, now: datetime) -> Sequence[Trouble]:
        found = []
        lasts = self._told.rung.after if self._told.rung else timedelta()
        for trunk in await records.trunks():
            if trunk.circuit is not Circuit.CLOSED and trunk.changed_at <= now - lasts:
                since = trunk.changed_at.astimezone(HOSPITAL_ZONE)
                found.append(Trouble(f"trunk {trunk.name}", f"线路 {trunk.name} 不通（{since:%H:%M}），已停止外呼"))
        adrift = await records.contacts_adrift(overdue_before=self._overdue_before(now), limit=COUNTED)
        if adrift:
            found.append(Trouble("adrift", f"{_many(len(adrift))} 项随访没有人推进"))
        account = await records.message_account(since=now, until=now, stuck_before=now - STUCK_AFTER)
        if account.stuck:
            found.append(Trouble("messages", f"{_many(account.stuck)} 条消息一小时以上没有发出"))
        return found

    async def _tell(self, trouble: Trouble, now: datetime) -> bool:
        """False where another worker was faster."""
        log.error("trouble: %s", trouble.kind)
        try:
            async with self._store.transaction() as records:
                for message in self._messages(trouble, now):
                    await records.add_message(message)
                await records.add_event(Event(ENTITY, trouble.kind, None, TOLD, now, "scheduler"))
        except Duplicate:
            return False
        return True

    def _messages(self, trouble: Trouble, now: datetime) -> Iterator[Message]:
        """The same trouble of one day has the same ids."""
        if self._told.rung is None:
            return iter(())
        text, stem = SENTENCE.format(trouble=trouble.words), f"trouble-{trouble.kind}-{now:%Y%m%d}"
        return to_everyone(self._told.rung, text, self._told.link, now, stem)


def _many(count: int) -> str:
    return f"{COUNTED} 以上" if count >= COUNTED else str(count)
