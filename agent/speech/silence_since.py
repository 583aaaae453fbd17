"""Was anything said after a place in an utterance's sound? 16 kHz PCM; judged by this utterance's own loudness."""

import numpy as np
from numpy.typing import NDArray

from agent.speech.ports import PCM_RATE_HZ

_FRAME_SAMPLES = PCM_RATE_HZ * 32 // 1_000
_NOISE_VARIES = 1.8  # about 5 dB: by so much a line's steady noise rises over its own quietest tenth


def _frame_loudness(pcm: bytes) -> NDArray[np.float64]:
    samples = np.frombuffer(pcm, np.int16).astype(np.float64)
    whole = len(samples) // _FRAME_SAMPLES * _FRAME_SAMPLES
    loudness: NDArray[np.float64] = np.sqrt(np.mean(samples[:whole].reshape(-1, _FRAME_SAMPLES) ** 2, axis=1))
    return loudness


def only_silence_since(pcm: bytes, mark: int) -> bool:
    """True when nothing after byte `mark` is as loud as speech in this utterance; in doubt False, which costs a
    second decoding but no words."""
    tail = _frame_loudness(pcm[mark:])
    if not len(tail):
        return True
    loudness = _frame_loudness(pcm[:mark])
    if not len(loudness):
        return False
    quiet, loud = np.percentile(loudness, [10, 90])
    if loud < 2.5 * max(quiet, 1.0):
        return bool(tail.max() <= 1.5 * quiet)
    return bool(tail.max() < np.sqrt(max(quiet, 1.0) * loud))


def hardly_a_sound_since(pcm: bytes, mark: int) -> bool:
    """True when nothing after byte `mark` rises over this utterance's quietest tenth by more than noise does: also a
    last syllable that is only breathed would."""
    tail, loudness = _frame_loudness(pcm[mark:]), _frame_loudness(pcm[:mark])
    if not len(tail) or not len(loudness):
        return False
    return bool(tail.max() <= _NOISE_VARIES * max(np.percentile(loudness, 10), 1.0))
