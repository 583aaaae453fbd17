"""Is the sound on the line somebody at the telephone, a television behind him, or the robot's own voice coming back?"""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from agent.speech.ulaw import ULAW_RATE_HZ, decode
from telephony.line import FRAME_BYTES
from telephony.playback import ULAW_SILENCE

Samples = NDArray[np.float32]

_SILENT_DB = -96.0
_FULL_SCALE = 32_768.0
_FAST_SIZE = 1_000  # a Fourier transform of a multiple of it has small factors only


def loudness_db(samples: Samples) -> float:
    """Of 16-bit samples, in dB of full scale."""
    energy = float(np.dot(samples, samples)) / len(samples) if len(samples) else 0.0
    return 10 * math.log10(energy / _FULL_SCALE**2) if energy > 0 else _SILENT_DB


def samples_of(ulaw: bytes | bytearray) -> Samples:
    return decode(ulaw).astype(np.float32)


class Nearness:
    """Knows how loud the line is in general (6 s back); a voice near the telephone stands out from it."""

    _BACK_FRAMES = 300  # of 20 ms
    _RUN_FRAMES = 10  # what is judged: the loudest fifth of a second
    _FAINTEST_DB = -40.0
    _ABOVE_BACKGROUND_DB = 11.0

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=self._BACK_FRAMES)  # dB
        self._unmeasured = bytearray()  # until somebody asks

    def hear(self, ulaw: bytes) -> None:
        self._unmeasured += ulaw
        del self._unmeasured[: -self._BACK_FRAMES * FRAME_BYTES]

    @property
    def near(self) -> bool:
        """The last fifth of a second sounds like somebody at the telephone."""
        whole = len(self._unmeasured) // FRAME_BYTES * FRAME_BYTES
        frames = samples_of(self._unmeasured[:whole]).reshape(-1, FRAME_BYTES)
        self._levels.extend(loudness_db(samples) for samples in frames)
        del self._unmeasured[:whole]
        if not self._levels:
            return False
        levels = list(self._levels)
        background = sorted(levels)[len(levels) // 4]
        return max(levels[-self._RUN_FRAMES :]) >= max(self._FAINTEST_DB, background + self._ABOVE_BACKGROUND_DB)


class EchoGuard:
    """Recognises the robot's own sound when the line brings it back, softer and up to half a second later: the same
    wave at one delay. Asked only while there is speech on the line, it costs nothing otherwise."""

    _WINDOW_BYTES = 12 * FRAME_BYTES  # of the incoming sound that is compared: 240 ms
    _LATEST_BYTES = 25 * FRAME_BYTES  # delay
    _LIKENESS, _SURE_LIKENESS = 0.5, 0.75
    _KNOWN_LIKENESS = 0.3  # at the line's own delay, where nothing else is alike by chance
    _SOFTER_DB = 6.0
    _SAME_DELAY = ULAW_RATE_HZ // 500  # 2 ms

    def __init__(self) -> None:
        self._robot = bytearray(ULAW_SILENCE * (self._WINDOW_BYTES + self._LATEST_BYTES))
        self._patient = bytearray(ULAW_SILENCE * self._WINDOW_BYTES)
        self._robot_silent_bytes = len(self._robot)
        self._suspected: int | None = None  # delay, samples
        self._known: int | None = None

    def hear(self, ulaw: bytes, robot: bytes) -> None:
        """The line's sound, and what the robot was playing up to its end: longer where sound was lost before it,
        shorter where it repeats some."""
        self._patient += ulaw[max(0, len(ulaw) - len(robot)) :].rjust(len(robot), ULAW_SILENCE)
        self._robot += robot
        del self._patient[: -self._WINDOW_BYTES], self._robot[: -self._WINDOW_BYTES - self._LATEST_BYTES]
        self._robot_silent_bytes = 0 if robot.strip(ULAW_SILENCE) else self._robot_silent_bytes + len(robot)

    def is_echo(self) -> bool:
        """The present sound on the line is the robot's own. In doubt no: then it counts as the patient's."""
        if self._robot_silent_bytes >= self._LATEST_BYTES:
            return False
        robot, patient = samples_of(self._robot), samples_of(self._patient)
        if loudness_db(patient) > loudness_db(robot) - self._SOFTER_DB:
            return False
        alike = likeness(robot, patient)
        if self._known is not None:
            near = alike[max(0, self._known - self._SAME_DELAY) : self._known + self._SAME_DELAY + 1]
            if near.max(initial=0.0) >= self._KNOWN_LIKENESS:
                return True
        return self._learn(int(np.argmax(alike)), float(np.max(alike)))

    def _learn(self, delay: int, alike: float) -> bool:
        """The line's delay becomes known when one match is sure, or two agree."""
        if alike < self._LIKENESS:
            return False
        agree = self._suspected is not None and abs(delay - self._suspected) <= self._SAME_DELAY
        self._suspected = delay
        if not agree and alike < self._SURE_LIKENESS:
            return False
        self._known = delay
        return True


def likeness(long: Samples, short: Samples) -> NDArray[np.float64]:
    """How like `short` (1: the same but for loudness) is what `long` held so many samples before its end."""
    size = len(long) + -len(long) % _FAST_SIZE  # what wraps around lies beyond the last place
    places = len(long) - len(short) + 1
    product = np.fft.rfft(long, size) * np.conj(np.fft.rfft(short, size))
    found = np.fft.irfft(product, size)[:places]
    energy = np.concatenate([[0.0], np.cumsum(np.square(long, dtype=np.float64))])
    energies = energy[len(short) :][:places] - energy[:places]
    own = float(np.dot(short, short))
    audible = energies > 0.05 * float(energies.max(initial=0.0))  # next to silence rounding errors look alike
    normed: NDArray[np.float64] = np.where(audible, found / np.sqrt(np.maximum(energies * own, 1.0)), 0.0)[::-1]
    return normed
