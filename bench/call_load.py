"""How many calls one core carries: real wire, call, voice activity and recording; the recogniser is a stub."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from agent.dialog.rasa_process import free_port
from bench.call_wire import LoadedLine, caller, tails
from settings import ROOT

_VOICES = 8  # different callers; more would only take longer to make
_STAGGER_SECONDS = 4.0  # the calls begin spread over this time


@asynccontextmanager
async def media_server(*flags: str, core: int | None = 0) -> AsyncIterator[tuple[int, httpx.AsyncClient]]:
    """(port, client for its figures) of a media server in a process of its own, on one core."""
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
            yield port, client
    finally:
        process.terminate()
        await process.wait()


async def load(calls: int, seconds: float, *flags: str) -> dict[str, Any]:
    """`late_ms`: how late frames were handled by their own clock; `calls_per_core`: what the processor time allows."""
    voices = [tails(caller(seed, seconds)) for seed in range(min(calls, _VOICES))]

    async def one(port: int, number: int) -> int:
        await asyncio.sleep(_STAGGER_SECONDS * number / calls)
        return (await LoadedLine(port, number).run(voices[number % len(voices)])).sent

    async with media_server(*flags) as (port, client):
        await LoadedLine(port, 0).run(voices[0][:50])  # loads what the first call loads
        before = (await client.get("/figures")).json()
        sent = await asyncio.gather(*(one(port, number) for number in range(1, calls + 1)))
        after = (await client.get("/figures")).json()
    minutes = sum(sent) * 0.02 / 60
    cpu = (after["cpu_seconds"] - before["cpu_seconds"]) / minutes
    return {
        "calls_at_once": calls,
        "call_minutes": round(minutes, 1),
        "cpu_seconds_per_call_minute": round(cpu, 3),
        "calls_per_core": round(60 / cpu),
        "late_ms": after["late_ms"],
        "memory_mb": {"before": before["rss_mb"], "after": after["rss_mb"]},
        "turns": after["turns"],
    }


def run(calls: int = 150, seconds: float = 60.0) -> dict[str, Any]:
    """With voice activity, and without: what it costs."""
    with_vad = asyncio.run(load(calls, seconds))
    return {"with_voice_activity": with_vad, "without": asyncio.run(load(min(calls, 40), seconds, "--no-vad"))}
