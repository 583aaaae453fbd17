"""A message before the first call, so that the number is expected: when it is sent, to whom, and what it brings.

Patients are split at random by their id, for good, so that the answer rates of both halves can be compared."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt

from agent.attempts.hours import answered, calls_that_rang
from agent.model.clock import Now
from agent.model.contact import Attempt
from agent.store.ports import Records, Store

LAST_CALLS = 200  # of the rolling answer rate
ENOUGH_CALLS = 30
ON_BELOW, OFF_ABOVE = 0.60, 0.70
BEFORE_THE_CALL = timedelta(minutes=15)
ENTITY = "warm_up"


class WarmUpMode(StrEnum):
    AUTO = "auto"  # while too few calls are answered
    ON = "on"
    OFF = "off"


class Arm(StrEnum):
    WITH = "with"
    WITHOUT = "without"


def arm_of(patient_id: str, share: float) -> Arm:
    """The patient's half; `share` of all patients get the message."""
    drawn = int.from_bytes(hashlib.sha256(f"warm-up {patient_id}".encode()).digest()[:8], "big") / 2**64
    return Arm.WITH if drawn < share else Arm.WITHOUT


def answer_rate(calls: Sequence[Attempt]) -> float | None:
    """None before there were enough calls to say."""
    rang = calls_that_rang(calls)
    return sum(map(answered, rang)) / len(rang) if len(rang) >= ENOUGH_CALLS else None


class WarmUp:
    """`share`: of the patients who get the message while it is on."""

    def __init__(self, store: Store, mode: WarmUpMode, now: Now, share: float = 0.5) -> None:
        self._store, self._mode, self._now, self._share = store, mode, now, share
        self.on = mode is WarmUpMode.ON

    async def look(self) -> int:
        """Switches itself by the rolling answer rate; 1 when it changed."""
        if self._mode is not WarmUpMode.AUTO:
            return 0
        async with self._store.transaction(write=False) as records:
            rate = answer_rate(await records.recent_calls(limit=LAST_CALLS))
        if rate is None or ON_BELOW <= rate <= OFF_ABOVE:
            return 0
        was, self.on = self.on, rate < ON_BELOW
        return int(was is not self.on)

    def arm(self, patient_id: str) -> Arm | None:
        """None while nobody gets the message."""
        return arm_of(patient_id, self._share) if self.on else None


@dataclass(frozen=True, slots=True)
class Effect:
    """First calls of both halves, and how many were answered."""

    called: dict[Arm, int]
    answered: dict[Arm, int]

    def rate(self, arm: Arm) -> float | None:
        return self.answered[arm] / self.called[arm] if self.called[arm] else None

    def difference(self) -> tuple[float, float] | None:
        """Bounds within which the message's effect on the answer rate lies (95 %); None before both halves were
        called."""
        rates = [self.rate(arm) for arm in Arm]
        if None in rates:
            return None
        with_it, without = (rate for rate in rates if rate is not None)
        spread = sqrt(
            sum(rate * (1 - rate) / self.called[arm] for arm, rate in ((Arm.WITH, with_it), (Arm.WITHOUT, without)))
        )
        middle = with_it - without
        return middle - 1.96 * spread, middle + 1.96 * spread


async def effect(store: Store, since: datetime) -> Effect:
    """Of patients drawn since then: the first call that rang after the draw."""
    async with store.transaction(write=False) as records:
        return effect_of(await first_calls(records, since))


def effect_of(calls: Sequence[tuple[Arm, Attempt]]) -> Effect:
    called, taken = dict.fromkeys(Arm, 0), dict.fromkeys(Arm, 0)
    for arm, attempt in calls:
        called[arm] += 1
        taken[arm] += answered(attempt)
    return Effect(called, taken)


async def first_calls(records: Records, since: datetime) -> list[tuple[Arm, Attempt]]:
    """Each drawn patient's half and first call that rang after the draw, as far as `records` sees them."""
    draws = await records.events_since(ENTITY, since)
    drawn = {event.entity_id: (Arm(event.to_status), event.at) for event in draws}
    first: dict[str, Attempt] = {}
    ids = sorted(drawn)
    for begin in range(0, len(ids), 500):
        made = await records.attempts_since(since, set(ids[begin : begin + 500]))
        for attempt in calls_that_rang(made):
            if attempt.created_at >= drawn[attempt.patient_id][1]:
                first.setdefault(attempt.patient_id, attempt)
    return [(drawn[patient_id][0], attempt) for patient_id, attempt in first.items()]
