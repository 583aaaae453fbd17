"""What follows an attempt that did not become a whole conversation (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.attempts import Ending
from agent.model.contact import AttemptOutcome, ContactStatus


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    max_attempts: int = 3
    busy: timedelta = timedelta(minutes=10)
    no_answer: timedelta = timedelta(hours=3)
    other: timedelta = timedelta(hours=1)

    def after(self, outcome: AttemptOutcome, attempts_made: int, reason: str, now: datetime) -> Ending:
        """Another attempt later, or unreachable once the limit is used up."""
        if attempts_made >= self.max_attempts:
            return Ending(outcome, ContactStatus.UNREACHABLE, reason)
        wait = {AttemptOutcome.BUSY: self.busy, AttemptOutcome.NO_ANSWER: self.no_answer}.get(outcome, self.other)
        return Ending(outcome, ContactStatus.DUE, reason, now + wait)
