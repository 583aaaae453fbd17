"""Noise that nobody needs at once: some frames of it are handled as one, which costs less."""

from collections.abc import Iterator

from agent.speech.ulaw import ULAW_RATE_HZ

MOST_SECONDS = 0.1
_MOST_BYTES = round(MOST_SECONDS * ULAW_RATE_HZ)


class HeldNoise:
    """Every frame comes out again, in order and with its time; what is not noise takes all before it along."""

    def __init__(self) -> None:
        self._sound, self._at_ms = b"", 0

    @property
    def seconds(self) -> float:
        """Of sound that has not come out yet."""
        return len(self._sound) / ULAW_RATE_HZ

    def add(self, ulaw: bytes, at_ms: int, *, noise: bool) -> Iterator[tuple[bytes, int]]:
        """The sound that is due now, and its time."""
        if self._sound and at_ms != self._at_ms + len(self._sound) * 1000 // ULAW_RATE_HZ:
            yield from self.rest()
        if not self._sound:
            self._at_ms = at_ms
        self._sound += ulaw
        if not noise or len(self._sound) >= _MOST_BYTES:
            yield from self.rest()

    def rest(self) -> Iterator[tuple[bytes, int]]:
        """What is still held."""
        sound, self._sound = self._sound, b""
        if sound:
            yield sound, self._at_ms
