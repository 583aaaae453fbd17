"""The telephone's sound: upsampling for the recogniser, the call's recording, and a line's noise."""

import numpy as np
import soxr

from agent.speech.ports import PCM_RATE_HZ
from agent.speech.ulaw import ULAW_RATE_HZ, decode, encode
from telephony.recorder import TwoChannelRecorder

__all__ = ["TwoChannelRecorder", "Upsampler", "decode", "encode", "line_noise", "phone_noise"]

_BAND_HZ = (300.0, 3_400.0)  # what a telephone line passes


class Upsampler:
    """8 kHz mu-law in, 16 kHz 16-bit PCM out, one per call: keeps the filter's state between frames (26 ms behind)."""

    def __init__(self) -> None:
        self._stream = soxr.ResampleStream(ULAW_RATE_HZ, PCM_RATE_HZ, 1, dtype="int16", quality="MQ")

    def feed(self, ulaw: bytes) -> bytes:
        pcm: bytes = self._stream.resample_chunk(decode(ulaw)).tobytes()
        return pcm

    def flush(self) -> bytes:
        """The samples still inside the filter; nothing may be fed afterwards."""
        pcm: bytes = self._stream.resample_chunk(np.zeros(0, np.int16), last=True).tobytes()
        return pcm


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
