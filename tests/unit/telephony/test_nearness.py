"""Whose sound is on the line."""

import numpy as np
import pytest

from agent.speech.ulaw import encode
from telephony.line import FRAME_BYTES
from telephony.nearness import EchoGuard, Nearness

FRAMES = 60


def noise(seed: int, rms: float, frames: int = FRAMES) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, rms, frames * FRAME_BYTES)


def frames(sound: np.ndarray) -> list[bytes]:
    ulaw = encode(sound.clip(-32_000, 32_000).astype(np.int16))
    return [ulaw[at : at + FRAME_BYTES] for at in range(0, len(ulaw), FRAME_BYTES)]


def heard(robot: np.ndarray, patient: np.ndarray) -> bool:
    guard = EchoGuard()
    for said, came in zip(frames(robot), frames(patient), strict=True):
        guard.hear(came, said)
        guard.is_echo()
    return guard.is_echo()


@pytest.mark.parametrize("delay_ms", [40, 120, 400])
@pytest.mark.parametrize("line_noise", [0, 300])
def test_the_robot_s_own_sound_softer_and_later_is_an_echo(delay_ms: int, line_noise: int) -> None:
    robot = noise(1, 3_000)
    late = np.roll(robot, delay_ms * 8) * 0.1
    assert heard(robot, late + noise(2, line_noise))


def test_somebody_else_is_not() -> None:
    assert not heard(noise(1, 3_000), noise(2, 3_000))
    assert not heard(noise(1, 3_000), noise(2, 300))
    assert not heard(noise(1, 0), noise(2, 300))


def test_a_patient_over_the_echo_is_the_patient() -> None:
    robot = noise(1, 3_000)
    assert not heard(robot, np.roll(robot, 960) * 0.1 + noise(2, 3_000))


def stands_out(*parts: np.ndarray) -> bool:
    nearness = Nearness()
    for ulaw in frames(np.concatenate(parts)):
        nearness.hear(ulaw)
    return nearness.near


def test_a_voice_at_the_telephone_stands_out_from_the_room() -> None:
    room, television = noise(1, 100, 200), noise(2, 300, 200)
    assert stands_out(room, noise(3, 3_000, 20))
    assert not stands_out(room, television)  # too faint for somebody at the telephone
    assert stands_out(television, noise(3, 3_000, 20))
    assert not stands_out(noise(2, 1_500, 200), noise(4, 2_000, 20))  # no louder than what goes on all the time


def test_sound_that_was_lost_or_comes_twice_does_not_shift_the_echo() -> None:
    robot = noise(1, 3_000)
    late = np.roll(robot, 960) * 0.1
    guard, said, came = EchoGuard(), b"".join(frames(robot)), b"".join(frames(late))
    guard.hear(came[:4_000], said[:4_000])
    guard.hear(came[4_800:5_600], said[4_000:5_600])  # 100 ms were lost
    guard.hear(came[5_440:5_600], b"")  # a frame again
    guard.hear(came[5_440:7_000], said[5_600:7_000])  # and its end with new sound
    assert guard.is_echo()
