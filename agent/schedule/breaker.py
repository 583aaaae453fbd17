"""Stops dialling while the carrier fails, so that a broken trunk does not use up the patients' attempts (pure)."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Circuit(StrEnum):
    CLOSED = "closed"  # calls are placed
    OPEN = "open"  # nobody is dialled
    TRYING = "trying"  # one call finds out whether the carrier works again


@dataclass(slots=True)
class CircuitBreaker:
    """Opens when at least `share` of the last `of_last` dials (never fewer than `at_least`) were not placed; after
    `rest` one dial is tried, whose fate decides."""

    share: float = 0.5
    of_last: int = 20
    at_least: int = 6
    rest: timedelta = timedelta(minutes=1)
    _failed: deque[bool] = field(default_factory=deque)
    _opened: datetime | None = None
    _trying: bool = False

    def state(self, now: datetime) -> Circuit:
        if self._opened is None:
            return Circuit.CLOSED
        return Circuit.TRYING if now >= self._opened + self.rest else Circuit.OPEN

    def free(self, lines: int, now: datetime) -> int:
        """How many of so many free lines may be used now."""
        state = self.state(now)
        if state is Circuit.CLOSED:
            return lines
        return min(lines, 1) if state is Circuit.TRYING and not self._trying else 0

    def dialling(self, now: datetime) -> None:
        """A dial begins."""
        self._trying = self.state(now) is Circuit.TRYING

    def placed(self) -> bool:
        """A call was placed; True when that closes an open circuit."""
        reopened = self._opened is not None
        if reopened:
            self._failed.clear()
        self._opened, self._trying = None, False
        self._count(failed=False)
        return reopened

    def failed(self, now: datetime) -> bool:
        """The carrier did not place a call; True when that opens the circuit."""
        self._count(failed=True)
        trial, self._trying = self._trying, False
        if self._opened is not None:
            self._opened = now if trial else self._opened
            return False
        if len(self._failed) >= self.at_least and sum(self._failed) >= self.share * len(self._failed):
            self._opened = now
            return True
        return False

    def _count(self, *, failed: bool) -> None:
        self._failed.append(failed)
        while len(self._failed) > self.of_last:
            self._failed.popleft()
