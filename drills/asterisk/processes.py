"""The PBX and the telephone as processes of the drill."""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from drills.asterisk.config import Places, log_of, write
from drills.asterisk.install import NotHere, Program

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0


class Pbx:
    """Asterisk itself, with a configuration of its own."""

    def __init__(self, program: Program, places: Places) -> None:
        self._program, self.places = program, places
        self.ca_file = program.root / places.certificate if places.tls else None
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> float:
        """Returns how long it took until ARI answered. Raises NotHere."""
        began = time.monotonic()
        command = self._program.command(["-C", write(self._program, self.places), "-f"])
        quiet = asyncio.subprocess.DEVNULL
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        login = ("suifang", self.places.password)
        async with httpx.AsyncClient(auth=login, trust_env=False) as http:
            while time.monotonic() - began < _START_SECONDS and self._process.returncode is None:
                with contextlib.suppress(httpx.HTTPError):
                    if (await http.get(f"{self.places.url}/ari/asterisk/info")).status_code == 200:
                        return time.monotonic() - began
                await asyncio.sleep(0.2)
        await self.stop()
        log = log_of(self._program, self.places)
        said = log.read_text(encoding="utf-8")[-500:] if log.exists() else "(none)"
        raise NotHere(f"Asterisk did not start; its last words:\n{said}")

    async def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, sign)
        try:
            await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
        except TimeoutError:
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()


class Phone:
    """The test telephone; `events` is all it said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.events: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            if line.startswith(b"{"):
                self.events.append(json.loads(line))
                self._news.set()

    async def heard(self, event: str, number: str = "", seconds: float = 30.0, skip: int = 0) -> dict[str, Any]:
        """The event after the first `skip` that fit. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                fitting = [each for each in self.events if each["event"] == event and number in each.get("number", "")]
                if len(fitting) > skip:
                    return fitting[skip]
                self._news.clear()
                await self._news.wait()

    def at(self, event: str, since: float, fits: Callable[[dict[str, Any]], bool] = bool) -> float | None:
        """When it first said so after `since`."""
        found = (each for each in self.events if each["event"] == event and each["at"] >= since and fits(each))
        return next((float(each["at"]) for each in found), None)

    async def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reading


@asynccontextmanager
async def telephone(python: Path, plan: dict[str, Any], folder: Path) -> AsyncIterator[Phone]:
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    script = str(Path(__file__).with_name("phone.py"))
    process = await asyncio.create_subprocess_exec(
        str(python), script, str(path), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    phone = Phone(process)
    try:
        await phone.heard("ready")
        yield phone
    finally:
        await phone.stop()
