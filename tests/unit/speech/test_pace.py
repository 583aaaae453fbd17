import numpy as np
import pytest

from agent.speech.pace import delivered, louder, slowed
from agent.speech.ulaw import decode, encode


def vowel(seconds: float, hertz: float = 180.0, level: float = 4_000.0) -> bytes:
    t = np.arange(round(seconds * 8_000)) / 8_000
    wave = sum(np.sin(2 * np.pi * hertz * n * t) / n for n in (1, 2, 3))
    return encode((level * wave * (0.7 + 0.3 * np.sin(2 * np.pi * 3 * t))).astype(np.int16))


def pitch(ulaw: bytes) -> float:
    samples = decode(ulaw).astype(float)
    return float(np.argmax(np.abs(np.fft.rfft(samples, 80_000)))) / 10


@pytest.mark.parametrize("factor", [1.1, 1.25, 1.5])
def test_slower_is_longer_at_the_same_pitch_and_loudness(factor: float) -> None:
    slow = slowed(vowel(2.0), factor)
    assert len(slow) == round(16_000 * factor)
    assert pitch(slow) == pytest.approx(180, abs=3)
    assert np.std(decode(slow)) == pytest.approx(np.std(decode(vowel(2.0))), rel=0.1)


def test_slower_makes_no_clicks() -> None:
    jumps = np.abs(np.diff(decode(slowed(vowel(2.0))).astype(int)))
    assert jumps.max() < 1.3 * np.abs(np.diff(decode(vowel(2.0)).astype(int))).max()


@pytest.mark.parametrize("ulaw", [b"", b"\xff" * 100, vowel(0.05)])
def test_what_is_too_short_stays_as_it_is(ulaw: bytes) -> None:
    assert slowed(ulaw) == ulaw
    assert slowed(vowel(1.0), 1.0) == vowel(1.0)


def test_louder_is_louder_and_never_clips() -> None:
    soft, loud = vowel(1.0, level=1_000), vowel(1.0, level=9_000)
    assert np.std(decode(louder(soft))) == pytest.approx(2 * np.std(decode(soft)), rel=0.05)
    assert np.mean(np.abs(decode(louder(loud)).astype(int)) >= 32_124) < 0.02  # touched, not cut flat


def test_the_patient_s_wish_is_what_changes_the_sound() -> None:
    plain = vowel(1.0)
    assert delivered(plain, slow=False, loud=False) == plain
    assert delivered(plain, slow=True, loud=False) == slowed(plain)
    assert delivered(plain, slow=True, loud=True) == louder(slowed(plain))
