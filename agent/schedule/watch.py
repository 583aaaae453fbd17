"""Lets time do its part at the nurses' desk: snoozed cards come back, forgotten ones too, untaken red ones climb."""

from collections.abc import Callable, Iterator

from agent.escalation.clocks import ClockPolicy, MovedByTime, Rung, moved_by_time
from agent.model.clock import NewId, Now
from agent.model.escalation import Escalation, LeftAlone
from agent.model.message import Message
from agent.model.record import OutboxKind, OutboxMessage
from agent.schedule.staff_messages import to_everyone
from agent.store.ports import Records, StaleVersion, Store

CALL_FOR_HELP = "一条紧急预警已等 {minutes} 分钟无人接手，现上报{rung}，请尽快登录随访工作台处理。"


class Watch:
    """One round looks at every card a clock may move; each is decided anew in the transaction that saves it. `link`
    gives the address of a card for those who are told; they are told no patient's name."""

    def __init__(self, store: Store, policy: ClockPolicy, now: Now, new_id: NewId, link: Callable[[str], str]) -> None:
        self._store, self._policy, self._now, self._new_id = store, policy, now, new_id
        self._link = link

    async def run_once(self) -> int:
        """Returns how many cards moved."""
        async with self._store.transaction(write=False) as records:
            found = await records.escalations_left(self._left())
        return sum([await self._move(card.id) for card in found])

    def _left(self) -> LeftAlone:
        now, ladder = self._now(), self._policy.ladder
        soonest = min((rung.after for rung in ladder), default=self._policy.give_back)
        return LeftAlone(now, now - self._policy.give_back, now - soonest, len(ladder))

    async def _move(self, escalation_id: str) -> bool:
        """Whether it moved; one that somebody touched at the same moment waits for the next round."""
        try:
            async with self._store.transaction() as records:
                moved = moved_by_time(await records.escalation(escalation_id), self._now(), self._policy)
                if moved is None:
                    return False
                await self._record(records, moved)
        except StaleVersion:
            return False
        return True

    async def _record(self, records: Records, moved: MovedByTime) -> None:
        await records.save_escalation(moved.escalation)
        await records.add_event(moved.event)
        told = OutboxMessage(self._new_id(), OutboxKind.ESCALATION_CHANGED, moved.escalation.id, moved.event.at)
        await records.add_outbox(told)
        if moved.rung is not None:
            for message in self._calls_for_help(moved.escalation, moved.rung):
                await records.add_message(message)

    def _calls_for_help(self, card: Escalation, rung: Rung) -> Iterator[Message]:
        now = self._now()
        minutes = int((now - card.created_at).total_seconds() // 60)
        text = CALL_FOR_HELP.format(minutes=minutes, rung=rung.name)
        return to_everyone(rung, text, self._link(card.id), now, f"{card.id}-{card.version}-{card.told}")
