"""The line's own noise is told from a voice by its energy, and never the other way round."""

import numpy as np

from agent.speech.stillness import Stillness
from agent.speech.vad import CHUNK_SAMPLES

QUIET, SPEECH = 0.05, 0.9


def noise(seed: int, rms: float, chunks: int = 1) -> np.ndarray:
    sound = np.random.default_rng(seed).normal(0, rms, chunks * CHUNK_SAMPLES)
    return sound.astype(np.int16).reshape(chunks, CHUNK_SAMPLES)


def held(stillness: Stillness, sound: np.ndarray, judgement: float) -> int:
    """How many chunks were held for still; the others are judged so."""
    found = 0
    for chunk in sound:
        if stillness.holds(float(np.mean(np.square(chunk.astype(float))))):
            found += 1
        else:
            stillness.judged(judgement)
    return found


def test_steady_noise_is_still_once_it_was_judged_to_be_no_speech() -> None:
    assert held(Stillness(), noise(1, 100, 200), QUIET) > 180
    assert held(Stillness(), noise(1, 100, 200), SPEECH) == 0


def test_a_line_that_sends_nothing_is_still_from_the_start() -> None:
    assert held(Stillness(), np.zeros((50, CHUNK_SAMPLES), np.int16), SPEECH) == 50


def test_a_voice_as_loud_as_the_noise_is_judged() -> None:
    stillness = Stillness()
    held(stillness, noise(1, 100, 200), QUIET)
    assert held(stillness, noise(2, 100 * 2**0.5, 20), SPEECH) <= 1


def test_a_loud_line_is_never_still() -> None:
    assert held(Stillness(), noise(1, 400, 400), QUIET) == 0


def test_speech_that_begins_the_call_does_not_pass_for_noise() -> None:
    stillness = Stillness()
    assert held(stillness, noise(1, 250, 30), SPEECH) == 0
    assert held(stillness, noise(2, 250, 30), SPEECH) == 0


def test_sound_is_soft_with_the_voice_s_last_chunk_whatever_speech_was_judged_to_last() -> None:
    stillness = Stillness()
    held(stillness, noise(1, 300, 40), QUIET)
    held(stillness, noise(2, 3_000, 20), SPEECH)
    assert stillness.soft_chunks == 0
    held(stillness, noise(3, 300, 3), SPEECH)
    assert stillness.soft_chunks == 3
    held(stillness, noise(4, 600, 1), SPEECH)
    assert stillness.soft_chunks == 0
