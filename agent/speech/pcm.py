"""16-bit sound as recognisers' models take it."""

import numpy as np
from numpy.typing import NDArray


def samples_of(pcm: bytes) -> NDArray[np.float32]:
    """-1..1; an odd last byte is left out."""
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], np.int16).astype(np.float32) / np.float32(32_768)
