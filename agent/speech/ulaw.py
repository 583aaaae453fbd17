"""G.711 mu-law, the telephone's 8 kHz coding, to and from 16-bit samples by table."""

import numpy as np
from numpy.typing import NDArray

ULAW_RATE_HZ = 8_000
ULAW_SILENCE = 0xFF  # the byte of sample 0

Samples = NDArray[np.int16]

_BIAS = 132
_CLIP = 32_635


def _decode_table() -> Samples:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = (((code & 0x0F) << 3) + _BIAS << ((code >> 4) & 0x07)) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _encode_table() -> NDArray[np.uint8]:
    sample = np.arange(65_536, dtype=np.int32)
    sample = np.where(sample >= 32_768, sample - 65_536, sample)  # indexed by the sample's unsigned bits
    biased = np.minimum(np.abs(sample), _CLIP) + _BIAS
    exponent = np.floor(np.log2(biased)).astype(np.int32) - 7
    mantissa = (biased >> (exponent + 3)) & 0x0F
    code = np.where(sample < 0, 0x80, 0) | (exponent << 4) | mantissa
    table: NDArray[np.uint8] = (~code & 0xFF).astype(np.uint8)
    return table


_DECODE = _decode_table()
_LOUDNESS = _DECODE.astype(np.float32)
_ENCODE = _encode_table()


def decode(ulaw: bytes | bytearray) -> Samples:
    """One sample a byte; the loudest is ±32,124."""
    decoded: Samples = _DECODE.take(np.frombuffer(ulaw, np.uint8))
    return decoded


def encode(samples: Samples) -> bytes:
    """One byte a sample; samples beyond ±32,635 are clipped (ITU-T G.711)."""
    return _ENCODE[np.ascontiguousarray(samples, np.int16).view(np.uint16)].tobytes()


def energy(ulaw: bytes) -> float:
    """Mean square of the 16-bit samples."""
    samples = _LOUDNESS.take(np.frombuffer(ulaw, np.uint8))
    return float(np.dot(samples, samples)) / len(ulaw) if ulaw else 0.0
