"""Calls over lines that break: frames late, doubled, out of order, garbage; sockets torn; streams without a beginning
or an end. Counted afterwards: calls that hang, tasks that leak, attempts without an end, received sound not on disk."""

import asyncio
import json
import random
from collections import Counter
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bench.call_load import media_server
from bench.call_wire import LoadedLine, caller, media
from telephony.line import FRAME_SECONDS
from telephony.simulator.faults import BadLine
from telephony.simulator.persona import Faults

_TOGETHER = 60
_STUCK_SECONDS = 30.0
_ENDS = ("stop", "torn", "closed")  # how the carrier's side ends: properly, by a torn socket, without a stop


class FaultyLine(LoadedLine):
    """A stream whose messages go through a bad line and which ends in one of several ways."""

    async def play(self, frames: list[bytes], faults: Faults, kind: str) -> str:
        """Returns what was done: a kind of `_ENDS`, or "no_start", "stop_first", "refused"."""
        try:
            socket = await self.open()
        except (OSError, InvalidHandshake):
            return "refused"
        hearing, bad = asyncio.create_task(self.hear(socket)), BadLine(faults)
        try:
            if kind == "stop_first":
                await socket.send(json.dumps({"event": "stop", "streamSid": self.stream, "stop": {}}))
            elif kind != "no_start":
                await socket.send(self.start())
            await self._frames(socket, frames, bad)
            if kind == "torn":
                socket.transport.abort()
            elif kind == "stop":
                await socket.send(json.dumps({"event": "stop", "streamSid": self.stream, "stop": {}}))
        except ConnectionClosed:
            return kind
        finally:
            await self.close(socket, hearing)
        return kind

    async def _frames(self, socket: Any, frames: list[bytes], bad: BadLine) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for chunk, frame in enumerate(frames, 1):
            await asyncio.sleep(max(0.0, began + chunk * FRAME_SECONDS - loop.time()))
            for message in bad.send(media(self.stream, chunk, frame)):
                await socket.send(message)


async def faults(calls: int, seed: int) -> dict[str, Any]:
    chance, gate, done = random.Random(seed), asyncio.Semaphore(_TOGETHER), Counter[str]()
    begun: set[str] = set()
    voices = [caller(number, 6.0) for number in range(6)]

    async def one(port: int, number: int) -> None:
        line, kind = FaultyLine(port, number), chance.choice([*_ENDS, *_ENDS, *_ENDS, "no_start", "stop_first"])
        length = chance.randint(25, 300)
        bad = Faults(garbage=0.02, reorder=0.05, late=0.02, duplicate=0.03, seed=number)
        async with gate:
            how = await line.play(voices[number % len(voices)][:length], bad, kind)
            done[how] += 1
            if how in _ENDS:  # not one whose socket never opened
                begun.add(line.attempt)

    async with media_server(core=None) as (port, client):
        idle = (await client.get("/figures")).json()
        await asyncio.gather(*(one(port, number) for number in range(1, calls + 1)))
        waited = 0.0
        figures = (await client.get("/figures")).json()
        while waited < _STUCK_SECONDS and (set(figures["ended"]) < begun or figures["tasks"] > idle["tasks"]):
            await asyncio.sleep(1.0)
            waited += 1.0
            figures = (await client.get("/figures")).json()
    recorded, heard = figures["recorded_seconds"], figures["heard_seconds"]
    missing = [attempt for attempt, seconds in heard.items() if recorded.get(attempt, 0.0) < seconds - FRAME_SECONDS]
    return {
        "calls": calls,
        "lines": dict(done),
        "begun": len(begun),
        "without_an_end": len(begun - set(figures["ended"])),
        "leaked_tasks": max(0, figures["tasks"] - idle["tasks"]),
        "seconds_until_quiet": waited,
        "heard_seconds": round(sum(heard.values()), 1),
        "calls_with_sound_not_on_disk": len(missing),
        "memory_mb": {"before": idle["rss_mb"], "after": figures["rss_mb"]},
    }


def run(calls: int = 1_000, seed: int = 1) -> dict[str, Any]:
    return asyncio.run(faults(calls, seed))
