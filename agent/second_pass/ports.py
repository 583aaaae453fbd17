"""What the second pass asks of the recordings and of hearing."""

from collections.abc import Callable
from typing import Protocol

from agent.model.turn import AudioSpan
from agent.speech.ports import Recogniser


class NoTape(Exception):
    """The recording is not on disk, or nothing can be read from it."""


class Tapes(Protocol):
    """Recordings by their path, relative to the recordings' folder. Both methods block and raise NoTape."""

    def patient(self, path: str) -> bytes:
        """16 kHz PCM of the patient's channel."""
        ...

    def repair(self, path: str) -> float:
        """Makes the header of a file whose process died fit; returns seconds."""
        ...


LoadRecogniser = Callable[[], Recogniser]
"""Loads the second pass's own recogniser: blocks for seconds. Raises RecogniserFailed."""
FindSpeech = Callable[[bytes], list[AudioSpan]]
"""Where somebody speaks in 16 kHz PCM: blocks, about 1.5 % of the sound's length."""
