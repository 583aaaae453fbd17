"""Time and ids of one rehearsed conversation: they pass by what is said, not by the machine's clock."""

from datetime import datetime, timedelta

SECONDS_A_CHARACTER = 0.22
THINKING_SECONDS = 0.9
REPLY_SECONDS = 1.0  # recogniser, dialogue and the first sound


class Clock:
    def __init__(self, start: datetime) -> None:
        self._start = self._now = start

    def now(self) -> datetime:
        return self._now

    def passes(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    @property
    def seconds(self) -> float:
        return (self._now - self._start).total_seconds()


class Ids:
    """24-character ids in order, the same in every run."""

    def __init__(self, prefix: int) -> None:
        self._prefix, self._last = prefix, 0

    def new(self) -> str:
        self._last += 1
        return f"{self._prefix:012x}{self._last:012x}"


def speaking_seconds(text: str) -> float:
    return len(text) * SECONDS_A_CHARACTER
