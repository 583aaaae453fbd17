"""faster-whisper as the fallback recogniser: one model a process, decoding in threads, begun early at a pause.

At a pause two decodings begin: a glimpse, one quick text that is good enough to notice a danger in and for nothing
else, and a moment later the whole one, whose words are the utterance's if nothing follows."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from agent.model.turn import Hypothesis
from agent.speech.ports import PCM_RATE_HZ, Recognised, RecogniserFailed
from agent.speech.whisper_decoder import Wanted, WhisperDecoder, WhisperSettings, always

_FRAME_SAMPLES = PCM_RATE_HZ * 32 // 1_000
_LONGEST_BYTES = 60 * PCM_RATE_HZ * 2  # an utterance is cut at 20 s; this only bounds memory

Tell = Callable[[tuple[Hypothesis, ...]], None]
Decode = Callable[[bytes, Wanted], tuple[Hypothesis, ...]]


class Decoder(Protocol):
    @property
    def settings(self) -> WhisperSettings: ...

    def decode(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        """Raises RecogniserFailed, and NotWanted between two steps."""
        ...


@runtime_checkable
class Asking(Protocol):
    """A decoder that does more for whom knows the question."""

    def asked(self, question: str) -> Decoder: ...


@runtime_checkable
class Glimpsing(Protocol):
    """A decoder that also writes one quick text."""

    def glimpse(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]: ...


@dataclass(frozen=True, slots=True)
class Decoding:
    """One decoding, waiting or under way."""

    result: Future[tuple[Hypothesis, ...]]
    unwanted: Event

    def give_up(self) -> None:
        """One that waits never begins, one under way ends with its present step."""
        self.unwanted.set()
        self.result.cancel()

    @property
    def words(self) -> tuple[Hypothesis, ...] | None:
        """None while it lasts, and where it failed."""
        if not self.result.done() or self.result.cancelled() or self.result.exception() is not None:
            return None
        return self.result.result()


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
    """`workers` utterances decode at once; more wait their turn, and a speculation that waits is given up for them. A
    glimpse only takes a worker that nobody else wants."""

    streaming = False

    def __init__(self, decoder: Decoder, name: str = "whisper:base-int8") -> None:
        self.name = name
        self.settings = decoder.settings
        self._decoder = decoder
        self._pool = ThreadPoolExecutor(decoder.settings.workers, thread_name_prefix="whisper")
        self._pending = 0
        self._glimpses: list[Decoding] = []  # oldest first

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
        """A worker is free right now, or busy with nothing but a glimpse."""
        return self._pending < self.settings.workers

    def submit(self, pcm: bytes, question: str = "", wanted: Wanted = always) -> Decoding:
        """Queues one decoding, given up once it is not `wanted` (asked in the worker's thread). Raises
        RecogniserFailed("closed")."""
        glimpses = self._wanted_glimpses()
        for glimpse in glimpses[: max(0, self._pending + 1 + len(glimpses) - self.settings.workers)]:
            glimpse.give_up()
        decoding = self._begin(self._asked(question).decode, pcm, wanted)
        self._pending += 1
        decoding.result.add_done_callback(self._done)
        return decoding

    def glimpse(self, pcm: bytes, question: str, wanted: Wanted, *, alone: bool) -> Decoding | None:
        """A quick text of the sound, else like `submit`; None where the decoder writes none, no worker is free or, if
        it is to be `alone`, anybody's words are being decoded or glimpsed."""
        decoder = self._asked(question)
        if not isinstance(decoder, Glimpsing) or self._pending + len(self._glimpses) >= self.settings.workers:
            return None
        if alone and (self._pending or self._wanted_glimpses()):
            return None
        glimpse = self._begin(decoder.glimpse, pcm, wanted)
        self._glimpses.append(glimpse)
        glimpse.result.add_done_callback(lambda _: self._glimpses.remove(glimpse))
        return glimpse

    def utterance(self) -> "WhisperUtterance":
        return WhisperUtterance(self)

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)

    def _asked(self, question: str) -> Decoder:
        decoder = self._decoder
        return decoder.asked(question) if question and isinstance(decoder, Asking) else decoder

    def _wanted_glimpses(self) -> list[Decoding]:
        return [glimpse for glimpse in self._glimpses if not glimpse.unwanted.is_set()]

    def _begin(self, decode: Decode, pcm: bytes, wanted: Wanted) -> Decoding:
        unwanted = Event()
        try:
            return Decoding(self._pool.submit(decode, pcm, lambda: not unwanted.is_set() and wanted()), unwanted)
        except RuntimeError as closed:
            raise RecogniserFailed("closed") from closed

    def _done(self, _: Future[tuple[Hypothesis, ...]]) -> None:
        self._pending -= 1


