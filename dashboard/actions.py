"""What a nurse does to an escalation: one transaction each, fenced by the row's version."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from agent.model.escalation import Disposition, Escalation, EscalationStatus
from agent.model.record import Event, OutboxKind, OutboxMessage, Role, User
from agent.store.ports import StaleVersion
from dashboard import times
from dashboard.deps import DashboardDeps

NOTE_LIMIT = 1000
TRIES = 3
Change = Callable[[Escalation, datetime], Escalation]


class Refused(Exception):
    """The card does not allow it now; `owner` is the user name of whoever has it, if that is why."""

    def __init__(self, code: str, owner: str | None = None) -> None:
        super().__init__(code)
        self.code, self.owner = code, owner


@dataclass(frozen=True, slots=True)
class Actions:
    """The actions of one signed-in user."""

    deps: DashboardDeps
    user: User

    async def take(self, escalation_id: str) -> Escalation:
        def change(escalation: Escalation, now: datetime) -> Escalation:
            if escalation.status is EscalationStatus.RESOLVED:
                raise Refused("resolved")
            if escalation.status is EscalationStatus.TAKEN:
                if escalation.owner != self.user.name:
                    raise Refused("taken", escalation.owner)
                return escalation
            return replace(escalation, status=EscalationStatus.TAKEN, owner=self.user.name, taken_at=now)

        return await self._apply(escalation_id, change, "take")

    async def release(self, escalation_id: str) -> Escalation:
        def change(escalation: Escalation, _now: datetime) -> Escalation:
            if escalation.status is not EscalationStatus.TAKEN:
                raise Refused("not_taken")
            if escalation.owner != self.user.name and self.user.role not in (Role.ADMIN, Role.DOCTOR):
                raise Refused("taken", escalation.owner)
            return replace(escalation, status=EscalationStatus.OPEN, owner=None, taken_at=None)

        return await self._apply(escalation_id, change, "release")

    async def note(self, escalation_id: str, words: str) -> Escalation:
        def change(escalation: Escalation, now: datetime) -> Escalation:
            return self._noted(escalation, words, now)

        return await self._apply(escalation_id, change, "note")

    async def resolve(self, escalation_id: str, disposition: Disposition, words: str) -> Escalation:
        """Also takes a card that nobody has."""

        def change(escalation: Escalation, now: datetime) -> Escalation:
            if escalation.status is EscalationStatus.RESOLVED:
                raise Refused("resolved")
            if escalation.owner not in (None, self.user.name):
                raise Refused("taken", escalation.owner)
            noted = self._noted(escalation, words, now) if words else escalation
            return replace(
                noted,
                status=EscalationStatus.RESOLVED,
                owner=self.user.name,
                taken_at=escalation.taken_at or now,
                resolved_at=now,
                disposition=disposition,
            )

        return await self._apply(escalation_id, change, f"resolve:{disposition.value}")

    def _noted(self, escalation: Escalation, words: str, now: datetime) -> Escalation:
        line = f"{times.exact(now)[5:16]} {self.user.display_name}：{words[:NOTE_LIMIT]}"
        return replace(escalation, note=f"{escalation.note}\n{line}" if escalation.note else line)

    async def _apply(self, escalation_id: str, change: Change, reason: str) -> Escalation:
        """Raises Refused, NotFound; decides anew when somebody else wrote first."""
        for attempt in range(TRIES):
            try:
                saved = await self._once(escalation_id, change, reason)
                break
            except StaleVersion:
                if attempt == TRIES - 1:
                    raise
        self.deps.live.publish(OutboxKind.ESCALATION_CHANGED.value, escalation_id)
        return saved

    async def _once(self, escalation_id: str, change: Change, reason: str) -> Escalation:
        now = self.deps.now()
        async with self.deps.store.transaction() as records:
            before = await records.escalation(escalation_id)
            after = change(before, now)
            if after == before:
                return before
            saved = await records.save_escalation(after)
            actor = self.user.name
            await records.add_event(
                Event("escalation", escalation_id, before.status.value, after.status.value, now, actor, reason)
            )
            await records.add_outbox(
                OutboxMessage(self.deps.new_id(), OutboxKind.ESCALATION_CHANGED, escalation_id, now)
            )
            return saved
