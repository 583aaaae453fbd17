"""Ready sound for old ears, without rendering it again: slower at the same pitch, louder without clipping."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from agent.speech.loudness import limited
from agent.speech.ulaw import ULAW_RATE_HZ, decode, encode

SLOWER = 1.25
LOUDER_DB = 6.0
LOWERED_DB = -14.0
LOWERED = encode((decode(bytes(range(256))) * 10 ** (LOWERED_DB / 20)).astype(np.int16))
"""Translation table: mu-law bytes to those of the same sound 14 dB softer."""

_WINDOW = ULAW_RATE_HZ // 25  # 40 ms: two to eight periods of a voice
_HOP = _WINDOW // 2
_SEARCH = ULAW_RATE_HZ // 100  # 10 ms either way for the place that fits best


def _best_start(sound: NDArray[np.float64], around: int, wanted: NDArray[np.float64]) -> int:
    """The start near `around` whose sound is most like `wanted`."""
    first = max(0, around - _SEARCH)
    region = sound[first : around + _SEARCH + len(wanted)]
    if len(region) <= len(wanted):
        return first
    likeness = np.correlate(region, wanted, "valid")
    energy = np.sqrt(np.convolve(region**2, np.ones(len(wanted)), "valid")) + 1.0
    return first + int(np.argmax(likeness / energy))


@lru_cache(maxsize=128)  # a house says the same sentences all day: 4 MB
def slowed(ulaw: bytes, factor: float = SLOWER) -> bytes:
    """The same words lasting `factor` times as long (1 or more): pieces of 40 ms are laid further apart, each taken
    where it continues the last one's wave (WSOLA)."""
    sound = decode(ulaw).astype(np.float64)
    if factor <= 1.0 or len(sound) < 2 * _WINDOW:
        return ulaw
    length = round(len(sound) * factor)
    fade = np.hanning(_WINDOW + 1)[:-1]
    out, weight = np.zeros(length + _WINDOW), np.zeros(length + _WINDOW)
    start = 0
    for at in range(0, length, _HOP):
        piece = sound[start : start + _WINDOW]
        out[at : at + len(piece)] += piece * fade[: len(piece)]
        weight[at : at + len(piece)] += fade[: len(piece)]
        around = min(round((at + _HOP) / factor), len(sound) - _WINDOW)
        following = sound[start + _HOP : start + _HOP + _HOP]
        start = _best_start(sound, around, following) if len(following) == _HOP else around
    return encode((out[:length] / np.maximum(weight[:length], 0.1)).astype(np.int16))


def delivered(ulaw: bytes, *, slow: bool, loud: bool) -> bytes:
    """The sentence as this patient asked for it."""
    if slow:
        ulaw = slowed(ulaw)
    return louder(ulaw) if loud else ulaw


def louder(ulaw: bytes, db: float = LOUDER_DB) -> bytes:
    """Raised by `db`, the peaks bent instead of cut."""
    raised = limited((decode(ulaw) * (10 ** (db / 20) / 32_768)).astype(np.float32))
    return encode((raised * 32_767).astype(np.int16))
