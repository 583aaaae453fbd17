"""By which way a patient is tried next: the telephone, a message with a link, the family member's telephone (pure).

Older patients are called first and get a message when the calls came to nothing; younger ones the other way round. The
family member's telephone comes last, the coordinator's list after it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Attempt, AttemptOutcome, Callee, Channel
from agent.model.people import Patient


@dataclass(frozen=True, slots=True)
class Way:
    """`PHONE` rings; any other channel stands for a message with a link, whichever of them the house then takes."""

    channel: Channel
    callee: Callee = Callee.PATIENT

    @staticmethod
    def of(attempt: Attempt) -> "Way":
        return LINK if attempt.channel is not Channel.PHONE else Way(Channel.PHONE, attempt.callee)


CALL, LINK, FAMILY = Way(Channel.PHONE), Way(Channel.SMS), Way(Channel.PHONE, Callee.CAREGIVER)

DEAD_AT_ONCE = frozenset({AttemptOutcome.NO_SUCH_NUMBER})
"""Another call would end the same way: a person must find another number."""
DEAD_TWICE = frozenset({AttemptOutcome.SUSPENDED, AttemptOutcome.RESTRICTED})
"""May be mended by tomorrow; the second time a person must look."""
NO_MESSAGES = frozenset({AttemptOutcome.NO_SUCH_NUMBER, AttemptOutcome.SUSPENDED})
"""A number that takes no calls for these takes no messages either."""
USES_NOTHING_UP = frozenset({AttemptOutcome.FAILED, AttemptOutcome.TECHNICAL, AttemptOutcome.POSTPONED})
"""The phone never rang, the fault was ours, or the patient asked to be called again."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """How often each way is tried for one contact. `links`: the house can send one. Patients younger than
    `message_under_age` get the message first; 0: nobody. `failures`: how often the carrier may fail on one contact
    before a person looks."""

    calls: int = 3
    links: bool = False
    family_calls: int = 2
    message_under_age: int = 0
    failures: int = 8

    def next_way(self, patient: Patient, made: Sequence[Attempt], now: datetime) -> Way | None:
        """The way of the next attempt; `made` are the contact's attempts that have ended. None: nothing is left."""
        outcomes = Counter((Way.of(each), each.outcome) for each in made)
        if sum(count for (_, outcome), count in outcomes.items() if outcome is AttemptOutcome.FAILED) >= self.failures:
            return None
        for way, limit in self._order(patient, now):
            tried = sum(n for (by, outcome), n in outcomes.items() if by == way and outcome not in USES_NOTHING_UP)
            if tried < limit and not _dead(way, outcomes):
                return way
        return None

    def _order(self, patient: Patient, now: datetime) -> list[tuple[Way, int]]:
        call, link = (CALL, self.calls), (LINK, 1 if self.links else 0)
        family = (FAMILY, self.family_calls if patient.caregiver_phone else 0)
        return [link, call, family] if self.prefers_message(patient, now) else [call, link, family]

    def prefers_message(self, patient: Patient, now: datetime) -> bool:
        """Nobody whose age is not known."""
        if patient.birth_year is None:
            return False
        return now.astimezone(HOSPITAL_ZONE).year - patient.birth_year < self.message_under_age


def number_is_dead(attempts: Sequence[Attempt], way: Way) -> bool:
    """Whether calling this way has no sense any more."""
    return _dead(way, Counter((Way.of(each), each.outcome) for each in attempts))


def _dead(way: Way, outcomes: Counter[tuple[Way, AttemptOutcome]]) -> bool:
    if way == LINK:
        return _dead(CALL, outcomes) and any(outcomes[CALL, each] for each in NO_MESSAGES)
    at_once = any(outcomes[way, each] for each in DEAD_AT_ONCE)
    return at_once or any(outcomes[way, each] >= 2 for each in DEAD_TWICE)
