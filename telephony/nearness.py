"""Is the sound on the line somebody at the telephone, a television behind him, or the robot's own voice coming back?"""

import math
from collections import deque
from collections.abc import Collection

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


def samples_of(frames: Collection[bytes]) -> Samples:
    """[frames, samples]; a short frame is filled up, of a long one the beginning taken."""
    ulaw = b"".join(frame[:FRAME_BYTES].ljust(FRAME_BYTES, ULAW_SILENCE) for frame in frames)
    return decode(ulaw).astype(np.float32).reshape(len(frames), FRAME_BYTES)


class Nearness:
    """Knows how loud the line is in general (6 s back); a voice near the telephone stands out from it."""

    _BACK_FRAMES = 300
    _RUN_FRAMES = 10  # what is judged: the loudest fifth of a second
    _FAINTEST_DB = -40.0
    _ABOVE_BACKGROUND_DB = 11.0

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=self._BACK_FRAMES)  # dB
        self._unmeasured: deque[bytes] = deque(maxlen=self._BACK_FRAMES)  # until somebody asks

    def hear(self, ulaw: bytes) -> None:
        """One frame."""
        self._unmeasured.append(ulaw)

    @property
    def near(self) -> bool:
        """The last fifth of a second sounds like somebody at the telephone."""
        self._levels.extend(loudness_db(samples) for samples in samples_of(self._unmeasured))
        self._unmeasured.clear()
        if not self._levels:
            return False
        levels = list(self._levels)
        background = sorted(levels)[len(levels) // 4]
        return max(levels[-self._RUN_FRAMES :]) >= max(self._FAINTEST_DB, background + self._ABOVE_BACKGROUND_DB)


class EchoGuard:
    """Recognises the robot's own sound when the line brings it back, softer and up to half a second later: the same
    wave at one delay. Asked only while there is speech on the line, it costs nothing otherwise."""

    _WINDOW_FRAMES = 12  # of the incoming sound that is compared: 240 ms
    _LATEST_FRAMES = 25  # delay
    _LIKENESS, _SURE_LIKENESS = 0.5, 0.75
    _KNOWN_LIKENESS = 0.3  # at the line's own delay, where nothing else is alike by chance
    _SOFTER_DB = 6.0
    _SAME_DELAY = ULAW_RATE_HZ // 500  # 2 ms

    def __init__(self) -> None:
        frames = self._WINDOW_FRAMES + self._LATEST_FRAMES
        self._robot = deque([ULAW_SILENCE * FRAME_BYTES] * frames, frames)
        self._patient = deque([ULAW_SILENCE * FRAME_BYTES] * self._WINDOW_FRAMES, self._WINDOW_FRAMES)
        self._robot_silent_frames = 1_000
        self._suspected: int | None = None  # delay, samples
        self._known: int | None = None

    def hear(self, ulaw: bytes, robot: bytes) -> None:
        """One frame of the line's sound and what the robot was playing meanwhile."""
        self._patient.append(ulaw)
        self._robot.append(robot[:FRAME_BYTES].ljust(FRAME_BYTES, ULAW_SILENCE))
        self._robot_silent_frames = 0 if robot.strip(ULAW_SILENCE) else self._robot_silent_frames + 1

    def is_echo(self) -> bool:
        """The present sound on the line is the robot's own. In doubt no: then it counts as the patient's."""
        if self._robot_silent_frames >= self._LATEST_FRAMES:
            return False
        robot, patient = samples_of(self._robot).ravel(), samples_of(self._patient).ravel()
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
