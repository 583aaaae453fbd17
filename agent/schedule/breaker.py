"""When a trunk counts as broken, and what it may carry meanwhile (pure): a broken one must not use up the patients'
attempts, nor make every number look dead."""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.model.trunk import Circuit, Trunk


@dataclass(slots=True)
class LastCalls:
    """What became of the last calls of this process: whether each got through to the network's other end."""

    share: float = 0.5
    of_last: int = 20
    at_least: int = 6
    _failed: deque[bool] = field(default_factory=deque)

    def note(self, *, failed: bool) -> None:
        self._failed.append(failed)
        while len(self._failed) > self.of_last:
            self._failed.popleft()

    @property
    def broken(self) -> bool:
        """At least `share` of the last `of_last` calls (never fewer than `at_least`) did not get through."""
        return len(self._failed) >= self.at_least and sum(self._failed) >= self.share * len(self._failed)

    @property
    def proven(self) -> bool:
        """Most of the last calls got through: a number it cannot reach is the number's fault."""
        return bool(self._failed) and sum(self._failed) < self.share * len(self._failed)

    def forget(self) -> None:
        self._failed.clear()


@dataclass(frozen=True, slots=True)
class TrunkLimits:
    """At most `max_calls` at once and `per_second` begun in a second; `rest` is how long a broken trunk is left alone
    before one call tries it."""

    name: str
    max_calls: int
    per_second: float = 5.0
    rest: timedelta = timedelta(minutes=1)


def free_calls(trunk: Trunk, limits: TrunkLimits, live: int, now: datetime) -> int:
    """How many calls may be begun now, `live` being up. A trunk that is tried again waits for that call's fate, or as
    long again where nobody tells it."""
    room = min(limits.max_calls - live, int(_tokens(trunk, limits, now)))
    if trunk.circuit is Circuit.CLOSED:
        return max(room, 0)
    return max(min(room, 1), 0) if now >= trunk.changed_at + limits.rest else 0


def begun(trunk: Trunk, limits: TrunkLimits, calls: int, now: datetime) -> Trunk:
    """The trunk after so many calls were begun; on a broken one that is the trial."""
    after = replace(trunk, tokens=_tokens(trunk, limits, now) - calls, tokens_at=now)
    return after if trunk.circuit is Circuit.CLOSED else replace(after, circuit=Circuit.TRYING, changed_at=now)


def judged(trunk: Trunk, last: LastCalls, *, failed: bool, now: datetime) -> Circuit:
    """The circuit after a call's fate. While it is open only the trial decides, not calls from before."""
    if trunk.circuit is Circuit.TRYING:
        return Circuit.OPEN if failed else Circuit.CLOSED
    if trunk.circuit is Circuit.CLOSED and failed and last.broken:
        return Circuit.OPEN
    return trunk.circuit


def _tokens(trunk: Trunk, limits: TrunkLimits, now: datetime) -> float:
    gathered = trunk.tokens + limits.per_second * max((now - trunk.tokens_at).total_seconds(), 0.0)
    return min(gathered, max(limits.per_second, 1.0))
