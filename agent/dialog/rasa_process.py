"""Keeps one Rasa server alive as a child of this process: started, warmed up, watched, restarted, ended with us."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import aiohttp

from agent.dialog.rasa_client import OK, RasaDecider
from agent.dialog.training import DIALOGS, RASA_PYTHON, rasa_environment
from agent.model.move import MoveContext, MoveUnavailable

log = logging.getLogger("suifang.rasa")

WARM_UP_WORDS = ("您好", "血压一百三八十", "这个药饭前吃还是饭后吃", "没有")
WARM_UP_TIMEOUT = 20.0  # seconds for one turn of a cold server
POLL_SECONDS = 0.2
PROBE_SECONDS = 10.0
PROBE_TIMEOUT = aiohttp.ClientTimeout(total=5.0)
PROBES_MISSED = 3  # in a row: the server hangs and is killed
RESTART_DELAYS = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
STOP_SECONDS = 5.0
LOG_BYTES = 5_000_000

Sleep = Callable[[float], Awaitable[None]]


class RasaHealth(StrEnum):
    STARTING = "starting"
    READY = "ready"
    DOWN = "down"  # died; a restart is due
    STOPPED = "stopped"


class RasaNotReady(Exception):
    """The server did not become ready in time; the text names the log to read."""


@dataclass(frozen=True, slots=True)
class RasaSettings:
    """`action_url` is our action endpoint. The server keeps nothing: any number may answer the same conversations."""

    model: Path
    data_folder: Path
    action_url: str
    token: str
    port: int
    interface: str = "127.0.0.1"
    command: Sequence[str] = field(default=(str(RASA_PYTHON), "run_rasa.py"))

    @property
    def base_url(self) -> str:
        return f"http://{self.interface}:{self.port}"

    @property
    def log_file(self) -> Path:
        return self.data_folder / "logs" / "rasa.log"

    @property
    def kept_words(self) -> Path:
        """Where earlier versions let Rasa keep what patients said; nothing is kept any more."""
        return self.data_folder / "rasa.db"

    def arguments(self) -> list[str]:
        where = ["--interface", self.interface, "--port", str(self.port)]
        return [*self.command, "--model", str(self.model), *where, "--parent", str(os.getpid())]

    def environment(self) -> dict[str, str]:
        return rasa_environment() | {
            "SUIFANG_ACTION_URL": self.action_url,
            "SUIFANG_DIALOGUE_TOKEN": self.token,
        }


class RasaProcess:
    """`start` returns at once and a task keeps the server up; `wait_ready` waits until a turn came back.

    Ready needs our own action endpoint to answer: do not wait for it before that endpoint serves."""

    def __init__(self, settings: RasaSettings, http: aiohttp.ClientSession, *, sleep: Sleep = asyncio.sleep) -> None:
        self.settings = settings
        self.health = RasaHealth.STOPPED
        self.starts = 0
        self._http = http
        self._sleep = sleep
        self._child: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child and self._child.returncode is None else None

    async def start(self) -> None:
        if self._keeper is None:
            self.settings.kept_words.unlink(missing_ok=True)
            self.health = RasaHealth.STARTING
            self._keeper = asyncio.create_task(self._keep_alive(), name="rasa-keeper")

    async def wait_ready(self, timeout_seconds: float) -> None:
        """Returns once a turn came back from the warm server. Raises RasaNotReady."""
        try:
            await asyncio.wait_for(self._ready.wait(), timeout_seconds)
        except TimeoutError:
            raise RasaNotReady(f"Rasa is not ready after {timeout_seconds:g} s: see {self.settings.log_file}") from None

    async def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        await self._end_child()
        self._ready.clear()
        self.health = RasaHealth.STOPPED

    async def _keep_alive(self) -> None:
        failures = 0
        while True:
            await self._spawn()
            was_ready = await self._serve_until_dead()
            await self._end_child()
            self._ready.clear()
            self.health = RasaHealth.DOWN
            failures = 0 if was_ready else failures + 1
            delay = RESTART_DELAYS[min(failures, len(RESTART_DELAYS) - 1)]
            log.error("rasa server ended: starting it again in %s s", delay)
            await self._sleep(delay)

    async def _spawn(self) -> None:
        log_file = self.settings.log_file
        log_file.parent.mkdir(parents=True, exist_ok=True)
        if log_file.exists() and log_file.stat().st_size > LOG_BYTES:
            log_file.replace(log_file.with_suffix(".log.1"))
        self.health = RasaHealth.STARTING
        self.starts += 1
        with log_file.open("ab") as sink:
            self._child = await asyncio.create_subprocess_exec(
                *self.settings.arguments(),
                cwd=DIALOGS,
                env=self.settings.environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )

    async def _serve_until_dead(self) -> bool:
        """Waits for the child's end; True if it had become ready."""
        assert self._child is not None
        died = asyncio.create_task(self._child.wait())
        watch = asyncio.create_task(self._warm_up_and_watch())
        try:
            await asyncio.wait({died, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (died, watch):
                task.cancel()
            await asyncio.gather(died, watch, return_exceptions=True)
        return self._ready.is_set()

    async def _warm_up_and_watch(self) -> None:
        """Returns when a server that was up no longer answers."""
        while not await self._answers():
            await self._sleep(POLL_SECONDS)
        await self._warm_up()
        self.health = RasaHealth.READY
        self._ready.set()
        log.info("rasa server ready")
        missed = 0
        while missed < PROBES_MISSED:
            await self._sleep(PROBE_SECONDS)
            missed = 0 if await self._answers() else missed + 1
        log.error("rasa server hangs: ending it")

    async def _warm_up(self) -> None:
        """The first turn of a cold server takes seconds: it is ours, not a patient's."""
        decider = RasaDecider(self.settings.base_url, self._http, WARM_UP_TIMEOUT, self.settings.token)
        for words in WARM_UP_WORDS:
            while True:
                try:
                    await decider.decide(conversation_id="warm-up", text=words, context=MoveContext())
                    break
                except MoveUnavailable:  # our own endpoint may still be coming up
                    await self._sleep(POLL_SECONDS)

    async def _answers(self) -> bool:
        try:
            async with self._http.get(f"{self.settings.base_url}/webhooks/turn/", timeout=PROBE_TIMEOUT) as response:
                return response.status == OK
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _end_child(self) -> None:
        """Ends the whole process group: politely, then not."""
        child, self._child = self._child, None
        if child is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, number)
            try:
                await asyncio.wait_for(child.wait(), STOP_SECONDS)
                return
            except TimeoutError:
                continue
