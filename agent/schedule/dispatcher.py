"""Dials what is due: the intent is on record before the carrier is asked, and the carrier before any redial."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.attempts import Stamp, begin_attempt, moved, progress
from agent.model.clock import NewId, Now
from agent.model.contact import Attempt, AttemptOutcome, Channel, Contact
from agent.model.people import Patient
from agent.model.record import Event
from agent.model.turn import TurnKind
from agent.retries import RetryPolicy
from agent.schedule.breaker import CircuitBreaker
from agent.schedule.courtesy import Courtesy
from agent.schedule.ports import CarrierStatus, DialFailed, Dialler
from agent.store.ports import Records, Store
from agent.unreached import Unreached

log = logging.getLogger("suifang.schedule")

LEASE = timedelta(minutes=2)
SETTLE = timedelta(seconds=60)  # an attempt younger than this is still on its way: do not ask the carrier yet
CARRIER_OUTCOMES = {
    "busy": AttemptOutcome.BUSY,
    "no-answer": AttemptOutcome.NO_ANSWER,
    "canceled": AttemptOutcome.NO_ANSWER,
    "failed": AttemptOutcome.FAILED,
}
"""Carrier's final words → outcome; "completed" is the conversation's to judge."""
NOBODY_HAS_IT = frozenset({404, 410, 484, 604})
"""SIP answers with which a network says that nobody has this number."""
NOT_PLACED = frozenset({"bad_number", "rate_limited", "unauthorised", "rejected"})
"""Codes with which the carrier itself refused; after any other the call may exist."""
MACHINES = frozenset({"machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax"})
ENDED_AT_CARRIER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})

Guessed = Callable[[str, str], bool]
"""(attempt id, who answered in the carrier's words) -> whether that call runs here and now knows it."""
Prepare = Callable[[Contact, Patient], Awaitable[None]]
"""Gets everything ready that the call will need (prompts with the patient's name) before the phone rings."""
Allowed = Callable[[Contact], bool]
"""Whether the house may make this contact now (its pathway is signed, or drafts are allowed)."""
HungUp = Callable[[Attempt], Awaitable[None]]
"""Closes the conversation of an answered call whose line is gone."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The trunk's limits, this worker's name, and how often a patient may be disturbed."""

    worker: str
    max_calls: int
    retries: RetryPolicy
    courtesy: Courtesy = field(default_factory=Courtesy)
    settle_after: timedelta = SETTLE


class Dispatcher:
    """Also the carrier's listener (CarrierEvents) and, after a crash, the one who asks what became of calls."""

    def __init__(self, store: Store, dialler: Dialler, lines: Lines, now: Now, new_id: NewId) -> None:
        self._store, self._dialler, self._lines, self._now, self._new_id = store, dialler, lines, now, new_id
        self.can_dial: Callable[[], bool] = lambda: True  # False while the carrier is known to be out of reach
        self.breaker = CircuitBreaker()
        self.allowed: Allowed = lambda contact: True
        self.prepare: Prepare = _nothing_to_prepare
        self.hung_up: HungUp = _nobody_to_tell
        self.transferred: HungUp = _nobody_to_tell
        self.guessed: Guessed = _not_here
        self._under_way: set[str] = set()  # attempts this process is getting ready for or dialling: not yet lost

    async def dispatch(self) -> int:
        """Dials as many due contacts as there are free lines; returns how many were dialled. While the carrier is out
        of reach nobody is tried, and so no contact loses an attempt to it."""
        if not self.can_dial():
            return 0
        now = self._now()
        async with self._store.transaction() as records:
            free = self.breaker.free(self._lines.max_calls - len(await _calls(records)), now)
            if free <= 0:
                return 0
            due = await records.claim_due(now=now, lease_until=now + LEASE, worker=self._lines.worker, limit=free)
            begun = []
            for contact in await self._welcome(records, list(filter(self.allowed, due)), now):
                attempt = Attempt(
                    self._new_id(), contact.id, contact.patient_id, Channel.PHONE, AttemptOutcome.INTENDED, now
                )
                begun.append((await begin_attempt(records, contact, attempt), attempt))
        await asyncio.gather(*(self._dial(contact, attempt) for contact, attempt in begun))
        return len(begun)

    async def _welcome(self, records: Records, due: Sequence[Contact], now: datetime) -> list[Contact]:
        """Those whose patient may be disturbed now; each of the others gets its next date, with the reason."""
        courtesy = self._lines.courtesy
        since = courtesy.looks_back_to(now)
        made = await records.attempts_since(since, {contact.patient_id for contact in due}) if due else ()
        welcome = []
        for contact in due:
            held = courtesy.hold([each for each in made if each.patient_id == contact.patient_id], now)
            if held is None:
                welcome.append(contact)
                continue
            await records.save_contact(moved(contact, contact.status, reason=held.reason, due_at=held.until))
            kept = Event("contact", contact.id, contact.status, contact.status, now, "scheduler", held.reason)
            await records.add_event(kept)
        return welcome

    async def _dial(self, contact: Contact, attempt: Attempt) -> None:
        self._under_way.add(attempt.id)
        try:
            async with self._store.transaction(write=False) as records:
                patient = await records.patient(contact.patient_id)
            await self.prepare(contact, patient)
            async with self._store.transaction(write=False) as records:
                given_up = (await records.attempt(attempt.id)).outcome is not AttemptOutcome.INTENDED
            if given_up:  # getting ready took so long that another worker took this one for dead
                log.warning("not dialled, settled meanwhile: attempt=%s", attempt.id)
                return
            await self._place(attempt, patient)
        finally:
            self._under_way.discard(attempt.id)

    async def _place(self, attempt: Attempt, patient: Patient) -> None:
        self.breaker.dialling(self._now())
        try:
            carrier_ref = await self._dialler.dial(attempt_id=attempt.id, to=patient.phone)
        except DialFailed as error:
            log.warning("dial failed: attempt=%s code=%s retryable=%s", attempt.id, error.code, error.retryable)
            if error.code != "bad_number" and self.breaker.failed(self._now()):
                log.error("the carrier fails: nobody is dialled for %s", self.breaker.rest)
            if error.code not in NOT_PLACED:
                return  # the call may have been placed all the same: `settle` asks the carrier before any redial
            unknown = error.code == "bad_number"
            outcome = AttemptOutcome.NO_SUCH_NUMBER if unknown else AttemptOutcome.FAILED
            await self._end(attempt.id, outcome, error.code)
            return
        if self.breaker.placed():
            log.error("the carrier places calls again")
        await self._dialled(attempt.id, carrier_ref)

    async def _dialled(self, attempt_id: str, carrier_ref: str) -> None:
        async with self._store.transaction() as records:
            attempt = replace(await records.attempt(attempt_id), carrier_ref=carrier_ref)
            await records.save_attempt(attempt)
            if attempt.outcome is AttemptOutcome.INTENDED:
                await progress(records, attempt, AttemptOutcome.DIALLED, self._now(), "carrier")

    async def _end(self, attempt_id: str, outcome: AttemptOutcome, reason: str) -> None:
        now = self._now()
        async with self._store.transaction() as records:
            attempt = await records.attempt(attempt_id)
            stamp = Stamp(now, "carrier", self._new_id())
            await Unreached(self._lines.retries, self._new_id).end(records, attempt, outcome, reason, stamp)

    async def status_changed(self, status: CarrierStatus) -> None:
        """The carrier's word on a call. A call that ended after it was answered is the conversation's to close; who
        answered is weighed by the call itself while it runs here."""
        if status.answered_by is not None and status.status not in CARRIER_OUTCOMES:
            known = self.guessed(status.attempt_id, status.answered_by)
            if not known and status.answered_by in MACHINES:
                await self._machine(status)
            return
        outcome = CARRIER_OUTCOMES.get(status.status)
        if status.status == "failed" and status.sip_code in NOBODY_HAS_IT:
            outcome = AttemptOutcome.NO_SUCH_NUMBER
        if outcome is not None:
            await self._end(status.attempt_id, outcome, status.status)

    async def _machine(self, status: CarrierStatus) -> None:
        """A voicemail, unless somebody has spoken already: the carrier's guess never cuts off a living person."""
        async with self._store.transaction(write=False) as records:
            attempt = await records.attempt(status.attempt_id)
            turns = await records.turns(attempt.contact_id)
        if any(each.turn.attempt_id == attempt.id and each.turn.kind is TurnKind.SPEECH for each in turns):
            return
        await self._end(attempt.id, AttemptOutcome.VOICEMAIL, status.answered_by or "")
        try:
            await self._dialler.hang_up(status.carrier_ref)
        except DialFailed as error:
            log.warning("voicemail not hung up: attempt=%s code=%s", attempt.id, error.code)

    async def transfer_ended(self, attempt_id: str, *, taken: bool) -> None:
        async with self._store.transaction(write=False) as records:
            attempt = await records.attempt(attempt_id)
        await (self.transferred(attempt) if taken else self.hung_up(attempt))

    async def settle(self) -> int:
        """Asks the carrier about open attempts nobody has heard of for a while (a process died, a callback was lost);
        returns how many were settled."""
        now = self._now()
        async with self._store.transaction(write=False) as records:
            live = await _calls(records)
        stale = [a for a in live if a.created_at < now - self._lines.settle_after and a.id not in self._under_way]
        settled = 0
        for attempt in stale:
            settled += await self._settle_one(attempt, now)
        return settled

    async def _settle_one(self, attempt: Attempt, now: datetime) -> bool:
        try:
            if attempt.carrier_ref is None:
                return await self._adopt(attempt)
            said = await self._dialler.status(attempt.carrier_ref)
        except DialFailed as error:
            log.warning("carrier not reached while settling: attempt=%s code=%s", attempt.id, error.code)
            return False
        if said not in ENDED_AT_CARRIER:
            return False
        if attempt.outcome is AttemptOutcome.ANSWERED:
            await self.hung_up(attempt)
        else:
            await self._end(attempt.id, CARRIER_OUTCOMES.get(said, AttemptOutcome.TECHNICAL), said)
        return True

    async def _adopt(self, attempt: Attempt) -> bool:
        """A crash between "intended" and "dialled": the carrier knows whether the call was placed."""
        async with self._store.transaction(write=False) as records:
            patient = await records.patient(attempt.patient_id)
        since = attempt.created_at - timedelta(seconds=5)
        carrier_ref = await self._dialler.find(attempt_id=attempt.id, to=patient.phone, since=since)
        if carrier_ref is None and attempt.outcome is AttemptOutcome.ANSWERED:
            await self.hung_up(attempt)  # the carrier keeps nothing of calls that are over, but it was answered
        elif carrier_ref is None:
            await self._end(attempt.id, AttemptOutcome.FAILED, "never_placed")
        else:
            await self._dialled(attempt.id, carrier_ref)
        return True


async def _calls(records: Records) -> list[Attempt]:
    """The calls that are up: a chat that is open uses no line, and no carrier knows of it."""
    return [each for each in await records.attempts(live_only=True) if each.channel is Channel.PHONE]


async def _nothing_to_prepare(contact: Contact, patient: Patient) -> None:
    return None


def _not_here(attempt_id: str, answered_by: str) -> bool:
    return False


async def _nobody_to_tell(attempt: Attempt) -> None:
    return None
