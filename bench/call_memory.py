"""Memory over half an hour of calls on a clock that jumps: lines that ring again and again, real voice activity,
turn-taking and recording; recogniser and conversation are stubs."""

import asyncio
import gc
import tempfile
from pathlib import Path
from typing import Any

from bench.call_line import Track
from bench.call_server import Bench, resident_mb
from bench.call_wire import caller
from machine.virtual_time import run_virtual
from telephony.call import PhoneCall
from telephony.call_parts import CallParts

_LINES = 10
_CALL_SECONDS = (70.0, 150.0)  # of the shortest and the longest call
_VOICES = 5
_SETTLED_MINUTES = 5  # by then each line has had calls of every kind


async def _line(number: int, parts: CallParts, voices: list[bytes], until: float) -> int:
    """Calls one after the other; returns how many."""
    loop, calls = asyncio.get_running_loop(), 0
    await asyncio.sleep(number)
    while loop.time() < until:
        track = Track(voices[(number + calls) % len(voices)])
        await track.drive(PhoneCall(track, f"attempt-{number}-{calls}", parts))
        calls += 1
    return calls


async def _watched(minutes: int) -> list[float]:
    found = [resident_mb()]
    for _ in range(minutes):
        await asyncio.sleep(60.0)
        gc.collect()
        found.append(resident_mb())
    return found


async def _calls(minutes: int) -> dict[str, Any]:
    shortest, longest = _CALL_SECONDS
    lengths = [shortest + (longest - shortest) * number / (_VOICES - 1) for number in range(_VOICES)]
    voices = [b"".join(caller(seed, seconds)) for seed, seconds in enumerate(lengths)]
    with tempfile.TemporaryDirectory(prefix="suifang-bench-") as folder:
        parts = Bench(0, Path(folder), vad=True).parts
        lines = [_line(number, parts, voices, 60.0 * minutes) for number in range(_LINES)]
        watching = asyncio.ensure_future(_watched(minutes))
        calls = await asyncio.gather(*lines)
        resident = await watching
    settled = resident[min(_SETTLED_MINUTES, len(resident) - 1) :]
    return {
        "lines": _LINES,
        "minutes": minutes,
        "calls": sum(calls),
        "resident_mb": {"start": resident[0], "settled": settled[0], "middle": settled[len(settled) // 2],
                        "end": settled[-1], "most": max(resident)},
        "grown_since_settled_mb": round(settled[-1] - settled[0], 1),
    }  # fmt: skip


def measure(minutes: int = 30) -> dict[str, Any]:
    return run_virtual(_calls(minutes))
