"""`./suifang doctor`: what is installed, what is in use, what is missing and the command that mends it."""

import argparse
import asyncio

from rich.console import Console

from machine.checks import database_check, machine_checks, versions
from machine.finding import Finding, Health
from settings import SettingsError, load
from wiring.sign_on import sign_on_check

MARKS = {Health.GOOD: "[green]✓[/green]", Health.LESSER: "[yellow]●[/yellow]", Health.MISSING: "[red]✗[/red]"}


def arguments(parser: argparse.ArgumentParser) -> None:
    return None


def run(args: argparse.Namespace) -> int:
    """0 when calls can be made on this machine, 1 when something they need is missing."""
    console = Console()
    try:
        settings = load()
    except SettingsError as problem:
        console.print(str(problem), style="red")
        return 1
    findings = [*machine_checks(settings), asyncio.run(sign_on_check(settings)), asyncio.run(database_check(settings))]
    for finding in findings:
        _print(console, finding)
    console.print(versions(), style="dim")
    return 1 if any(finding.health is Health.MISSING for finding in findings) else 0


def _print(console: Console, finding: Finding) -> None:
    console.print(f"{MARKS[finding.health]} {finding.subject:<21} {finding.what}", highlight=False, soft_wrap=True)
    if finding.remedy:
        console.print(f"{'':<24}→ {finding.remedy}", style="dim", highlight=False, soft_wrap=True)