class WhisperUtterance:
    """Collects one utterance's sound; its words so far are known a while after a pause began."""

    def __init__(self, recogniser: WhisperRecogniser, timer: Callable[[], float] = time.perf_counter) -> None:
        self._recogniser = recogniser
        self._timer = timer
        self._pcm = bytearray()
        self._speculation: Decoding | None = None
        self._speculated_bytes = 0
        self._late = False  # a pause lasts for which no worker has been free
        self._told = True  # the words of the present speculation were handed on, or are stale
        self._glimpse: Decoding | None = None
        self._glimpsed_bytes = 0
        self._tell: Tell | None = None
        self._question = ""

    def attend(self, question: str) -> None:
        """Tells which question is being answered."""
        self._question = question

    def feed(self, pcm: bytes) -> str | None:
        self._pcm += pcm[: max(0, _LONGEST_BYTES - len(self._pcm))]
        if self._late and self._recogniser.idle:
            self._begin()
        if self._told or self._speculation is None or not self._speculation.result.done():
            return None
        self._told = True
        words = self._speculation.words  # what it raised is raised by `finish`
        if words is None or not self._nothing_said_since(self._speculated_bytes):
            return None
        return words[0].text if words else ""

    @property
    def coming(self) -> bool:
        return self._speculation is not None and not self._told

    def tell_glimpses(self, tell: Tell) -> None:
        self._tell = tell

    def glimpse(self) -> None:
        """Not while anybody's words are being decoded; not again where nothing was said since the last one."""
        self._look(alone=True)

    def _look(self, *, alone: bool) -> None:
        if self._tell is None or (self._glimpse is not None and self._nothing_said_since(self._glimpsed_bytes)):
            return
        self._give_up_glimpse()
        pcm = bytes(self._pcm)
        still = partial(self._nothing_said_since, len(pcm))
        self._glimpse = self._recogniser.glimpse(pcm, self._question, still, alone=alone)
        self._glimpsed_bytes = len(pcm)
        if self._glimpse is not None:
            told, loop = partial(self._glimpsed, self._glimpse, self._tell), asyncio.get_running_loop()
            self._glimpse.result.add_done_callback(lambda _: loop.call_soon_threadsafe(told))

    def speculate(self) -> None:
        """Decodes what is there as soon as a worker is free; a later pause replaces the attempt, unless nothing was
        said in between."""
        if self._speculation is not None and self._nothing_said_since(self._speculated_bytes):
            return
        self._give_up()
        self._late = not self._recogniser.idle
        if not self._late:
            self._begin()

    def resume(self) -> None:
        """The pause is over: nothing is begun for it any more."""
        self._late = False

    async def finish(self) -> Recognised:
        began = self._timer()
        pcm = bytes(self._pcm)
        if self._speculation and not only_silence_since(pcm, self._speculated_bytes):
            self._give_up()
        decoding = self._speculation or self._recogniser.submit(pcm, self._question)
        try:
            hypotheses = await asyncio.wait_for(
                asyncio.wrap_future(decoding.result), self._recogniser.settings.deadline_seconds
            )
        except TimeoutError as late:
            raise RecogniserFailed("too_late") from late
        return Recognised(hypotheses, self._timer() - began)

    def discard(self) -> None:
        self._give_up()
        self._give_up_glimpse()
        self._pcm.clear()

    def _begin(self) -> None:
        self._late, self._told, self._speculated_bytes = False, False, len(self._pcm)
        pcm = bytes(self._pcm)
        still = partial(self._nothing_said_since, len(pcm))
        self._speculation = self._recogniser.submit(pcm, self._question, still)
        self._look(alone=False)

    def _nothing_said_since(self, mark: int) -> bool:
        """Also asked in the workers' threads: what nobody can use any more is not decoded to its end."""
        return only_silence_since(bytes(self._pcm), mark)

    def _glimpsed(self, glimpse: Decoding, tell: Tell) -> None:
        if glimpse is self._glimpse and glimpse.words and self._nothing_said_since(self._glimpsed_bytes):
            tell(glimpse.words)

    def _give_up(self) -> None:
        self._late = False
        if self._speculation:
            self._speculation.give_up()
        self._speculation = None

    def _give_up_glimpse(self) -> None:
        if self._glimpse:
            self._glimpse.give_up()
        self._glimpse = None
