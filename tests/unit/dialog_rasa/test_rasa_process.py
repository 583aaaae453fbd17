"""The supervisor against a light server in Rasa's place: real processes, real signals."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.dialog.rasa_client import RasaDecider, turn_client
from agent.dialog.rasa_process import RasaHealth, RasaNotReady, RasaProcess, RasaSettings
from agent.model.move import MoveContext, MoveUnavailable
from machine.served import free_port

STUB = (sys.executable, str(Path(__file__).with_name("stub_rasa.py")))


async def brief(seconds: float) -> None:
    """Sleeps a fiftieth: probes and restarts come fast."""
    await asyncio.sleep(seconds / 50)


def settings(folder: Path, model: str = "model") -> RasaSettings:
    return RasaSettings(Path(model), folder, "http://127.0.0.1:1/", "secret", free_port(), command=STUB)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[RasaProcess]:
    async with turn_client() as http:
        process = RasaProcess(settings(tmp_path), http, sleep=brief)
        await process.start()
        await process.wait_ready(20)
        yield process
        await process.stop()


async def say(server: RasaProcess, conversation: str) -> None:
    async with turn_client() as http:
        decider = RasaDecider(server.settings.base_url, http, token="secret")
        await decider.decide(conversation_id=conversation, text="没有", context=MoveContext())


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


async def until_started_again(server: RasaProcess, starts: int) -> None:
    async with asyncio.timeout(20):
        while server.starts <= starts:  # noqa: ASYNC110 another process is waited for
            await asyncio.sleep(0.02)
    await server.wait_ready(20)


async def test_ready_means_that_a_turn_came_back(server: RasaProcess) -> None:
    assert server.health is RasaHealth.READY
    await say(server, "c1")


async def test_a_killed_server_comes_back(server: RasaProcess) -> None:
    assert server.pid is not None
    first = server.pid
    os.kill(first, signal.SIGKILL)
    await until_started_again(server, 1)
    assert server.pid != first
    await say(server, "c1")


async def test_a_server_that_ends_by_itself_comes_back(server: RasaProcess) -> None:
    with pytest.raises(MoveUnavailable):
        await say(server, "exit")
    await until_started_again(server, 1)


async def test_stop_leaves_nothing_behind(server: RasaProcess) -> None:
    pid = server.pid
    assert pid is not None
    await server.stop()
    assert not alive(pid)
    assert server.health is RasaHealth.STOPPED
    await asyncio.sleep(0.1)
    assert server.starts == 1


async def test_a_server_that_cannot_start_is_reported(tmp_path: Path) -> None:
    async with turn_client() as http:
        process = RasaProcess(settings(tmp_path, "broken"), http, sleep=brief)
        await process.start()
        async with asyncio.timeout(60):
            while process.starts < 2:  # noqa: ASYNC110 another process is waited for
                await asyncio.sleep(0.02)
        with pytest.raises(RasaNotReady, match=r"rasa\.log"):
            await process.wait_ready(0.01)
        await process.stop()


PARENT = """
import asyncio, sys
from pathlib import Path
from agent.dialog.rasa_client import turn_client
from agent.dialog.rasa_process import RasaProcess
from tests.unit.dialog_rasa.test_rasa_process import settings
async def main():
    async with turn_client() as http:
        process = RasaProcess(settings(Path(sys.argv[1])), http)
        await process.start()
        await process.wait_ready(20)
        print(process.pid, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


def test_the_server_dies_with_a_killed_parent(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 60
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(child)


def test_no_telemetry_and_kept_bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = settings(tmp_path).environment()
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
    assert "PYTHONDONTWRITEBYTECODE" not in environment


async def test_what_earlier_versions_kept_of_patients_words_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "rasa.db").write_text("words")
    async with turn_client() as http:
        process = RasaProcess(settings(tmp_path), http, sleep=brief)
        await process.start()
        await process.stop()
    assert not (tmp_path / "rasa.db").exists()
