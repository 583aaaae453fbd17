"""What follows an attempt that did not become a whole conversation (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.attempts.hours import NextOpen, another_hour, best_hour, hour_of
from agent.attempts.ways import FAMILY, LINK, Ladder, Way, number_is_dead
from agent.model.contact import Attempt, AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.people import Patient
from agent.model.step import End, Request

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
    AttemptOutcome.LINK_SENT: timedelta(days=1),
}
AT_ANOTHER_HOUR = frozenset({AttemptOutcome.NO_ANSWER, AttemptOutcome.POWERED_OFF})
BEFORE_A_LINK = timedelta(minutes=5)
GOES_ON_LATER = frozenset({"hung_up", "goodbye", "silence", "chat_timeout"})
"""Reasons for which a talk that brought some answers is taken up again at the next question."""
TELLS = {
    AttemptOutcome.NO_SUCH_NUMBER: "电话是空号，请核对号码后再安排随访",
    AttemptOutcome.SUSPENDED: "电话连续两次停机，请换其他方式联系",
    AttemptOutcome.RESTRICTED: "电话连续两次限制呼入，请换其他方式联系",
}
"""What the coordinator reads when a number is given up."""


def _at_once(moment: datetime) -> datetime:
    return moment


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried before the attempt that ends now: `for_contact` alone, and `history` of the patient's attempts."""

    patient: Patient
    for_contact: Sequence[Attempt] = ()
    history: Sequence[Attempt] = ()


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`next_open` moves a moment into the calling hours."""

    max_attempts: int = 3
    waits: dict[AttemptOutcome, timedelta] = field(default_factory=lambda: dict(WAITS))
    other: timedelta = timedelta(hours=1)
    ladder: Ladder = field(default_factory=Ladder)
    next_open: NextOpen = _at_once

    def calling_first(self) -> "RetryPolicy":
        """For whoever is in danger or waits for a call: a message comes after the calls, however young they are."""
        return replace(self, ladder=replace(self.ladder, message_under_age=0))

    def without_links(self) -> "RetryPolicy":
        """Where no message reaches the patient."""
        return replace(self, ladder=replace(self.ladder, links=False))

    def next_way(self, patient: Patient, made: Sequence[Attempt], now: datetime) -> Way | None:
        """How a contact with these ended attempts is tried next; None: nothing is left."""
        return replace(self.ladder, calls=self.max_attempts).next_way(patient, made, now)

    def after(self, ended: Attempt, reason: str, now: datetime, tried: Tried) -> End:
        """Another attempt later and by which way is left, or unreachable; `ended` carries its outcome."""
        way = self.next_way(tried.patient, [*tried.for_contact, ended], now)
        if way is None:
            return End(ContactStatus.UNREACHABLE, ended.outcome, reason)
        return End(ContactStatus.DUE, ended.outcome, reason, self._due(ended, way, now, tried))

    def _due(self, ended: Attempt, way: Way, now: datetime, tried: Tried) -> datetime:
        if way != Way.of(ended) and ended.outcome is not AttemptOutcome.LINK_SENT:
            wait = {LINK: BEFORE_A_LINK, FAMILY: self.other}.get(way)
            if wait is not None:
                return now + wait
        earliest = now + self._wait(ended.outcome)
        if ended.outcome not in AT_ANOTHER_HOUR:
            return earliest
        hours = [hour_of(each.created_at) for each in (*tried.for_contact, ended)]
        return another_hour(earliest, hours, best_hour(tried.history), self.next_open)

    def ending(self, end: End, attempts_made: int, now: datetime) -> End:
        """How a conversation's end leaves the contact: one that the patient broke off is taken up again later, one
        that goes back to the list without a wish of the patient's waits its time."""
        again = attempts_made < self.max_attempts
        due = now + self._wait(end.outcome)
        if end.contact_status is ContactStatus.PARTIAL and end.reason in GOES_ON_LATER and again:
            return replace(end, contact_status=ContactStatus.DUE, resume_at=due)
        if end.contact_status is ContactStatus.DUE and end.resume_at is None:
            status = ContactStatus.DUE if again else ContactStatus.UNREACHABLE
            return replace(end, contact_status=status, resume_at=due if again else None)
        return end

    def _wait(self, outcome: AttemptOutcome) -> timedelta:
        return self.waits.get(outcome, self.other)


def told_to_the_coordinator(ended: Attempt, before: Sequence[Attempt]) -> Request | None:
    """What a person must hear when this attempt's number is given up; `before`: the contact's earlier attempts."""
    reason = TELLS.get(ended.outcome)
    if reason is None or not number_is_dead([*before, ended], Way.of(ended)):
        return None
    return Request(EscalationKind.REQUEST, reason, rule=ended.outcome.value)
