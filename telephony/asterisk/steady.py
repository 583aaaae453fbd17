"""The patient's sound without holes: the PBX sends nothing while the trunk sends nothing (pure)."""

from telephony.line import FRAME_BYTES, FRAME_SECONDS
from telephony.playback import ULAW_SILENCE

_SILENCE = ULAW_SILENCE * FRAME_BYTES
_BYTES_PER_MS = 8
HOLE_SECONDS = 0.12  # longer than a network's jitter; shorter than any pause that means something


class SteadySound:
    """A trunk that is silent in silence (comfort noise), loses packets or is on hold sends no frames and no time
    stamps. Whoever waits for the end of an utterance waits for silence, so silence is put in once the sound lags
    HOLE_SECONDS behind the clock. Nothing that did arrive is ever dropped."""

    def __init__(self, started: float) -> None:
        self._started = started
        self._bytes = 0
        self.filled = 0  # frames put in

    def arrived(self, ulaw: bytes) -> tuple[bytes, int]:
        """The sound with its place, in milliseconds since the start."""
        at_ms = self._bytes // _BYTES_PER_MS
        self._bytes += len(ulaw)
        return ulaw, at_ms

    def due(self, now: float) -> tuple[bytes, int] | None:
        """One frame of silence if one is missing now. One at a time: after a stall of our own process the sound that
        waited in the socket comes first."""
        if self.seconds_to_hole(now) > 0:
            return None
        self.filled += 1
        return self.arrived(_SILENCE)

    def seconds_to_hole(self, now: float) -> float:
        """How long nothing may come before a frame of silence is due."""
        heard_until = self._started + self._bytes / (_BYTES_PER_MS * 1_000)
        return heard_until + HOLE_SECONDS + FRAME_SECONDS - now
