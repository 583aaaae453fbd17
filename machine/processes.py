"""Child processes of a command: started, watched, ended with it."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from folders import ROOT
from machine.steps import clean_environment


class ChildFailed(Exception):
    """A process that was needed ended or never became ready; the message shows its last lines."""


class Child:
    """One Python process of ours; its output goes to `log`."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        self.name, self.log = name, log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as sink:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**clean_environment(), "PYTHONPATH": str(ROOT), **env},
                stdout=sink,
                stderr=sink,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait_for(self, ready: Callable[[], bool], seconds: float, tick: Callable[[float], None]) -> None:
        """Polls until `ready`; raises ChildFailed when the process ends or the time is up."""
        began = time.monotonic()
        while not ready():
            elapsed = time.monotonic() - began
            if self._process.poll() is not None or elapsed > seconds:
                raise ChildFailed(f"{self.name} did not start ({self.log}):\n{self.last_lines()}")
            tick(elapsed)
            time.sleep(0.2)

    def check(self) -> None:
        if self._process.poll() is not None:
            raise ChildFailed(f"{self.name} ended unexpectedly ({self.log}):\n{self.last_lines()}")

    def last_lines(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])

    def stop(self, seconds: float = 25.0) -> None:
        """Politely, then not."""
        if self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
