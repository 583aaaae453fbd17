"""What follows an attempt that did not become a whole conversation (pure)."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.step import End, Request

HOPELESS = frozenset({AttemptOutcome.NO_SUCH_NUMBER})
"""Another call would end the same way: a person must find another number."""
ONCE_MORE = frozenset({AttemptOutcome.SUSPENDED, AttemptOutcome.RESTRICTED})
"""May be mended by tomorrow; the second time a person must look."""
WAITS = {
    AttemptOutcome.BUSY: timedelta(minutes=10),
    AttemptOutcome.OUT_OF_REACH: timedelta(hours=2),
    AttemptOutcome.NO_ANSWER: timedelta(hours=3),  # another hour of the day
    AttemptOutcome.VOICEMAIL: timedelta(hours=4),
    AttemptOutcome.CALL_ASSISTANT: timedelta(hours=4),
    AttemptOutcome.HUNG_UP: timedelta(hours=4),  # the patient had something else to do: not at once
    AttemptOutcome.POWERED_OFF: timedelta(days=1),
    AttemptOutcome.SUSPENDED: timedelta(days=1),
    AttemptOutcome.RESTRICTED: timedelta(days=1),
}
GOES_ON_LATER = frozenset({"hung_up", "goodbye", "silence"})
"""Reasons for which a call that brought some answers is taken up again at the next question."""
TELLS = {
    AttemptOutcome.NO_SUCH_NUMBER: "电话是空号，请核对号码后再安排随访",
    AttemptOutcome.SUSPENDED: "电话连续两次停机，请换其他方式联系",
    AttemptOutcome.RESTRICTED: "电话连续两次限制呼入，请换其他方式联系",
}
"""What the coordinator reads when no further attempt is planned."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    max_attempts: int = 3
    waits: dict[AttemptOutcome, timedelta] = field(default_factory=lambda: dict(WAITS))
    other: timedelta = timedelta(hours=1)

    def after(
        self,
        outcome: AttemptOutcome,
        attempts_made: int,
        reason: str,
        now: datetime,
        earlier: Collection[AttemptOutcome] = (),
    ) -> End:
        """Another attempt later, or unreachable once the limit is used up or another call has no sense; `earlier` are
        the outcomes of this contact's attempts before."""
        again = outcome in ONCE_MORE and outcome in earlier
        if attempts_made >= self.max_attempts or outcome in HOPELESS or again:
            return End(ContactStatus.UNREACHABLE, outcome, reason)
        return End(ContactStatus.DUE, outcome, reason, now + self._wait(outcome))

    def ending(self, end: End, attempts_made: int, now: datetime) -> End:
        """How a conversation's end leaves the contact: one that the patient broke off is taken up again later, one
        that goes back to the list without a wish of the patient's waits its time."""
        if end.contact_status is ContactStatus.PARTIAL:
            again = end.reason in GOES_ON_LATER and attempts_made < self.max_attempts
            due = now + self._wait(end.outcome)
            return replace(end, contact_status=ContactStatus.DUE, resume_at=due) if again else end
        if end.contact_status is ContactStatus.DUE and end.resume_at is None:
            return self.after(end.outcome, attempts_made, end.reason, now)
        return end

    def _wait(self, outcome: AttemptOutcome) -> timedelta:
        return self.waits.get(outcome, self.other)


def told_to_the_coordinator(end: End) -> Request | None:
    """What a person must hear when this ended the contact."""
    reason = TELLS.get(end.outcome)
    if reason is None or end.contact_status is not ContactStatus.UNREACHABLE:
        return None
    return Request(EscalationKind.REQUEST, reason, rule=end.outcome.value)
