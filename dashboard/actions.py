"""What a nurse does to an escalation: one transaction each, by the state table, fenced by the row's version."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.escalation import states
from agent.escalation.clocks import snooze_limit
from agent.escalation.follow_up import FollowUp
from agent.escalation.states import AlreadyYours
from agent.model.escalation import Disposition, Escalation
from agent.model.record import Event, OutboxKind, OutboxMessage, User
from agent.store.ports import NotFound, Records, StaleVersion
from dashboard import times
from dashboard.accounts import may_have
from dashboard.deps import DashboardDeps
from dashboard.follow_up import Arranging
from dashboard.follow_up import sentence as follow_up_sentence
from dashboard.labels import Labelling
from dashboard.rights import Permission, may

NOTE_LIMIT = 1000
TRIES = 3
NOTHING_MORE = FollowUp()
Change = Callable[[Escalation, datetime], tuple[Escalation, Event]]
Beside = Callable[[Records, Escalation, datetime], Awaitable[None]]
"""What else is written in the same transaction, given the escalation as it is from now on."""


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
        over = may(self.user.role, Permission.RELEASE)
        await self._apply(
            escalation_id, lambda before, now: states.release(before, self.user.name, now, over_owner=over)
        )

    async def assign(self, escalation_id: str, to: str) -> None:
        """`to` is the name of a user who may have this patient's cards; NotFound otherwise."""
        async with self.deps.store.transaction(write=False, sees=self.user.department) as records:
            patient = await records.patient((await records.escalation(escalation_id)).patient_id)
            colleague = await records.user(to)
        if colleague is None or not may_have(colleague, patient.department):
            raise NotFound("users")
        over = may(self.user.role, Permission.RELEASE)
        await self._apply(
            escalation_id, lambda before, now: states.assign(before, self.user.name, to, now, over_owner=over)
        )

    async def snooze(self, escalation_id: str, minutes: int, why: str) -> None:
        """No longer than the policy allows for its level."""

        def change(before: Escalation, now: datetime) -> tuple[Escalation, Event]:
            until = min(now + timedelta(minutes=minutes), snooze_limit(before, now, self.deps.clocks))
            away, event = states.snooze(before, self.user.name, now, until)
            return replace(away, note=self._noted(before, f"暂缓至 {times.clock(until)}：{why}", now)), event

        await self._apply(escalation_id, change)

    async def note(self, escalation_id: str, words: str) -> None:
        def change(before: Escalation, now: datetime) -> tuple[Escalation, Event]:
            touched = now if before.owner == self.user.name else before.touched_at
            noted = replace(before, note=self._noted(before, words, now), touched_at=touched)
            return noted, states.event(before, before.status, now, self.user.name, "note")

        await self._apply(escalation_id, change)

    async def resolve(
        self, escalation_id: str, disposition: Disposition, words: str, follow_up: FollowUp = NOTHING_MORE
    ) -> None:
        """A false alarm is kept as a labelled case; what is arranged comes with it. Raises FollowUpOver besides."""
        said = "；".join(part for part in (words, follow_up_sentence(follow_up)) if part)

        def change(before: Escalation, now: datetime) -> tuple[Escalation, Event]:
            note = self._noted(before, said, now) if said else None
            return states.resolve(before, self.user.name, now, disposition, note)

        async def beside(records: Records, after: Escalation, now: datetime) -> None:
            if disposition is Disposition.FALSE_ALARM:
                await Labelling(self.user.name, now, self.deps.new_id).false_alarm(records, after)
            await Arranging(self.user.name, now, self.deps).carry_out(records, follow_up, after)

        await self._apply(escalation_id, change, beside)

    async def missed(self, contact_id: str, turn_id: str) -> None:
        """The robot passed over a danger in these words. Raises NotFound."""
        async with self.deps.store.transaction(sees=self.user.department) as records:
            await Labelling(self.user.name, self.deps.now(), self.deps.new_id).missed(records, contact_id, turn_id)

    def _noted(self, before: Escalation, words: str, now: datetime) -> str:
        line = f"{times.exact(now)[5:16]} {self.user.display_name}：{words[:NOTE_LIMIT]}"
        return f"{before.note}\n{line}" if before.note else line

    async def _apply(self, escalation_id: str, change: Change, beside: Beside | None = None) -> None:
        """Decides anew when somebody else wrote first."""
        for attempt in range(TRIES):
            try:
                await self._once(escalation_id, change, beside)
                break
            except StaleVersion:
                if attempt == TRIES - 1:
                    raise
        self.deps.live.publish(OutboxKind.ESCALATION_CHANGED.value, escalation_id)

    async def _once(self, escalation_id: str, change: Change, beside: Beside | None) -> None:
        now, message = self.deps.now(), self.deps.new_id()
        async with self.deps.store.transaction(sees=self.user.department) as records:
            after, event = change(await records.escalation(escalation_id), now)
            await records.save_escalation(after)
            await records.add_event(event)
            if beside is not None:
                await beside(records, after, now)
            await records.add_outbox(OutboxMessage(message, OutboxKind.ESCALATION_CHANGED, escalation_id, now))
