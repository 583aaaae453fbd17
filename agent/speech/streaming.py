"""Recognisers that decode while the patient speaks: sound is queued and decoded in order, never waited for."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from agent.model.turn import Hypothesis
from agent.speech.ports import PCM_RATE_HZ, Recognised, RecogniserFailed

_BATCH_BYTES = PCM_RATE_HZ * 2 // 10  # 100 ms: a thread is not woken for every frame


class Decoding(Protocol):
    """One utterance inside an engine; called by one thread at a time. May raise whatever the engine raises."""

    def accept(self, pcm: bytes) -> str:
        """Takes 16 kHz PCM; returns the text so far."""
        ...

    def finish(self) -> tuple[Hypothesis, ...]: ...


class StreamingRecogniser:
    """Decoding runs in `threads` threads; each utterance keeps its order. `new_decoding` is called in them."""

    streaming = True

    def __init__(
        self, name: str, new_decoding: Callable[[], Decoding], threads: int = 2, deadline_seconds: float = 10.0
    ) -> None:
        self.name = name
        self.deadline_seconds = deadline_seconds
        self.new_decoding = new_decoding
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name.split(":")[0])

    def submit(self, work: Callable[[], None]) -> Future[None]:
        try:
            return self._pool.submit(work)
        except RuntimeError as closed:
            raise RecogniserFailed("closed") from closed

    def utterance(self) -> "StreamingUtterance":
        return StreamingUtterance(self)

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)


class StreamingUtterance:
    """Sound is decoded in order by at most one thread at a time; `feed` never waits for it."""

    def __init__(self, recogniser: StreamingRecogniser, timer: Callable[[], float] = time.perf_counter) -> None:
        self._recogniser = recogniser
        self._timer = timer
        self._lock = threading.Lock()
        self._waiting = bytearray()
        self._busy: Future[None] | None = None
        self._decoding: Decoding | None = None
        self._hypotheses: tuple[Hypothesis, ...] = ()
        self._partial = ""
        self._told = ""
        self._discarded = False
        self._failure: RecogniserFailed | None = None

    def feed(self, pcm: bytes) -> str | None:
        with self._lock:
            self._waiting += pcm
            if self._busy is None and len(self._waiting) >= _BATCH_BYTES:
                self._busy = self._recogniser.submit(self._drain)
            partial = self._partial
        if partial == self._told:
            return None
        self._told = partial
        return partial

    def speculate(self) -> None:
        """Nothing to do: decoding keeps up with the sound."""

    async def finish(self) -> Recognised:
        began = self._timer()
        try:
            await asyncio.wait_for(self._finish(), self._recogniser.deadline_seconds)
        except TimeoutError as late:
            raise RecogniserFailed("too_late") from late
        if self._failure:
            raise self._failure
        return Recognised(self._hypotheses, self._timer() - began)

    def discard(self) -> None:
        with self._lock:
            self._discarded = True
            self._waiting.clear()

    async def _finish(self) -> None:
        if self._busy is not None:
            await asyncio.wrap_future(self._busy)
        await asyncio.wrap_future(self._recogniser.submit(self._end))

    def _drain(self) -> None:
        while pcm := self._take():
            self._accept(pcm)

    def _take(self) -> bytes:
        with self._lock:
            pcm = bytes(self._waiting)
            self._waiting.clear()
            if not pcm:
                self._busy = None  # under the lock: the next `feed` starts a new thread's work
            return pcm

    def _accept(self, pcm: bytes) -> None:
        if self._failure:
            return
        try:
            if self._decoding is None:
                self._decoding = self._recogniser.new_decoding()
            self._partial = self._decoding.accept(pcm)
        except Exception as problem:  # noqa: BLE001 - engines raise bare Exception; `finish` raises what is kept here
            self._failure = RecogniserFailed("decode_failed")
            self._failure.__cause__ = problem

    def _end(self) -> None:
        self._drain()
        if self._decoding is not None and not (self._discarded or self._failure):
            self._hypotheses = self._decoding.finish()
