"""What the carrier is playing to the patient, mirrored: the recording's right channel and where each reply began."""

import asyncio
from collections import deque
from collections.abc import Callable

from agent.speech.ulaw import ULAW_RATE_HZ

ULAW_SILENCE = b"\xff"


class Playback:
    """Counts in line time, the seconds of the patient's sound. A sentence begins when it was handed over or when the
    one before it ends, whichever is later, even while the patient's frames are late or lost."""

    def __init__(self, timer: Callable[[], float] | None = None) -> None:
        self._timer = timer or asyncio.get_running_loop().time  # asking for the loop costs a system call
        self._queue: deque[tuple[float, memoryview]] = deque()  # (not before this line time, sound)
        self._at = 0.0  # what was played before this line time has been told
        self._told_at: float | None = None  # the timer's moment then
        self.began: float | None = None  # line time of the first sound since `expect`

    def expect(self) -> None:
        """A new reply follows: `began` is about it from now on."""
        self.began = None

    def add(self, ulaw: bytes) -> None:
        self._queue.append((self._now(), memoryview(ulaw)))

    @property
    def waiting(self) -> int:
        """Bytes handed over and not played by now."""
        since = max(0, round((self._now() - self._at) * ULAW_RATE_HZ))
        return max(0, sum(len(sound) for _, sound in self._queue) - since)

    def clear(self) -> int:
        """The carrier drops what it has not played by now; returns how many bytes that were."""
        left = max(0, round((self._now() - self._at) * ULAW_RATE_HZ))
        kept: deque[tuple[float, memoryview]] = deque()
        for earliest, sound in self._queue:
            if left <= 0:
                break
            kept.append((earliest, sound[:left]))
            left -= len(sound)
        dropped = sum(len(sound) for _, sound in self._queue) - sum(len(sound) for _, sound in kept)
        self._queue = kept
        return dropped

    def until(self, end: float) -> tuple[float, bytes]:
        """What the patient heard from the last call of this up to line time `end`, silence where nothing was playing,
        and the line time at which it begins."""
        start, missing = self._at, round((end - self._at) * ULAW_RATE_HZ)
        parts: list[bytes] = []
        while missing > 0:
            sound = self._next(end - missing / ULAW_RATE_HZ, missing)
            parts.append(sound)
            missing -= len(sound)
        self._at, self._told_at = max(start, end), self._timer()
        return start, b"".join(parts)

    def _next(self, at: float, most: int) -> bytes:
        """The sound or the silence from `at` on, at most that many bytes of it."""
        if not self._queue:
            return ULAW_SILENCE * most
        earliest, sound = self._queue.popleft()
        wait = round((earliest - at) * ULAW_RATE_HZ)
        if wait > 0:
            self._queue.appendleft((earliest, sound))
            return ULAW_SILENCE * min(wait, most)
        if self.began is None:
            self.began = at
        if len(sound) > most:
            self._queue.appendleft((earliest, sound[most:]))
        return bytes(sound[:most])

    def _now(self) -> float:
        return self._at + (self._timer() - self._told_at if self._told_at is not None else 0.0)
