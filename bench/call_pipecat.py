"""Processor time of a call-minute, ours against pipecat-ai's, over the same lines in the same run."""

import asyncio
import os
from pathlib import Path
from statistics import median
from typing import Any

from bench.call_load import beside, load
from bench.call_server import claim_cores
from bench.call_wire import LoadedLine, caller, tails
from folders import ROOT
from machine.served import free_port
from machine.steps import clean_environment, find_python, run, uv

LOCK = ROOT / "requirements" / "pipecat.lock"
_ROUNDS = 3
_CORE = 0
_CALLS = 8
_SECONDS = 20.0


def environment(data: Path) -> Path:
    """The Python of pipecat's own environment, made at the first use. Raises SetupFailed."""
    python = data / "pipecat" / "bin" / "python"
    if not python.exists():
        interpreter = find_python("3.11") or "3.11"
        run([uv(), "venv", "--quiet", "--python", interpreter, data / "pipecat"], fail="no environment for pipecat")
    install: list[str | Path] = [uv(), "pip", "sync", "--quiet", "--require-hashes", "--python", python, LOCK]
    run(install, fail="pipecat could not be installed: check the network or the package index")
    return python


def _ticks(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def theirs(python: Path, *, vad: bool) -> float:
    """Processor seconds per call-minute, on a core of its own as ours is."""
    port = free_port()
    command = [str(python), str(ROOT / "bench" / "pipecat_server.py"), "--port", str(port), *(["--vad"] if vad else [])]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, env=clean_environment(), stdout=quiet, stderr=quiet)
    voices = [tails(caller(seed, _SECONDS)) for seed in range(_CALLS)]
    try:
        await _listening(port)
        claim_cores({_CORE}, process.pid)
        with beside(_CORE):
            return await _used(process.pid, port, voices)
    finally:
        process.terminate()
        await process.wait()


async def _used(pid: int, port: int, voices: list[list[bytes]]) -> float:
    await LoadedLine(port, 999).run(voices[0][:50])  # loads what the first call loads
    before = _ticks(pid)
    lines = [LoadedLine(port, number + 1).run(frames) for number, frames in enumerate(voices)]
    sent = sum(outcome.sent for outcome in await asyncio.gather(*lines))
    return (_ticks(pid) - before) / (sent * 0.02 / 60)


async def _listening(port: int) -> None:
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.2)
            continue
        writer.close()
        return
    raise TimeoutError("pipecat's server did not start")


async def _round(python: Path) -> dict[str, float]:
    """One after the other, so that they do not disturb each other."""
    flags = {"on": (), "off": ("--no-vad",)}
    found: dict[str, float] = {}
    for vad, ours in flags.items():
        found[f"ours_vad_{vad}"] = (await load(_CALLS, _SECONDS, *ours))["cpu_seconds_per_call_minute"]
        found[f"pipecat_vad_{vad}"] = await theirs(python, vad=vad == "on")
    return found


def measure(data: Path) -> dict[str, Any]:
    """Medians over rounds; ours records both channels and takes turns as well, theirs sends the sound back."""
    python = environment(data)
    rounds = [asyncio.run(_round(python)) for _ in range(_ROUNDS)]
    cpu = {name: round(median(each[name] for each in rounds), 3) for name in rounds[0]}
    return {
        "cpu_seconds_per_call_minute": cpu,
        "ratio_vad_on": round(cpu["ours_vad_on"] / cpu["pipecat_vad_on"], 2),
        "ratio_vad_off": round(cpu["ours_vad_off"] / cpu["pipecat_vad_off"], 2),
        "rounds": rounds,
    }
