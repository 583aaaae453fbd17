"""How many calls one core carries: real wire, call, voice activity and recording; the recogniser is a stub. The carrier
has the other cores to itself."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bench.call_server import claim_cores
from bench.call_wire import LoadedLine, Outcome, caller, tails
from folders import ROOT
from machine.served import free_port
from telephony.line import FRAME_SECONDS

_VOICES = 25  # different callers, so that a handful of calls speaks at the same moments, not a crowd
_STAGGER_SECONDS = 4.0  # the calls begin spread over this time


@asynccontextmanager
async def media_server(*flags: str, core: int | None = 0) -> AsyncIterator[tuple[int, httpx.AsyncClient]]:
    """(port, client for its figures) of a media server in a process of its own: on one core, and we on the others, so
    that neither waits for the other or for anybody else."""
    port = free_port()
    pinned = [] if core is None else ["--core", str(core)]
    command = [sys.executable, "-m", "bench.call_server", "--port", str(port), *pinned, *flags]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
            while process.returncode is None:
                with contextlib.suppress(httpx.HTTPError):
                    await client.get("/figures")
                    break
                await asyncio.sleep(0.2)
            with beside(core):
                yield port, client
    finally:
        process.terminate()
        await process.wait()


@contextlib.contextmanager
def beside(core: int | None) -> Iterator[None]:
    """The carrier's side has the other cores."""
    ours = os.sched_getaffinity(0)
    if core is None or ours == {core}:
        yield
        return
    claim_cores(ours - {core})
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        os.sched_setaffinity(0, ours)


def _late(outcomes: dict[str, Outcome], handled: Mapping[str, Sequence[float]]) -> list[float]:
    """Seconds from when a frame left the carrier to when the call had it."""
    both = (zip(outcome.moments, handled.get(attempt, ()), strict=False) for attempt, outcome in outcomes.items())
    return [heard - left for pairs in both for left, heard in pairs if heard]


def _shares(seconds: list[float]) -> dict[str, float]:
    """Milliseconds."""
    ordered = sorted(seconds)
    return {f"p{share}": round(1000 * ordered[len(ordered) * share // 100], 1) for share in (50, 95, 99)}


async def load(calls: int, seconds: float, *flags: str) -> dict[str, Any]:
    """`late_ms`: from leaving the carrier to being handled; `carrier_late_ms`: how late they left, which is not ours;
    `calls_per_core`: what the processor time allows; `waited_seconds`: how long our core was somebody else's while we
    had work, which makes frames late and is not ours either."""
    voices = [tails(caller(seed, seconds)) for seed in range(min(calls, _VOICES))]

    async def one(port: int, number: int) -> tuple[str, Outcome]:
        await asyncio.sleep(_STAGGER_SECONDS * number / calls)
        line = LoadedLine(port, number)
        return line.attempt, await line.run(voices[number % len(voices)])

    async with media_server(*flags) as (port, client):
        await LoadedLine(port, 0).run(voices[0][:50])  # loads what the first call loads
        before = (await client.get("/figures")).json()
        outcomes = dict(await asyncio.gather(*(one(port, number) for number in range(1, calls + 1))))
        after = (await client.get("/figures")).json()
        late = _late(outcomes, (await client.get("/moments")).json())
    minutes = sum(outcome.sent for outcome in outcomes.values()) * FRAME_SECONDS / 60
    cpu = (after["cpu_seconds"] - before["cpu_seconds"]) / minutes
    return {
        "calls_at_once": calls,
        "call_minutes": round(minutes, 1),
        "cpu_seconds_per_call_minute": round(cpu, 3),
        "calls_per_core": round(60 / cpu),
        "waited_seconds": round(after["waited_seconds"] - before["waited_seconds"], 2),
        "late_ms": _shares(late),
        "carrier_late_ms": _shares([behind for outcome in outcomes.values() for behind in outcome.behind]),
        "memory_mb": {"before": before["rss_mb"], "after": after["rss_mb"]},
        "turns": after["turns"],
        "never_opened": sum(not outcome.sent for outcome in outcomes.values()),
    }


def run(calls: int = 150, seconds: float = 60.0) -> dict[str, Any]:
    """With voice activity, and without: what it costs."""
    with_vad = asyncio.run(load(calls, seconds))
    return {"with_voice_activity": with_vad, "without": asyncio.run(load(min(calls, 40), seconds, "--no-vad"))}
