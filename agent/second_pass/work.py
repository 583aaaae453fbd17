"""One second pass after another: claim a call, hear it again, compare, write down all of it in one transaction.

The claim and what came of it are one row an attempt. A process that dies in between leaves the row due; whoever claims
it next does the whole again, and only the first commit counts.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from agent.cards import save_cards
from agent.model.clock import NewId, Now
from agent.model.contact import AttemptOutcome
from agent.model.escalation import EscalationStatus
from agent.model.record import OutboxKind, OutboxMessage
from agent.model.second_pass import SecondPass, SecondPassStatus
from agent.second_pass.call import Call, load_call
from agent.second_pass.compare import escalations_for
from agent.second_pass.listening import Listening
from agent.second_pass.ports import NoTape, Tapes
from agent.second_pass.reading import Found, read_again
from agent.speech.ports import RecogniserFailed
from agent.store.ports import Records, Store
from agent.turn.ports import Pathways, Reads

log = logging.getLogger("suifang.second_pass")

SETTLING = timedelta(seconds=10)  # the call stores its last words and closes its recording
IMPATIENT = timedelta(minutes=15)  # a call that waited longer is heard again although others are going on
HOLD = timedelta(minutes=10)
OLDEST = timedelta(days=7)
MOST_TRIES = 3
UNFINISHED = timedelta(minutes=2)  # a recording without a length this long after the call: its process died
LIVE = frozenset({AttemptOutcome.DIALLED, AttemptOutcome.ANSWERED})
PERSON = frozenset(
    {
        AttemptOutcome.COMPLETED, AttemptOutcome.HUNG_UP, AttemptOutcome.DECLINED, AttemptOutcome.WRONG_PERSON,
        AttemptOutcome.POSTPONED, AttemptOutcome.TRANSFERRED, AttemptOutcome.TECHNICAL, AttemptOutcome.RED_FLAG,
    }
)  # fmt: skip
"""Outcomes of calls that a person answered."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the second pass is made of; the composition root fills it in."""

    store: Store
    tapes: Tapes
    listening: Listening
    reads: Reads
    pathways: Pathways
    now: Now
    new_id: NewId


class SecondPassWork:
    """One worker; the runner calls `run_once` again and again."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def run_once(self) -> int:
        """Hears one call again; returns how many were. While a call is up only those that waited long."""
        now, parts = self._parts.now(), self._parts
        async with parts.store.transaction() as records:
            busy = any(attempt.outcome in LIVE for attempt in await records.attempts(live_only=True))
            claimed = await records.claim_second_pass(
                ended_since=now - OLDEST,
                ended_before=now - (IMPATIENT if busy else SETTLING),
                now=now,
                hold_until=now + HOLD,
            )
        return int(await self._do(claimed)) if claimed else 0

    async def close(self) -> None:
        await self._parts.listening.close()

    async def _do(self, claimed: SecondPass) -> bool:
        """A try that a killed process ended counts: what always fails must not stand in the others' way."""
        if claimed.tries > MOST_TRIES:
            return await self._end_without(claimed, SecondPassStatus.FAILED)
        async with self._parts.store.transaction(write=False) as records:
            call = await load_call(records, self._parts.pathways, claimed)
        if call.attempt.outcome not in PERSON:
            return await self._end_without(claimed, SecondPassStatus.SKIPPED)
        if self._unfinished(call):
            return False  # claimed again when the hold ends
        try:
            heard = await self._parts.listening.hear(await self._path(call), call.turns)
        except NoTape:
            log.warning("second pass: no recording: attempt=%s", claimed.attempt_id)
            return await self._end_without(claimed, SecondPassStatus.NO_AUDIO)
        except RecogniserFailed as failed:
            log.error("second pass: recogniser failed: attempt=%s code=%s", claimed.attempt_id, failed.code)
            return False  # claimed again when the hold ends
        return await self._commit(claimed, call, read_again(call, heard, self._parts.reads, self._parts.now()))

    def _unfinished(self, call: Call) -> bool:
        """Its line may still be storing: nothing is heard again of half a recording."""
        recording, ended = call.recording, call.attempt.ended_at
        storing = ended is not None and ended >= self._parts.now() - UNFINISHED
        return recording is not None and recording.seconds == 0 and storing

    async def _path(self, call: Call) -> str:
        """The recording's path; one whose process died before it noted the length gets it now. Raises NoTape."""
        recording = call.recording
        if recording is None:
            raise NoTape
        if recording.seconds == 0:
            seconds = await asyncio.to_thread(self._parts.tapes.repair, recording.path)
            async with self._parts.store.transaction() as records:
                await records.save_recording(replace(recording, seconds=seconds))
        return recording.path

    async def _commit(self, claimed: SecondPass, call: Call, found: Found) -> bool:
        """ONE transaction: cards, events, outbox and the row that says it is done. False when it was done already."""
        now, new_id, patient_id = self._parts.now(), self._parts.new_id, call.contact.patient_id
        done = replace(
            claimed,
            status=SecondPassStatus.DONE,
            recogniser=self._parts.listening.name,
            finished_at=now,
            hearings=found.hearings,
            differences=found.differences,
        )
        async with self._parts.store.transaction() as records:
            cards = await records.escalations(patient_id=patient_id)  # held until the commit
            if not await _still_due(records, claimed):
                return False
            raised = escalations_for(found.missed, found.doubts, patient_id, cards, new_id)
            open_now = [card for card in cards if card.status is not EscalationStatus.RESOLVED]
            await save_cards(records, raised, open_now, now, new_id)
            await records.add_outbox(OutboxMessage(new_id(), OutboxKind.CONTACT_CHANGED, call.contact.id, now))
            await records.save_second_pass(done)
        told = (len(found.hearings), len(raised), len(found.differences))
        log.info("second pass: attempt=%s stretches=%d cards=%d differences=%d", claimed.attempt_id, *told)
        return True

    async def _end_without(self, claimed: SecondPass, status: SecondPassStatus) -> bool:
        async with self._parts.store.transaction() as records:
            if await _still_due(records, claimed):
                await records.save_second_pass(replace(claimed, status=status, finished_at=self._parts.now()))
        return False


async def _still_due(records: Records, claimed: SecondPass) -> bool:
    stored = await records.second_pass(claimed.attempt_id)
    return stored is not None and stored.status is SecondPassStatus.DUE
