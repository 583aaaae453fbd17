"""Clips of speech and the line's noise, cut into 20 ms frames of 8 kHz mu-law."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from telephony.audio import decode, encode, line_noise
from telephony.line import FRAME_BYTES

SILENT_FRAME = b"\xff" * FRAME_BYTES
_AUDIBLE = 300  # peak, 16-bit samples: louder is sound to a listener (-41 dB of full scale)
_SPEECH_DB = -35.0  # a frame this far below the clip's loudest frame is no longer speech
_BED_FRAMES = 400  # 8 s of noise, then the same again
_QUIET_RMS = 40.0  # noise of a line on which nothing is said

Signal = NDArray[np.float64]


def audible(ulaw: bytes) -> bool:
    """True if somebody with a telephone at the ear would hear something."""
    if ulaw == SILENT_FRAME:
        return False
    return bool(np.abs(decode(ulaw).astype(np.int32)).max(initial=0) > _AUDIBLE)


@dataclass(frozen=True, slots=True)
class Clip:
    """One spoken line, clean. Speech is frames `begin`..`end` (exclusive): the silence around it does not count."""

    samples: Signal
    begin: int
    end: int

    @property
    def frames(self) -> int:
        return len(self.samples) // FRAME_BYTES


def clip(ulaw: bytes) -> Clip:
    """Raises ValueError if nothing is spoken in it."""
    samples = decode(ulaw).astype(np.float64)
    padded = np.pad(samples, (0, -len(samples) % FRAME_BYTES))
    loudness = np.sqrt(np.mean(np.square(padded.reshape(-1, FRAME_BYTES)), axis=1)) if len(padded) else np.zeros(0)
    spoken = np.flatnonzero(loudness > loudness.max(initial=0.0) * 10 ** (_SPEECH_DB / 20))
    if not len(spoken) or loudness.max() < _AUDIBLE / 4:
        raise ValueError("a clip without speech")
    return Clip(padded, int(spoken[0]), int(spoken[-1]) + 1)


def _rms(clips: Sequence[Clip]) -> float:
    spoken = [each.samples[each.begin * FRAME_BYTES : each.end * FRAME_BYTES] for each in clips]
    return float(np.sqrt(np.mean(np.square(np.concatenate(spoken))))) if spoken else 0.0


class NoisyLine:
    """A telephone line whose noise never stops, `noise_db` below the speech of `clips`; None for a silent line."""

    def __init__(self, clips: Sequence[Clip], noise_db: float | None, seed: int) -> None:
        level = 0.0 if noise_db is None else (_rms(clips) / 10 ** (noise_db / 20) or _QUIET_RMS)
        self._bed: Signal = line_noise(_BED_FRAMES * FRAME_BYTES, level, seed)
        self._position = 0
        self._idle = _frames(self._bed)

    def idle(self) -> bytes:
        """The next frame while the patient is silent."""
        frame = self._idle[self._position % _BED_FRAMES]
        self._position += 1
        return frame

    def speech(self, spoken: Clip) -> Iterator[bytes]:
        """The clip's frames with the noise under it."""
        start = (self._position % _BED_FRAMES) * FRAME_BYTES
        bed = np.resize(np.roll(self._bed, -start), len(spoken.samples))
        for frame in _frames(spoken.samples + bed):
            self._position += 1
            yield frame


def _frames(signal: Signal) -> list[bytes]:
    ulaw = encode(np.clip(signal, -32_768, 32_767).astype(np.int16))
    return [ulaw[at : at + FRAME_BYTES] for at in range(0, len(ulaw), FRAME_BYTES)]
