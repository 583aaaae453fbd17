"""The carrier's playback buffer towards the patient's ear (pure; one tick is 20 ms)."""

from collections import deque

from telephony.line import FRAME_BYTES

SILENCE = b"\xff"


class Playback:
    """Audio in the order it came; a mark is reached when everything queued before it was played or cleared."""

    def __init__(self) -> None:
        self._audio: deque[bytes] = deque()
        self._marks: deque[tuple[int, str]] = deque()
        self._queued = self._played = 0

    @property
    def empty(self) -> bool:
        return self._queued == self._played

    def add(self, ulaw: bytes) -> None:
        if ulaw:
            self._audio.append(ulaw)
            self._queued += len(ulaw)

    def mark(self, name: str) -> None:
        self._marks.append((self._queued, name))

    def clear(self) -> list[str]:
        """Drops what was not played; returns the marks that were waiting."""
        self._audio.clear()
        self._played = self._queued
        return self.reached()

    def next_frame(self) -> bytes:
        """The next 20 ms for the ear, silence where there is nothing."""
        frame = b""
        while self._audio and len(frame) < FRAME_BYTES:
            head = self._audio.popleft()
            missing = FRAME_BYTES - len(frame)
            frame += head[:missing]
            if len(head) > missing:
                self._audio.appendleft(head[missing:])
        self._played += len(frame)
        return frame.ljust(FRAME_BYTES, SILENCE)

    def reached(self) -> list[str]:
        """Names of the marks passed since the last look, in order."""
        names = []
        while self._marks and self._marks[0][0] <= self._played:
            names.append(self._marks.popleft()[1])
        return names
