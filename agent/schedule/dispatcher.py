"""Dials what is due: the intent is on record before the carrier is asked, and the carrier before any redial."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import begin_attempt
from agent.model.clock import NewId, Now
from agent.model.contact import Attempt, AttemptOutcome, Channel, Contact
from agent.model.turn import TurnKind
from agent.schedule.allowed import Allowed, Gate, everybody
from agent.schedule.approach import Approach, Call, Round
from agent.schedule.breaker import TrunkLimits
from agent.schedule.carrier_words import GOT_THROUGH, MACHINES, NOBODY_HAS_IT, OUTCOMES
from agent.schedule.courtesy import Courtesy
from agent.schedule.gathered import Gathered, NewsOfAttempts
from agent.schedule.placing import Ends, Placer, Prepare, nothing_to_prepare
from agent.schedule.ports import CarrierStatus, DialFailed, Dialler, Invitations
from agent.schedule.settling import HungUp, Settler, nobody_to_tell
from agent.schedule.trunk_guard import TrunkGuard
from agent.schedule.warm_up import WarmUp
from agent.store.ports import Store

log = logging.getLogger("suifang.schedule")

LEASE = timedelta(minutes=2)

Guessed = Callable[[str, str], bool]
"""(attempt id, who answered in the carrier's words) -> whether that call runs here and now knows it."""


def _always() -> bool:
    return True


def _not_here(attempt_id: str, answered_by: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Around:
    """What the rest of the house says to a call and does for it: `prepare` before it is dialled, `guessed` when the
    carrier says who answered, `transferred` once a nurse has taken it, `hung_up` where its line is gone. `can_dial`:
    False while the carrier is known to be out of reach."""

    can_dial: Callable[[], bool] = _always
    allowed: Allowed = everybody
    prepare: Prepare = nothing_to_prepare
    transferred: HungUp = nobody_to_tell
    hung_up: HungUp = nobody_to_tell
    guessed: Guessed = _not_here


@dataclass(frozen=True, slots=True)
class Lines:
    """The trunk and its limits, this worker's name, how often a patient may be disturbed, and what is around a call."""

    worker: str
    trunk: TrunkLimits
    retries: RetryPolicy
    courtesy: Courtesy = field(default_factory=Courtesy)
    around: Around = Around()


class Dispatcher:
    """Also the carrier's listener (CarrierEvents) and, after a crash, the one who asks what became of calls."""

    def __init__(self, store: Store, dialler: Dialler, lines: Lines, now: Now, new_id: NewId) -> None:
        self._store, self._dialler, self._lines, self._now, self._new_id = store, dialler, lines, now, new_id
        self._guard = TrunkGuard(store, lines.trunk, now, new_id)
        self._ends = Ends(NewsOfAttempts(store), lines.retries, now, new_id)
        self.placer = Placer(store, dialler, self._guard, self._ends, now)
        self.settler = Settler(store, dialler, self._guard, self.placer, self._ends)
        self._approach = Approach(lines.retries, lines.courtesy, new_id)
        self._around = lines.around
        self._gate = Gate(lines.around.allowed)
        self.placer.prepare, self.settler.hung_up = lines.around.prepare, lines.around.hung_up
        self._dispatching = self._asked_again = False

    def write_to_patients(self, invitations: Invitations, warm_up: WarmUp | None = None) -> None:
        """From now on patients get messages as well."""
        self._approach = replace(self._approach, invitations=invitations, warm_up=warm_up)

    async def dispatch(self) -> int:
        """Begins attempts for as many due contacts as the trunk may carry, the most urgent first; returns how many.
        Dialling goes on after the return. Outside calling hours and while the carrier is out of reach nobody is tried,
        and so no contact loses an attempt to it. Whoever asks while a round is under way gets one more round after it,
        together with all others who ask meanwhile."""
        if self._dispatching:
            self._asked_again = True
            return 0
        self._dispatching = True
        try:
            begun = await self._round()
            while self._asked_again:
                self._asked_again = False
                begun += await self._round()
            return begun
        finally:
            self._dispatching = False

    async def _round(self) -> int:
        now = self._now()
        if not self._around.can_dial() or not self._lines.courtesy.calendar.open_at(now):
            return 0
        async with self._store.transaction(write=False) as records:
            if not await records.anything_due(now):
                return 0
        async with self._store.transaction() as records:
            trunk, free = await self._guard.hold(records)
            if free <= 0:
                return 0
            worker, shut = self._lines.worker, self._gate.shut()
            due = await records.claim_due(
                now=now, lease_until=now + LEASE, worker=worker, limit=free, passing_over=shut
            )
            gathered = Gathered(records)
            calls = await self._approach.calls(Round(records, gathered, now), self._gate.let_through(due))
            begun = [(await self._begin(gathered, call), call.patient) for call in calls]
            await gathered.write()
            if begun:
                await self._guard.begun(records, trunk, len(begun))
        for (contact, attempt), patient in begun:
            self.placer.start(contact, attempt, patient)
        return len(begun)

    async def _begin(self, gathered: Gathered, call: Call) -> tuple[Contact, Attempt]:
        to, how = (call.contact.id, call.contact.patient_id), (Channel.PHONE, AttemptOutcome.INTENDED)
        attempt = Attempt(self._new_id(), *to, *how, self._now(), trunk=self._guard.name, callee=call.callee)
        return await begin_attempt(gathered, call.contact, attempt), attempt

    async def status_changed(self, status: CarrierStatus) -> None:
        """The carrier's word on a call. A call that ended after it was answered is the conversation's to close; who
        answered is weighed by the call itself while it runs here."""
        if status.answered_by is not None and status.status not in OUTCOMES:
            known = self._around.guessed(status.attempt_id, status.answered_by)
            if not known and status.answered_by in MACHINES:
                await self._machine(status)
            return
        proven = self._guard.proven
        if status.status in GOT_THROUGH:
            await self._guard.reached(status.attempt_id)
        elif status.status == "failed":
            await self._guard.failed(status.attempt_id, f"sip_{status.sip_code}" if status.sip_code else "failed")
        if status.status == "failed" and status.sip_code in NOBODY_HAS_IT:
            await self._ends.number_unknown(status.attempt_id, proven=proven)
        elif status.status in OUTCOMES:
            await self._ends.end(status.attempt_id, OUTCOMES[status.status])

    async def _machine(self, status: CarrierStatus) -> None:
        """A voicemail, unless somebody has spoken already: the carrier's guess never cuts off a living person."""
        async with self._store.transaction(write=False) as records:
            attempt = await records.attempt(status.attempt_id)
            turns = await records.turns(attempt.contact_id)
        if any(each.turn.attempt_id == attempt.id and each.turn.kind is TurnKind.SPEECH for each in turns):
            return
        await self._ends.end(attempt.id, AttemptOutcome.VOICEMAIL)
        try:
            await self._dialler.hang_up(status.carrier_ref)
        except DialFailed as error:
            log.warning("voicemail not hung up: attempt=%s code=%s", attempt.id, error.code)

    async def transfer_ended(self, attempt_id: str, *, taken: bool) -> None:
        async with self._store.transaction(write=False) as records:
            attempt = await records.attempt(attempt_id)
        await (self._around.transferred(attempt) if taken else self._around.hung_up(attempt))

    async def settle(self) -> int:
        """Finds out what became of attempts nobody has heard of for a while; returns how many."""
        return await self.settler.settle(self._now())

    async def idle(self) -> None:
        """Returns when every attempt begun here was given to the carrier or put off."""
        await self.placer.idle()

    async def close(self) -> None:
        await self.placer.close()
