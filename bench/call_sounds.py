"""Sounds of a body that are no words, made up from a seed: a throat cleared, a laugh."""

import numpy as np

from agent.speech.ulaw import ULAW_RATE_HZ
from bench.call_voices import SPEECH_RMS, Sound, levelled


def throat(seed: int) -> Sound:
    """One or two rough sounds: noise in pulses of a creaking voice, most of it below 1.5 kHz."""
    random = np.random.default_rng([seed, 1])
    parts = []
    for _ in range(int(random.integers(1, 3))):
        seconds = float(random.uniform(0.2, 0.4))
        at = np.arange(int(seconds * ULAW_RATE_HZ)) / ULAW_RATE_HZ
        creak = 0.3 + np.maximum(np.sin(2 * np.pi * float(random.uniform(50, 90)) * at), 0.0)
        rough = np.convolve(random.standard_normal(len(at)), np.ones(5) / 5, "same")
        shape = np.minimum(at / 0.03, 1.0) * np.minimum((seconds - at) / 0.06, 1.0)
        parts += [rough * creak * shape, np.zeros(int(float(random.uniform(0.08, 0.2)) * ULAW_RATE_HZ))]
    return levelled(np.concatenate(parts), SPEECH_RMS * float(random.uniform(0.6, 1.2)))


def laugh(seed: int) -> Sound:
    """Two to five breathy voiced bursts, five a second, each lower than the one before."""
    random = np.random.default_rng([seed, 2])
    pitch, parts = float(random.uniform(130, 320)), []
    for number in range(int(random.integers(2, 6))):
        at = np.arange(int(float(random.uniform(0.07, 0.13)) * ULAW_RATE_HZ)) / ULAW_RATE_HZ
        turns = 2 * np.pi * pitch * 0.94**number * at
        voice = sum(np.sin(turns * harmonic) / harmonic**0.7 for harmonic in range(1, 9))
        breath = np.convolve(random.standard_normal(len(at)), np.ones(2) / 2, "same")
        parts += [(voice + breath) * np.hanning(len(at)), np.zeros(int(0.09 * ULAW_RATE_HZ))]
    return levelled(np.concatenate(parts), SPEECH_RMS * float(random.uniform(0.6, 1.2)))
