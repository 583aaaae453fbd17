"""What a nurse does to an escalation: one transaction each, by the state table, fenced by the row's version."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from agent.escalation import states
from agent.escalation.states import AlreadyYours
from agent.model.escalation import Disposition, Escalation
from agent.model.record import Event, OutboxKind, OutboxMessage, User
from agent.store.ports import StaleVersion
from dashboard import times
from dashboard.accounts import PERMISSIONS, Permission
from dashboard.deps import DashboardDeps

NOTE_LIMIT = 1000
TRIES = 3
Change = Callable[[Escalation, datetime], tuple[Escalation, Event]]


@dataclass(frozen=True, slots=True)
class Actions:
    """The actions of one signed-in user. Each raises NotAllowed, NotFound, or StaleVersion when others keep writing."""

    deps: DashboardDeps
    user: User

    async def take(self, escalation_id: str) -> None:
        """Taking one's own card again changes nothing."""
        try:
            await self._apply(escalation_id, lambda before, now: states.take(before, self.user.name, now))
        except AlreadyYours:
            return

    async def release(self, escalation_id: str) -> None:
        over = Permission.RELEASE in PERMISSIONS[self.user.role]
        await self._apply(
            escalation_id, lambda before, now: states.release(before, self.user.name, now, over_owner=over)
        )

    async def note(self, escalation_id: str, words: str) -> None:
        def change(before: Escalation, now: datetime) -> tuple[Escalation, Event]:
            noted = replace(before, note=self._noted(before, words, now))
            return noted, states.event(before, before.status, now, self.user.name, "note")

        await self._apply(escalation_id, change)

    async def resolve(self, escalation_id: str, disposition: Disposition, words: str) -> None:
        def change(before: Escalation, now: datetime) -> tuple[Escalation, Event]:
            note = self._noted(before, words, now) if words else None
            return states.resolve(before, self.user.name, now, disposition, note)

        await self._apply(escalation_id, change)

    def _noted(self, before: Escalation, words: str, now: datetime) -> str:
        line = f"{times.exact(now)[5:16]} {self.user.display_name}：{words[:NOTE_LIMIT]}"
        return f"{before.note}\n{line}" if before.note else line

    async def _apply(self, escalation_id: str, change: Change) -> None:
        """Decides anew when somebody else wrote first."""
        for attempt in range(TRIES):
            try:
                await self._once(escalation_id, change)
                break
            except StaleVersion:
                if attempt == TRIES - 1:
                    raise
        self.deps.live.publish(OutboxKind.ESCALATION_CHANGED.value, escalation_id)

    async def _once(self, escalation_id: str, change: Change) -> None:
        now, message = self.deps.now(), self.deps.new_id()
        async with self.deps.store.transaction() as records:
            after, event = change(await records.escalation(escalation_id), now)
            await records.save_escalation(after)
            await records.add_event(event)
            await records.add_outbox(OutboxMessage(message, OutboxKind.ESCALATION_CHANGED, escalation_id, now))
