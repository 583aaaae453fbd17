"""Vosk as the first-choice recogniser: streaming with partial texts, one model a process, one stream an utterance."""

import asyncio
import json
import math
import re
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
_BATCH_BYTES = PCM_RATE_HZ * 2 // 10  # 100 ms: a thread is not woken for every frame
_NOT_WORDS = re.compile(r"\[[^\]]*\]|<[^>]*>")  # how models write noise and unknown words


def words_confidence(partial: dict[str, Any]) -> float:
    """Mean of the words' posterior probabilities; 0.5 where the decoder gave none."""
    words = [float(word["conf"]) for word in partial.get("partial_result", [])]
    return sum(words) / len(words) if words else 0.5


def parse_result(answer: str, best_confidence: float) -> list[Hypothesis]:
    """Vosk's JSON of a finished piece of speech, tidied, empty texts left out. The best alternative has
    `best_confidence`; the others fall off from it as their scores (natural logarithms) do."""
    data: dict[str, Any] = json.loads(answer)
    rows = data.get("alternatives") or [{"text": data.get("text", ""), "confidence": 0.0}]
    found: dict[str, float] = {}
    for row in rows:
        text = tidy(_NOT_WORDS.sub(" ", row["text"]))
        if text:
            behind = float(rows[0]["confidence"]) - float(row["confidence"])
            found.setdefault(text, round(best_confidence * math.exp(-max(0.0, behind)), 3))
    return [Hypothesis(text, confidence) for text, confidence in found.items()]


def _joined(pieces: list[Hypothesis]) -> str:
    return tidy(" ".join(piece.text for piece in pieces))


def join_pieces(pieces: list[list[Hypothesis]]) -> tuple[Hypothesis, ...]:
    """One utterance from the pieces that the decoder's own endpoints cut it into: alternatives differ in one piece."""
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return ()
    best = [piece[0] for piece in pieces]
    joined = {_joined(best): min(h.confidence for h in best)}
    for place, piece in enumerate(pieces):
        for other in piece[1:]:
            varied = [*best[:place], other, *best[place + 1 :]]
            joined.setdefault(_joined(varied), min(h.confidence for h in varied))
    ranked = sorted(joined.items(), key=lambda item: -item[1])[:_ALTERNATIVES]
    return tuple(Hypothesis(text, confidence) for text, confidence in ranked)


class VoskRecogniser:
    """Decoding runs in `threads` threads (Vosk releases the interpreter's lock); each stream keeps its order."""

    streaming = True

    def __init__(self, folder: Path, threads: int = 2, deadline_seconds: float = 10.0) -> None:
        """Loads the model of `folder`; raises RecogniserFailed("model_unreadable")."""
        SetLogLevel(-1)
        if not (folder / "am").is_dir():  # Vosk ends the process on some broken folders
            raise RecogniserFailed("model_unreadable")
        try:
            self.model = Model(str(folder))
        except Exception as problem:  # Vosk raises bare Exception
            raise RecogniserFailed("model_unreadable") from problem
        self.name = f"vosk:{folder.name}"
        self.deadline_seconds = deadline_seconds
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
        self._confidence = 0.5  # of the words of the piece under way
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
                self._decoder.SetPartialWords(True)
            if self._decoder.AcceptWaveform(pcm):  # the model's own endpoint: its text must be taken now
                self._pieces.append(parse_result(self._decoder.Result(), self._confidence))
            partial = json.loads(self._decoder.PartialResult())
        except Exception as problem:  # noqa: BLE001 - Vosk raises bare Exception; `finish` raises what is kept here
            self._failure = RecogniserFailed("decode_failed")
            self._failure.__cause__ = problem
            return
        self._confidence = words_confidence(partial)
        so_far = tidy(_NOT_WORDS.sub(" ", partial.get("partial", "")))
        self._partial = "".join(piece[0].text for piece in self._pieces if piece) + so_far

    def _end(self) -> None:
        self._drain()
        if self._decoder is not None and not (self._discarded or self._failure):
            self._pieces.append(parse_result(self._decoder.FinalResult(), self._confidence))
