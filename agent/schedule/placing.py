"""One attempt whose intent is on record: everything is made ready, the carrier is asked, its answer is stored."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import Stamp, progress
from agent.attempts.unreached import Unreached
from agent.model.clock import NewId, Now
from agent.model.contact import Attempt, AttemptOutcome, Callee, Contact
from agent.model.people import Patient
from agent.schedule.carrier_words import NOT_PLACED, UNPROVEN
from agent.schedule.gathered import Gathered, News, NewsOfAttempts
from agent.schedule.ports import DialFailed, Dialler
from agent.schedule.trunk_guard import TrunkGuard
from agent.store.ports import Store

log = logging.getLogger("suifang.schedule")

SETTLE = timedelta(seconds=60)  # an attempt younger than this is still on its way: do not ask the carrier yet

Prepare = Callable[[Contact, Patient], Awaitable[None]]
"""Gets everything ready that the call will need (prompts with the patient's name) before the phone rings."""


async def nothing_to_prepare(contact: Contact, patient: Patient) -> None:
    return None


def number_of(patient: Patient, callee: Callee) -> str:
    """The telephone that an attempt rings."""
    return (patient.caregiver_phone if callee is Callee.CAREGIVER else None) or patient.phone


class Ends:
    """Ends attempts that reached nobody, by the retry rules."""

    def __init__(self, news: NewsOfAttempts, retries: RetryPolicy, now: Now, new_id: NewId) -> None:
        self.news, self._retries, self._now, self._new_id = news, retries, now, new_id

    async def end(self, attempt_id: str, outcome: AttemptOutcome, reason: str = "") -> None:
        """`reason`: a word of the house, why the contact stands so; without one the outcome says it."""
        stamp = Stamp(self._now(), "carrier", self._new_id())

        async def note(gathered: Gathered) -> None:
            attempt = await gathered.attempt(attempt_id)
            await Unreached(self._retries, self._new_id).end(gathered, attempt, outcome, reason or outcome, stamp)

        await self.news.keep(News(attempt_id, stamp.at, note, ends=True))

    async def number_unknown(self, attempt_id: str, *, proven: bool) -> None:
        """Nobody has this number, if the trunk may be believed; otherwise it is tried again."""
        if proven:
            await self.end(attempt_id, AttemptOutcome.NO_SUCH_NUMBER)
        else:
            await self.end(attempt_id, AttemptOutcome.FAILED, UNPROVEN)


class Placer:
    """Places calls side by side: one that is slow to get ready for keeps no other waiting. An attempt nobody has heard
    of for `lost_after` is taken for lost by whichever worker looks."""

    def __init__(self, store: Store, dialler: Dialler, guard: TrunkGuard, ends: Ends, now: Now) -> None:
        self._store, self._dialler, self._guard, self._ends, self._now = store, dialler, guard, ends, now
        self.lost_after = SETTLE
        self.prepare: Prepare = nothing_to_prepare
        self.ready_seconds = 20.0  # a call that is not ready by then is put off
        self._tasks: set[asyncio.Task[None]] = set()
        self.under_way: set[str] = set()  # attempts being got ready for or dialled here: not yet lost

    def start(self, contact: Contact, attempt: Attempt, patient: Patient) -> None:
        self.under_way.add(attempt.id)
        task = asyncio.create_task(self._run(contact, attempt, patient), name=f"attempt {attempt.id}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def idle(self) -> None:
        """Returns when nothing is under way here."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Whatever is under way stays on record as intended: the carrier is asked about it after the next start."""
        for task in self._tasks:
            task.cancel()
        await self.idle()
        await self._ends.news.idle()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:  # the intent is on record: `settle` finds out what became of it
            log.error("%s broke off: %s", task.get_name(), type(error).__name__)

    async def _run(self, contact: Contact, attempt: Attempt, patient: Patient) -> None:
        try:
            try:
                async with asyncio.timeout(self.ready_seconds):
                    await self.prepare(contact, patient)
            except TimeoutError:
                log.error("not ready in time, put off: attempt=%s", attempt.id)
                await self._ends.end(attempt.id, AttemptOutcome.FAILED, "not_ready")
                return
            if await self._given_up(attempt):
                log.warning("not dialled, settled meanwhile: attempt=%s", attempt.id)
                return
            await self._place(attempt, patient)
        finally:
            self.under_way.discard(attempt.id)

    async def _given_up(self, attempt: Attempt) -> bool:
        """Whether another worker took this one for lost: it may have done so once half its time is over, clocks that
        differ being allowed for."""
        if self._now() - attempt.created_at < self.lost_after / 2:
            return False
        async with self._store.transaction(write=False) as records:
            return (await records.attempt(attempt.id)).outcome is not AttemptOutcome.INTENDED

    async def _place(self, attempt: Attempt, patient: Patient) -> None:
        try:
            carrier_ref = await self._dialler.dial(attempt_id=attempt.id, to=number_of(patient, attempt.callee))
        except DialFailed as error:
            log.warning("dial failed: attempt=%s code=%s retryable=%s", attempt.id, error.code, error.retryable)
            await self._not_placed(attempt, error.code)
            return
        await self.dialled(attempt.id, carrier_ref)

    async def _not_placed(self, attempt: Attempt, code: str) -> None:
        proven = self._guard.proven
        await self._guard.failed(attempt.id, code)
        if code not in NOT_PLACED:
            return  # the call may have been placed all the same: `settle` asks the carrier before any redial
        if code == "bad_number":
            await self._ends.number_unknown(attempt.id, proven=proven)
        else:
            await self._ends.end(attempt.id, AttemptOutcome.FAILED, code)

    async def dialled(self, attempt_id: str, carrier_ref: str) -> None:
        """The carrier has the call."""
        at = self._now()

        async def note(gathered: Gathered) -> None:
            attempt = replace(await gathered.attempt(attempt_id), carrier_ref=carrier_ref)
            if attempt.outcome is AttemptOutcome.INTENDED:
                await progress(gathered, attempt, AttemptOutcome.DIALLED, at, "carrier")
            else:
                await gathered.save_attempt(attempt)

        await self._ends.news.keep(News(attempt_id, at, note))
