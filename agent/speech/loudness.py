"""From a synthesiser's sound to what a telephone carries well: one loudness, no clipping, short silent ends."""

import numpy as np
import soxr
from numpy.typing import NDArray

from agent.speech.ulaw import ULAW_RATE_HZ, encode

SPEECH_DBFS = -20.0
_END_SECONDS = 0.05
_ONSET_SECONDS, _FADING_SECONDS = 0.04, 0.08
_LIMIT = 0.7  # full scale; above it peaks are bent, not cut
_AUDIBLE = 0.02  # of the loudest sample

Sound = NDArray[np.float32]


def trimmed(sound: Sound, rate_hz: int) -> Sound:
    """The audible part of the sound, with the breath of a first consonant and the fading of the last."""
    if not len(sound):
        return sound
    loud = np.flatnonzero(np.abs(sound) > _AUDIBLE * float(np.abs(sound).max()))
    before, after = round(_ONSET_SECONDS * rate_hz), round(_FADING_SECONDS * rate_hz)
    return sound[max(0, loud[0] - before) : loud[-1] + after] if len(loud) else sound[:0]


def limited(sound: Sound) -> Sound:
    """Peaks above 0.7 are bent towards full scale, so that none reaches it."""
    over = np.abs(sound) > _LIMIT
    room = 1.0 - _LIMIT
    bent = np.sign(sound) * (_LIMIT + room * np.tanh((np.abs(sound) - _LIMIT) / room))
    return np.where(over, bent, sound).astype(np.float32)


def for_telephone(sound: Sound, rate_hz: int) -> bytes:
    """8 kHz mu-law at -20 dBFS (measured over the voiced part), with 50 ms of silence at both ends."""
    telephone = trimmed(soxr.resample(sound.astype(np.float32), rate_hz, ULAW_RATE_HZ), ULAW_RATE_HZ)
    ends = np.zeros(round(_END_SECONDS * ULAW_RATE_HZ), np.float32)
    if len(telephone):
        voiced = telephone[np.abs(telephone) > 0.05 * float(np.abs(telephone).max())]
        telephone = limited(telephone * (10 ** (SPEECH_DBFS / 20) / float(np.sqrt(np.mean(voiced**2)))))
    return encode((np.concatenate([ends, telephone, ends]) * 32_767).astype(np.int16))
