"""What the test telephone heard, measured on its own recording."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.speech.ulaw import ULAW_RATE_HZ, decode

FRAME = ULAW_RATE_HZ // 50
_LOUD = 300  # peak of 16 bits
_PAUSE_FRAMES = 15  # between words a voice is silent for less than 0.3 s


def write_wav(path: Path, ulaw: bytes) -> str:
    """8 kHz, 16 bit, for the telephone to play; begins with the first sound."""
    frames = decode(ulaw[: len(ulaw) // FRAME * FRAME]).reshape(-1, FRAME)
    spoken = frames[int(np.flatnonzero(np.abs(frames.astype(np.int32)).max(axis=1) > _LOUD)[0]) :]
    with wave.open(str(path), "wb") as sink:
        sink.setnchannels(1)
        sink.setsampwidth(2)
        sink.setframerate(ULAW_RATE_HZ)
        sink.writeframes(spoken.tobytes())
    return str(path)


def loud_frames(path: Path) -> NDArray[np.bool_]:
    """One for each 20 ms."""
    with wave.open(str(path)) as source:
        samples = np.frombuffer(source.readframes(source.getnframes()), np.int16).astype(np.int32)
    whole = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(np.abs(whole).max(axis=1) > _LOUD)


def loud_seconds(ulaw: bytes) -> float:
    """How much of it would be heard, by the same measure."""
    samples = decode(ulaw[: len(ulaw) // FRAME * FRAME]).astype(np.int32).reshape(-1, FRAME)
    return float((np.abs(samples).max(axis=1) > _LOUD).sum()) * 0.02


def first_sound(loud: NDArray[np.bool_]) -> float | None:
    """Seconds into the recording."""
    found = np.flatnonzero(loud)
    return float(found[0]) * 0.02 if len(found) else None


def falls_silent(loud: NDArray[np.bool_], from_seconds: float) -> float | None:
    """When a sound that goes on at `from_seconds` ends: the beginning of the first long silence after it."""
    start = int(from_seconds / 0.02)
    quiet = 0
    for frame in range(start, len(loud)):
        quiet = 0 if loud[frame] else quiet + 1
        if quiet == _PAUSE_FRAMES:
            return (frame - _PAUSE_FRAMES + 1) * 0.02
    return None
