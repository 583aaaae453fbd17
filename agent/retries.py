"""What follows an attempt that did not become a whole conversation (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.step import End


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    max_attempts: int = 3
    busy: timedelta = timedelta(minutes=10)
    no_answer: timedelta = timedelta(hours=3)
    other: timedelta = timedelta(hours=1)

    def after(self, outcome: AttemptOutcome, attempts_made: int, reason: str, now: datetime) -> End:
        """Another attempt later, or unreachable once the limit is used up."""
        if attempts_made >= self.max_attempts:
            return End(ContactStatus.UNREACHABLE, outcome, reason)
        wait = {AttemptOutcome.BUSY: self.busy, AttemptOutcome.NO_ANSWER: self.no_answer}.get(outcome, self.other)
        return End(ContactStatus.DUE, outcome, reason, now + wait)
