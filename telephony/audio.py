"""The telephone's sound: upsampling for the recogniser, the call's recording, and a line's noise."""

import numpy as np

from agent.speech.ulaw import ULAW_RATE_HZ, decode, encode
from telephony.recorder import TwoChannelRecorder

__all__ = ["TwoChannelRecorder", "Upsampler", "decode", "encode", "line_noise", "phone_noise"]

_BAND_HZ = (300.0, 3_400.0)  # what a telephone line passes
_REACH = 12  # samples either way that a sample in between is made of: 52 dB against the mirrored band
_KAISER_BETA = 5.0


def _halfway() -> np.ndarray:
    """Weights of the samples around for the value in the middle between two: a windowed sinc."""
    away = np.arange(-_REACH, _REACH) + 0.5
    weights = np.sinc(away) * np.i0(_KAISER_BETA * np.sqrt(1 - (away / _REACH) ** 2))
    normed: np.ndarray = (weights / weights.sum()).astype(np.float32)
    return normed


class Upsampler:
    """8 kHz mu-law in, 16 kHz 16-bit PCM out, one per call: two samples for each at once, 1.5 ms behind."""

    _weights = _halfway()

    def __init__(self) -> None:
        self._before = np.zeros(2 * _REACH - 1, np.float32)

    def feed(self, ulaw: bytes) -> bytes:
        count = len(ulaw)
        if not count:
            return b""
        sound = np.concatenate((self._before, decode(ulaw).astype(np.float32)))
        self._before = sound[count:].copy()
        doubled = np.empty((count, 2), np.float32)
        doubled[:, 0] = sound[_REACH - 1 : _REACH - 1 + count]
        around: np.ndarray = np.ndarray((count, 2 * _REACH), np.float32, sound, strides=(4, 4))
        doubled[:, 1] = np.dot(around, self._weights)
        np.minimum(np.maximum(doubled, -32_768, out=doubled), 32_767, out=doubled)
        return np.rint(doubled, out=doubled).astype(np.int16).tobytes()


def _band_limited(signal: np.ndarray) -> np.ndarray:
    spectrum = np.fft.rfft(signal)
    hertz = np.fft.rfftfreq(len(signal), 1 / ULAW_RATE_HZ)
    spectrum[(hertz < _BAND_HZ[0]) | (hertz > _BAND_HZ[1])] = 0
    return np.fft.irfft(spectrum, len(signal))


def _loudness(signal: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(signal)))) if len(signal) else 0.0


def line_noise(samples: int, rms: float, seed: int) -> np.ndarray:
    """Seeded noise in the telephone's band, float, in units of 16-bit samples."""
    if samples <= 0:
        return np.zeros(0)
    noise = _band_limited(np.random.default_rng(seed).standard_normal(samples))
    level = _loudness(noise)
    return noise * (rms / level) if level else noise


def phone_noise(ulaw: bytes, snr_db: float = 20.0, seed: int = 0) -> bytes:
    """The same sound as a telephone brings it: band-limited, with noise `snr_db` below the spoken part's loudness."""
    clean = decode(ulaw).astype(np.float64)
    if not len(clean):
        return b""
    spoken = clean[np.abs(clean) > 200]  # leaves the silence out of the loudness
    noise = line_noise(len(clean), _loudness(spoken) / 10 ** (snr_db / 20), seed)
    return encode(np.clip(_band_limited(clean) + noise, -32_768, 32_767).astype(np.int16))
