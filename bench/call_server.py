"""A media server for benchmarks, one process: real wire, call, turn-taking and recording; recogniser and conversation
are stubs that answer at once. `GET /figures` says what the process used, `GET /moments` when each frame was handled."""

import argparse
import asyncio
import contextlib
import os
import resource
import tempfile
import time
from array import array
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from agent.model.clock import new_id, utc_now
from agent.model.contact import AttemptOutcome
from agent.model.escalation import TechnicalCause
from agent.model.turn import Hypothesis, Reply, Turn, TurnKind
from agent.speech.onnx_vad import vads_for_calls
from agent.speech.ports import Recognised
from agent.speech.segmenter import Segmenter
from agent.speech.vad import AnyVad, VadFrame
from bench.call_wire import settings
from machine.memory import settle
from telephony.audio import TwoChannelRecorder, Upsampler
from telephony.call import PhoneCall
from telephony.call_parts import CallParts
from telephony.ear import Ear
from telephony.line import FRAME_SECONDS, CallHandler, Line
from telephony.steady_socket import SteadySocket
from telephony.twilio import media_router

SENTENCE = "好的，谢谢您，我们接着问下一个问题。"
SENTENCE_SECONDS = 2.0


class Parrot:
    """A conversation that always says the same sentence, and counts what it was told."""

    def __init__(self) -> None:
        self.turns: Counter[TurnKind] = Counter()
        self.ended: set[str] = set()
        self.recordings: dict[str, float] = {}

    async def contact_of(self, attempt_id: str) -> str:
        return attempt_id

    async def transferring(self, attempt_id: str) -> bool:
        return False

    async def receive(self, turn: Turn) -> Reply:
        self.turns[turn.kind] += 1
        if turn.kind is TurnKind.HANGUP:
            self.ended.add(turn.attempt_id)
        return Reply((SENTENCE,), patience_seconds=30.0)

    async def machine(self, turn: Turn, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        return None

    async def given_up(self, turn: Turn, cause: TechnicalCause) -> Reply:
        return Reply((SENTENCE,), end=True)

    async def note_recording(self, attempt_id: str, path: str, seconds: float) -> None:
        self.recordings[attempt_id] = seconds

    async def overhear(self, turn: Turn) -> None:
        return None

    async def note_reply_audio(self, turn_id: str, seconds: float) -> None:
        return None


class Prompt:
    async def ulaw(self, text: str) -> bytes:
        return b"\x30\xb0" * int(SENTENCE_SECONDS * 4_000)


class AnswersAtOnce:
    """One utterance of a recogniser that costs nothing."""

    def feed(self, pcm: bytes) -> str | None:
        return None

    def speculate(self) -> None:
        return None

    async def finish(self) -> Recognised:
        return Recognised((Hypothesis("没有", 0.9),), 0.0)

    def discard(self) -> None:
        return None


class Stub:
    name, streaming = "stub", False

    def utterance(self) -> AnswersAtOnce:
        return AnswersAtOnce()

    async def close(self) -> None:
        return None


class NoVad:
    """Never hears a voice: what the rest of the call costs."""

    def feed(self, pcm: bytes) -> list[VadFrame]:
        return []


class Timed:
    """A call whose frames are timed by the machine's clock; the loop's own stands still while it works."""

    def __init__(self, call: PhoneCall, moments: "array[float]", heard: Callable[[float], None]) -> None:
        self._call, self._moments, self._heard = call, moments, heard
        self.digit, self.marked, self.ended, self.run = call.digit, call.marked, call.ended, call.run

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        missing = round(at_ms / 1000 / FRAME_SECONDS) - len(self._moments)
        self._moments.extend([0.0] * missing)
        self._moments.append(time.monotonic())
        self._heard(at_ms / 1000 + FRAME_SECONDS)
        self._call.heard(ulaw, at_ms)


class Bench:
    def __init__(self, port: int, folder: Path, *, vad: bool) -> None:
        self._port, self._vad = port, vad
        self._new_vad = vads_for_calls()
        self.parrot = Parrot()
        self.moments: dict[str, array[float]] = {}  # by attempt: when each frame was handled, 0 where none came
        self.heard: dict[str, float] = {}  # by attempt: seconds of sound that reached the call
        self.parts = CallParts(
            conversation=self.parrot, prompts=Prompt(), new_ear=self._ear, new_recorder=TwoChannelRecorder,
            recordings=folder, now=utc_now, new_id=new_id, apology=SENTENCE,
        )  # fmt: skip

    def _ear(self, on_change: Any) -> Ear:
        vad: AnyVad = self._new_vad() if self._vad else NoVad()
        return Ear(Stub(), vad, Segmenter(), Upsampler(), on_change)

    def app(self) -> FastAPI:
        app = FastAPI()
        app.include_router(media_router(settings(self._port), self._call, utc_now))

        @app.get("/figures")
        async def figures() -> dict[str, Any]:
            """Processor seconds and megabytes of this process; what became of the calls."""
            used = resource.getrusage(resource.RUSAGE_SELF)
            return {
                "cpu_seconds": used.ru_utime + used.ru_stime,
                "waited_seconds": waited_seconds(),
                "rss_mb": resident_mb(),
                "turns": {kind.value: count for kind, count in self.parrot.turns.items()},
                "ended": sorted(self.parrot.ended),
                "recorded_seconds": self.parrot.recordings,
                "heard_seconds": self.heard,
                "tasks": len(asyncio.all_tasks()),
            }

        @app.get("/moments")
        async def moments() -> dict[str, list[float]]:
            return {attempt: list(found) for attempt, found in self.moments.items()}

        return app

    def _call(self, line: Line, attempt_id: str) -> CallHandler:
        def heard(seconds: float) -> None:
            self.heard[attempt_id] = max(seconds, self.heard.get(attempt_id, 0.0))

        self.heard[attempt_id] = 0.0
        self.moments[attempt_id] = array("d")
        return Timed(PhoneCall(line, attempt_id, self.parts), self.moments[attempt_id], heard)


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def waited_seconds() -> float:
    """How long this process was ready to work and the core was somebody else's (Linux's schedstat)."""
    return int(Path("/proc/self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9


def claim_cores(cores: set[int], process: int = 0) -> None:
    """These cores are to be that process's (0: ours): by affinity, and before whatever else runs on them where the
    system allows it."""
    os.sched_setaffinity(process, cores)
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(process, os.SCHED_FIFO, os.sched_param(1))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--core", type=int, help="the processor core to stay on")
    parser.add_argument("--no-vad", action="store_true")
    args = parser.parse_args()
    if args.core is not None:
        claim_cores({args.core})
    with tempfile.TemporaryDirectory(prefix="suifang-bench-") as folder:
        bench = Bench(args.port, Path(folder), vad=not args.no_vad)
        settle()
        uvicorn.run(bench.app(), host="127.0.0.1", port=args.port, log_level="critical", ws=SteadySocket)


if __name__ == "__main__":
    main()
