"""What follows an utterance in the model's window is silence as the model knows it, at every length of the sound."""

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.speech.ports import PCM_RATE_HZ
from agent.speech.whisper_decoder import WhisperDecoder


def mel_of(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """As the feature extractor gives it: never more than two below its loudest place."""
    frames = len(samples) // 160
    mel = np.linspace(-1.4, 0.6, 80 * frames, dtype=np.float32)
    return mel.reshape(80, frames)


@pytest.mark.parametrize("padding_seconds", [3.0, 5.0, None])
def test_the_window_behind_the_words_is_as_quiet_as_the_quietest_place(padding_seconds: float | None) -> None:
    decoder = object.__new__(WhisperDecoder)  # without the model, which this step does not need
    decoder._features = mel_of
    samples = np.zeros(PCM_RATE_HZ, np.float32)
    window = decoder._mel(samples, padding_seconds)
    frames = 3_000 if padding_seconds is None else round((1 + padding_seconds) * 100)
    assert window.shape == (1, 80, frames)
    assert np.all(window[0, :, 100:] == window.min())
    assert np.array_equal(window[0, :, :100], mel_of(samples))
