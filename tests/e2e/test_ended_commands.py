"""A command that is told to end takes the processes it started with it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from folders import ROOT

_COMMAND = """
import asyncio, sys, types
from contextlib import AsyncExitStack
from pathlib import Path
import cli
from machine.processes import Child

async def wait(log):
    async with AsyncExitStack() as stack:
        child = stack.enter_context(Child("child", ["-c", "import time; time.sleep(600)"], log, {}))
        print(child._process.pid, flush=True)
        await asyncio.sleep(600)

command = types.SimpleNamespace(arguments=lambda parser: None, run=lambda args: asyncio.run(wait(Path(sys.argv[1]))))
sys.modules["commands.rehearse_command"] = command
sys.exit(cli.from_the_shell(["rehearse"]))
"""


@pytest.mark.parametrize("started_with", ["", "trap '' INT; "], ids=["plainly", "by a script with &"])
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_its_children_and_says_nothing(tmp_path: Path, sign: signal.Signals, started_with: str) -> None:
    command = subprocess.Popen(
        ["sh", "-c", started_with + 'exec "$@"', "sh", sys.executable, "-c", _COMMAND, str(tmp_path / "log")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert command.stdout is not None
    child = int(command.stdout.readline())
    for _ in range(2 if sign is signal.SIGTERM else 1):
        command.send_signal(sign)
    _, said = command.communicate(timeout=60)
    assert (command.returncode, said) == (130, "")
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
