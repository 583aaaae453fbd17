"""At which hour of the day a patient is best called: learned from calls that were answered (pure)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, time, timedelta

from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Attempt, AttemptOutcome, Channel

LEARNED_WITHIN = timedelta(days=180)
ENOUGH_ANSWERS = 2
PARTS_OF_DAY = (10, 15, 18, 12)  # hours tried one after the other while nothing is learned
NEAR = 1  # hours: a neighbouring hour counts as the same habit
BY_A_PROGRAMME = frozenset({AttemptOutcome.VOICEMAIL, AttemptOutcome.CALL_ASSISTANT})
NEVER_RANG = frozenset({AttemptOutcome.FAILED, AttemptOutcome.NO_SUCH_NUMBER})

NextOpen = Callable[[datetime], datetime]


def answered(attempt: Attempt) -> bool:
    """A person took the call."""
    return attempt.answered_at is not None and attempt.outcome not in BY_A_PROGRAMME


def calls_that_rang(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Ended calls that say something about whether the patient answers."""
    over = (each for each in attempts if each.channel is Channel.PHONE and each.ended_at is not None)
    return [each for each in over if each.outcome not in NEVER_RANG]


def best_hour(attempts: Collection[Attempt]) -> int | None:
    """The hour at which the largest share of this patient's calls was answered; None before there were enough."""
    calls = [(hour_of(each.created_at), answered(each)) for each in calls_that_rang(attempts)]
    scores: dict[int, float] = {}
    for hour in {hour for hour, took in calls if took}:
        near = [took for each, took in calls if abs(each - hour) <= NEAR]
        if sum(near) >= ENOUGH_ANSWERS:
            scores[hour] = (sum(near) + 0.5) / (len(near) + 1)
    return max(scores, key=lambda hour: (scores[hour], -hour)) if scores else None


def hour_of(moment: datetime) -> int:
    return moment.astimezone(HOSPITAL_ZONE).hour


def another_hour(earliest: datetime, tried: Sequence[int], best: int | None, next_open: NextOpen) -> datetime:
    """When to call somebody who did not answer: at the best hour where one is known; else from `earliest` on, and on
    another day at a part of the day that was not tried yet."""
    if best is not None:
        return next_open(_at_hour(earliest, best))
    allowed = next_open(earliest)
    if allowed == earliest:
        return earliest
    fresh = next((part for part in PARTS_OF_DAY if all(abs(part - hour) > NEAR for hour in tried)), None)
    return allowed if fresh is None else next_open(max(allowed, _at_hour(allowed, fresh)))


def _at_hour(after: datetime, hour: int) -> datetime:
    """The first moment at or after `after` that is within that hour of the hospital's day."""
    local = after.astimezone(HOSPITAL_ZONE)
    if local.hour == hour:
        return after
    day = local.date() + timedelta(days=local.hour > hour)
    return datetime.combine(day, time(hour), HOSPITAL_ZONE).astimezone(after.tzinfo)
