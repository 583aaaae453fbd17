"""Vosk as the first-choice recogniser: streaming with partial texts, one model a process, one stream an utterance."""

import asyncio
import json
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from vosk import KaldiRecognizer, Model, SetLogLevel

from agent.model.turn import Hypothesis
from agent.speech.ports import PCM_RATE_HZ, Recognised, RecogniserFailed
from agent.speech.transcript import tidy

_ALTERNATIVES = 5
_DEADLINE_SECONDS = 10.0
_SCORE_SCALE = 10.0  # lattice scores are ten times natural logarithms at the usual acoustic scale of 0.1


def confidences(scores: list[float]) -> list[float]:
    """Shares of the alternatives, which add up to 1, from their lattice scores (best first)."""
    weights = [math.exp((score - scores[0]) / _SCORE_SCALE) for score in scores]
    return [weight / sum(weights) for weight in weights]


def parse_result(answer: str) -> list[Hypothesis]:
    """Vosk's JSON of a finished piece of speech, with or without alternatives; tidied, empty texts left out."""
    data: dict[str, Any] = json.loads(answer)
    if "alternatives" in data:
        rows = [(tidy(row.get("text", "")), float(row.get("confidence", 0.0))) for row in data["alternatives"]]
        rows = [row for row in rows if row[0]]
        shares = confidences([score for _, score in rows]) if rows else []
        return [Hypothesis(text, round(share, 3)) for (text, _), share in zip(rows, shares, strict=True)]
    text = tidy(data.get("text", ""))
    words = [float(word["conf"]) for word in data.get("result", [])]
    confidence = sum(words) / len(words) if words else 0.5
    return [Hypothesis(text, round(confidence, 3))] if text else []


def join_pieces(pieces: list[list[Hypothesis]]) -> tuple[Hypothesis, ...]:
    """One utterance from the pieces that the decoder's own endpoints cut it into: alternatives differ in one piece."""
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return ()
    best = [piece[0] for piece in pieces]
    joined = {"".join(h.text for h in best): min(h.confidence for h in best)}
    for place, piece in enumerate(pieces):
        for other in piece[1:]:
            varied = [*best[:place], other, *best[place + 1 :]]
            joined.setdefault("".join(h.text for h in varied), min(h.confidence for h in varied))
    ranked = sorted(joined.items(), key=lambda item: -item[1])[:_ALTERNATIVES]
    return tuple(Hypothesis(text, confidence) for text, confidence in ranked)


class VoskRecogniser:
    """Decoding runs in `threads` threads (Vosk releases the interpreter's lock); each stream keeps its order."""

    streaming = True

    def __init__(self, folder: Path, threads: int = 2) -> None:
        """Loads the model of `folder`; raises RecogniserFailed("model_unreadable")."""
        SetLogLevel(-1)
        if not (folder / "am").is_dir():  # Vosk ends the process on some broken folders
            raise RecogniserFailed("model_unreadable")
        try:
            self.model = Model(str(folder))
        except Exception as problem:  # Vosk raises bare Exception
            raise RecogniserFailed("model_unreadable") from problem
        self.name = f"vosk:{folder.name}"
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="vosk")

    def submit(self, work: Callable[[], None]) -> Future[None]:
        try:
            return self._pool.submit(work)
        except RuntimeError as closed:
            raise RecogniserFailed("closed") from closed

    def utterance(self) -> "VoskUtterance":
        return VoskUtterance(self)

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)


class VoskUtterance:
    """Sound is queued and decoded in order by at most one thread at a time; `feed` never waits for it."""

    def __init__(self, recogniser: VoskRecogniser, timer: Callable[[], float] = time.perf_counter) -> None:
        self._recogniser = recogniser
        self._timer = timer
        self._lock = threading.Lock()
        self._waiting = bytearray()
        self._busy: Future[None] | None = None
        self._decoder: Any = None  # made in the thread: it takes 80 ms
        self._pieces: list[list[Hypothesis]] = []
        self._partial = ""
        self._told = ""
        self._discarded = False
        self._failure: RecogniserFailed | None = None

    def feed(self, pcm: bytes) -> str | None:
        with self._lock:
            self._waiting += pcm
            if self._busy is None or self._busy.done():
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
            await asyncio.wait_for(self._finish(), _DEADLINE_SECONDS)
        except TimeoutError as late:
            raise RecogniserFailed("too_late") from late
        if self._failure:
            raise self._failure
        return Recognised(join_pieces(self._pieces), self._timer() - began)

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
            if self._decoder is None:
                self._decoder = KaldiRecognizer(self._recogniser.model, PCM_RATE_HZ)
                self._decoder.SetMaxAlternatives(_ALTERNATIVES)
            if self._decoder.AcceptWaveform(pcm):
                self._pieces.append(parse_result(self._decoder.Result()))
            partial = json.loads(self._decoder.PartialResult()).get("partial", "")
        except Exception as problem:  # noqa: BLE001 - Vosk raises bare Exception; `finish` raises what is kept here
            self._failure = RecogniserFailed("decode_failed")
            self._failure.__cause__ = problem
            return
        self._partial = "".join(piece[0].text for piece in self._pieces if piece) + tidy(partial)

    def _end(self) -> None:
        self._drain()
        if self._decoder is not None and not (self._discarded or self._failure):
            self._pieces.append(parse_result(self._decoder.FinalResult()))
