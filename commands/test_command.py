"""`./suifang test`: sets up what is missing, then lint, types, import rules and all tests."""

import argparse
import os
import subprocess
import sys
import time

from rich.console import Console

from folders import ROOT
from machine import plan
from machine.setup import set_up
from machine.steps import SetupFailed
from settings import load


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("only", nargs="*", help="pytest paths or options instead of the whole run (put -- first)")


def run(args: argparse.Namespace) -> int:
    console = Console()
    try:
        for complaint in set_up(plan.for_tests(load()), console):
            console.print(f"not set up: {complaint}", style="yellow")
    except SetupFailed as failure:
        console.print(f"set-up failed: {failure}", style="red")
        return 1
    if args.only:
        return _run("pytest", ["-m", "pytest", *args.only])
    checks = [
        ("ruff", ["-m", "ruff", "check", "."]),
        ("mypy", ["-m", "mypy"]),
        ("import rules", ["-c", "from importlinter.cli import lint_imports_command as c; c()"]),
        ("content", ["cli.py", "validate"]),
        ("pytest", ["-m", "pytest", "-q", "-m", "not long", "--durations=8"]),
    ]
    failed = [title for title, command in checks if _run(title, command) != 0]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def _run(title: str, command: list[str]) -> int:
    began = time.monotonic()
    print(f"── {title}", flush=True)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    code = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=False).returncode
    print(f"── {title}: {'ok' if code == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
    return code
