import numpy as np
import pytest

from agent.speech.loudness import for_telephone, limited
from agent.speech.ulaw import decode


def voice(seconds: float, level: float, rate: int = 24_000) -> np.ndarray:
    t = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * 300 * t) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * t))).astype(np.float32)


@pytest.mark.parametrize("level", [0.01, 0.2, 0.99])
def test_every_voice_comes_out_equally_loud(level: float) -> None:
    samples = decode(for_telephone(voice(2.0, level), 24_000)).astype(float) / 32_768
    spoken = samples[np.abs(samples) > 0.01]
    assert 20 * np.log10(np.sqrt(np.mean(spoken**2))) == pytest.approx(-20, abs=1.0)


def test_both_ends_are_silent_and_silence_around_is_cut() -> None:
    silence = np.zeros(24_000, np.float32)
    ulaw = for_telephone(np.concatenate([silence, voice(1.0, 0.3), silence]), 24_000)
    samples = decode(ulaw)
    assert not samples[:400].any() and not samples[-400:].any()
    assert 1.0 < len(ulaw) / 8_000 < 1.3


def test_a_peak_is_bent_not_cut() -> None:
    loud = np.array([0.1, 0.69, 0.9, 5.0, -5.0], np.float32)
    bent = limited(loud)
    assert np.array_equal(bent[:2], loud[:2]) and np.all(np.abs(bent) <= 1.0) and bent[2] > 0.7


@pytest.mark.parametrize("empty", [np.zeros(0, np.float32), np.zeros(24_000, np.float32)])
def test_nothing_said_is_a_tenth_of_a_second_of_silence(empty: np.ndarray) -> None:
    assert for_telephone(empty, 24_000) == b"\xff" * 800
