"""Where the phrase began that was being said at one point of a sound: at the breath before it."""

import numpy as np

from agent.speech.ulaw import ULAW_RATE_HZ, decode

_FRAME = ULAW_RATE_HZ // 50  # 20 ms
_BREATH_FRAMES = 4  # 80 ms
_QUIET = 0.06  # of the sound's loud parts
_LEAD_FRAMES = 2  # of the breath said again
_FURTHEST_FRAMES = 250  # nobody wants more than five seconds again


def phrase_start(ulaw: bytes, at: int) -> int:
    """The byte, a multiple of 160 and not beyond `at`, from which to say it again."""
    frames = min(at, len(ulaw)) // _FRAME
    first = max(0, frames - _FURTHEST_FRAMES)
    if frames <= first:
        return 0
    samples = decode(ulaw[first * _FRAME : frames * _FRAME]).astype(np.float64).reshape(-1, _FRAME)
    loudness = np.sqrt(np.mean(samples**2, axis=1))
    quiet = loudness < _QUIET * float(np.percentile(loudness, 95)) + 1.0
    for end in range(len(quiet), _BREATH_FRAMES, -1):
        if quiet[end - _BREATH_FRAMES : end].all() and not quiet[end:].all():
            return (first + max(0, end - _LEAD_FRAMES)) * _FRAME
    return first * _FRAME
