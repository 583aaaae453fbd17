"""A call's recording, read back."""

import wave
from pathlib import Path

import numpy as np
import soxr

from agent.second_pass.ports import NoTape
from agent.speech.ports import PCM_RATE_HZ
from telephony.recorder import repair_recording


class RecordingsOnDisk:
    """Recordings below one folder. Raises NoTape for what is not there or is no recording of ours."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def patient(self, path: str) -> bytes:
        try:
            with wave.open(str(self._folder / path)) as file:
                rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
                samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        except (OSError, EOFError, wave.Error) as problem:
            raise NoTape from problem
        if width != 2:
            raise NoTape
        left = np.ascontiguousarray(samples.reshape(-1, channels)[:, 0])
        pcm: bytes = soxr.resample(left, rate, PCM_RATE_HZ, quality="MQ").tobytes()
        return pcm

    def repair(self, path: str) -> float:
        try:
            return repair_recording(self._folder / path)
        except OSError as problem:
            raise NoTape from problem
