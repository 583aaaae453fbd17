"""faster-whisper as the fallback recogniser: one model a process, decoding in threads, begun early at a pause."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from agent.model.turn import Hypothesis
from agent.speech.ports import PCM_RATE_HZ, Recognised, RecogniserFailed
from agent.speech.whisper_decoder import WhisperDecoder, WhisperSettings

_FRAME_SAMPLES = PCM_RATE_HZ * 32 // 1_000
_LONGEST_BYTES = 60 * PCM_RATE_HZ * 2  # an utterance is cut at 20 s; this only bounds memory

Decoded = Future[tuple[Hypothesis, ...]]


class Decoder(Protocol):
    @property
    def settings(self) -> WhisperSettings: ...

    def decode(self, pcm: bytes) -> tuple[Hypothesis, ...]: ...


@runtime_checkable
class Asking(Protocol):
    """A decoder that does more for whom knows the question."""

    def asked(self, question: str) -> Decoder: ...


Around = Callable[[WhisperDecoder], Decoder]  # puts more understanding around the bare decoder


def _frame_loudness(pcm: bytes) -> NDArray[np.float64]:
    samples = np.frombuffer(pcm, np.int16).astype(np.float64)
    whole = len(samples) // _FRAME_SAMPLES * _FRAME_SAMPLES
    loudness: NDArray[np.float64] = np.sqrt(np.mean(samples[:whole].reshape(-1, _FRAME_SAMPLES) ** 2, axis=1))
    return loudness


def only_silence_since(pcm: bytes, mark: int) -> bool:
    """True when nothing after byte `mark` is as loud as speech in this utterance; in doubt False, which costs a
    second decoding but no words."""
    tail = _frame_loudness(pcm[mark:])
    if not len(tail):
        return True
    loudness = _frame_loudness(pcm[:mark])
    if not len(loudness):
        return False
    quiet, loud = np.percentile(loudness, [10, 90])
    if loud < 2.5 * max(quiet, 1.0):
        return bool(tail.max() <= 1.5 * quiet)
    return bool(tail.max() < np.sqrt(max(quiet, 1.0) * loud))


class WhisperRecogniser:
    """`workers` utterances decode at once; more wait their turn, and a speculation that waits is given up for them."""

    streaming = False

    def __init__(self, decoder: Decoder, name: str = "whisper:base-int8") -> None:
        self.name = name
        self.settings = decoder.settings
        self._decoder = decoder
        self._pool = ThreadPoolExecutor(decoder.settings.workers, thread_name_prefix="whisper")
        self._pending = 0

    @classmethod
    def load(
        cls, folder: Path, settings: WhisperSettings | None = None, around: Around | None = None
    ) -> "WhisperRecogniser":
        """Loads the model (about a second, 390 MB); raises RecogniserFailed("model_unreadable")."""
        try:
            decoder = WhisperDecoder(folder, settings or WhisperSettings())
        except (RuntimeError, ValueError, OSError) as problem:
            raise RecogniserFailed("model_unreadable") from problem
        return cls(around(decoder) if around else decoder, f"whisper:{folder.name}")

    @property
    def idle(self) -> bool:
        """A worker is free right now."""
        return self._pending < self.settings.workers

    def submit(self, pcm: bytes, question: str = "") -> Decoded:
        """Queues one decoding; raises RecogniserFailed("closed")."""
        decoder = self._decoder
        if question and isinstance(decoder, Asking):
            decoder = decoder.asked(question)
        try:
            decoding = self._pool.submit(decoder.decode, pcm)
        except RuntimeError as closed:
            raise RecogniserFailed("closed") from closed
        self._pending += 1
        decoding.add_done_callback(self._done)
        return decoding

    def utterance(self) -> "WhisperUtterance":
        return WhisperUtterance(self)

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)

    def _done(self, _: Decoded) -> None:
        self._pending -= 1


class WhisperUtterance:
    """Collects one utterance's sound; its words so far are known a while after a pause began."""

    def __init__(self, recogniser: WhisperRecogniser, timer: Callable[[], float] = time.perf_counter) -> None:
        self._recogniser = recogniser
        self._timer = timer
        self._pcm = bytearray()
        self._speculation: Decoded | None = None
        self._speculated_bytes = 0
        self._told = True  # the words of the present speculation were handed on, or are stale
        self._question = ""

    def attend(self, question: str) -> None:
        """Tells which question is being answered."""
        self._question = question

    def feed(self, pcm: bytes) -> str | None:
        self._pcm += pcm[: max(0, _LONGEST_BYTES - len(self._pcm))]
        if self._told or self._speculation is None or not self._speculation.done():
            return None
        self._told = True
        if self._speculation.cancelled() or self._speculation.exception() is not None:
            return None  # `finish` raises it
        if not only_silence_since(bytes(self._pcm), self._speculated_bytes):
            return None
        words = self._speculation.result()
        return words[0].text if words else ""

    @property
    def coming(self) -> bool:
        return self._speculation is not None and not self._told

    def speculate(self) -> None:
        """Decodes what is there, if a worker is free; a later pause replaces the attempt."""
        self._give_up()
        if self._recogniser.idle:
            self._speculated_bytes, self._told = len(self._pcm), False
            self._speculation = self._recogniser.submit(bytes(self._pcm), self._question)

    async def finish(self) -> Recognised:
        began = self._timer()
        pcm = bytes(self._pcm)
        if self._speculation and not only_silence_since(pcm, self._speculated_bytes):
            self._give_up()
        decoding = self._speculation or self._recogniser.submit(pcm, self._question)
        try:
            hypotheses = await asyncio.wait_for(
                asyncio.wrap_future(decoding), self._recogniser.settings.deadline_seconds
            )
        except TimeoutError as late:
            raise RecogniserFailed("too_late") from late
        return Recognised(hypotheses, self._timer() - began)

    def discard(self) -> None:
        self._give_up()
        self._pcm.clear()

    def _give_up(self) -> None:
        if self._speculation:
            self._speculation.cancel()
        self._speculation = None
