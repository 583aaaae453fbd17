"""An attempt that reached no person: its end, the next one's time, and what the coordinator is told. One place for the
scheduler, who hears it from the carrier, and for the conversation, which hears the machine."""

from dataclasses import dataclass, replace

from agent.attempts.hours import LEARNED_WITHIN
from agent.attempts.retries import RetryPolicy, Tried, told_to_the_coordinator
from agent.attempts.transitions import Stamp, end_attempt, this_round
from agent.cards import save_cards
from agent.escalation import policy
from agent.model.clock import NewId
from agent.model.contact import Attempt, AttemptOutcome
from agent.model.step import Request
from agent.store.attempt_ports import AttemptRecords


@dataclass(frozen=True, slots=True)
class Unreached:
    """The retry rules at work on records."""

    retries: RetryPolicy
    new_id: NewId

    async def end(
        self, records: AttemptRecords, attempt: Attempt, outcome: AttemptOutcome, reason: str, stamp: Stamp
    ) -> bool:
        """Ends the attempt; `reason` is a stored word such as the carrier's status. False when it had ended already."""
        ended = replace(attempt, outcome=outcome, ended_at=stamp.at)
        history = await records.attempts_since(stamp.at - LEARNED_WITHIN, {attempt.patient_id})
        contact = await records.contact(attempt.contact_id)
        before = [each for each in this_round(contact, history) if each.id != attempt.id]
        tried = Tried(await records.patient(attempt.patient_id), before, history)
        ending = self.retries.after(ended, reason, stamp.at, tried)
        if not await end_attempt(records, attempt, ending, stamp):
            return False
        request = told_to_the_coordinator(ended, before)
        if request is not None:
            await self._tell(records, attempt, request, stamp)
        return True

    async def _tell(self, records: AttemptRecords, attempt: Attempt, request: Request, stamp: Stamp) -> None:
        occasion = policy.Occasion(attempt.patient_id, attempt.contact_id, stamp.at, attempt.id)
        known = await records.escalations(patient_id=attempt.patient_id)
        made = policy.for_request(request, occasion, known, self.new_id)
        await save_cards(records, [made] if made else [], known, stamp.at, self.new_id)
