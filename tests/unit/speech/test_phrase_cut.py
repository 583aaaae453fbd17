"""Where a phrase began, in sound with breaths."""

import numpy as np
import pytest

from agent.speech.phrase_cut import phrase_start
from agent.speech.ulaw import encode

RATE = 8_000


def spoken(*seconds: float, breath: float = 0.15) -> bytes:
    parts = []
    for each in seconds:
        noise = np.random.default_rng(1).normal(0, 5_000, int(each * RATE))
        parts += [noise, np.zeros(int(breath * RATE))]
    return encode(np.concatenate(parts).clip(-32_000, 32_000).astype(np.int16))


@pytest.mark.parametrize(("cut", "start"), [(0.5, 0.0), (1.5, 1.15), (2.0, 1.15), (3.0, 2.3)])
def test_the_phrase_that_was_cut_is_said_again_whole(cut: float, start: float) -> None:
    found = phrase_start(spoken(1.0, 1.0, 1.0), int(cut * RATE)) / RATE
    assert found == pytest.approx(start, abs=0.06) and found <= cut


def test_without_a_breath_at_most_five_seconds_are_said_again() -> None:
    assert phrase_start(spoken(9.0), 8 * RATE) == 3 * RATE
    assert phrase_start(b"", 0) == 0
