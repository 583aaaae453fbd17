"""A real Asterisk in a chroot and a test telephone in an environment of its own: installed once, used by the drill."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from machine.steps import clean_environment

OLDEST = (22, 8)  # the first 22 with JSON control messages on media sockets
SUITE = "sid"  # the only Debian suite that has it
PHONE = "pjsua2-python==2.15.1.post1"
PACKAGES = "asterisk,asterisk-modules,ca-certificates"


class NotHere(Exception):
    """This machine refuses; the message says what was tried and what each try said."""


@dataclass(frozen=True, slots=True)
class Program:
    """Asterisk in `root` ("/" for one the machine has itself). `modules` is its module folder as seen from inside."""

    root: Path
    modules: str
    version: str

    def command(self, arguments: Sequence[str]) -> list[str]:
        inside = ["asterisk", *arguments]
        return inside if self.root == Path("/") else ["chroot", str(self.root), *inside]


def asterisk(folder: Path, mirror: str | None = None) -> Program:
    """The machine's own, or the chroot's, which is made where it is missing (2 minutes, 500 MB). Raises NotHere."""
    tried = []
    for root in (Path("/"), folder / "root"):
        program = _look(root)
        if program is not None:
            return program
        tried.append(f"{root}: no Asterisk {OLDEST[0]}.{OLDEST[1]} or newer with chan_websocket")
    tried.append(_bootstrap(folder / "root", mirror))
    program = _look(folder / "root")
    if program is None:
        raise NotHere("no Asterisk could be had:\n  " + "\n  ".join(tried))
    return program


def _look(root: Path) -> Program | None:
    binary = root / "usr/sbin/asterisk"
    modules = next(root.glob("usr/lib/*/asterisk/modules"), root / "usr/lib/asterisk/modules")
    if not binary.exists() or not (modules / "chan_websocket.so").exists():
        return None
    command = [str(binary), "-V"] if root == Path("/") else ["chroot", str(root), "asterisk", "-V"]
    said = _run(command)
    found = re.search(r"(\d+)\.(\d+)", said[1])
    if said[0] != 0 or found is None or (int(found[1]), int(found[2])) < OLDEST:
        return None
    return Program(root, "/" + str(modules.relative_to(root)), said[1].strip())


def _bootstrap(root: Path, mirror: str | None) -> str:
    """Makes the chroot; returns what happened, for the case that it was not enough."""
    if os.geteuid() != 0:
        return "debootstrap: needs root; run the drill as root, or in a container"
    if shutil.which("debootstrap") is None:
        _run(["apt-get", "update", "-qq"])
        status, said = _run(["apt-get", "install", "-y", "-qq", "debootstrap"])
        if status != 0:
            return f"apt-get install debootstrap: {said[-300:]}"
    if root.exists():
        shutil.rmtree(root)  # half of an earlier try
    root.parent.mkdir(parents=True, exist_ok=True)
    print(f"installing Asterisk into {root} (about 2 minutes, 500 MB)", file=sys.stderr)
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(root)]
    status, said = _run([*command, mirror] if mirror else command)
    return "debootstrap: done" if status == 0 else f"debootstrap: {said[-300:]}"


def phone_python(folder: Path) -> Path:
    """The Python of an environment that has the test telephone. Raises NotHere."""
    python = folder / "phone/bin/python"
    if python.exists() and _run([str(python), "-c", "import pjsua2"])[0] == 0:
        return python
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(folder / "phone")],
        [str(python), "-m", "pip", "install", "-q", PHONE],
    ):
        status, said = _run(command)
        if status != 0:
            raise NotHere(f"no test telephone ({PHONE}): {said[-300:]}")
    return python


def _run(command: Sequence[str]) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, env=clean_environment(), check=False)
    return done.returncode, done.stdout + done.stderr
