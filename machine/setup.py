"""Runs the set-up steps that are not done yet, saying what, how far and about how long is left."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from machine.steps import SetupFailed, Step


def set_up(steps: Sequence[Step], console: Console) -> list[str]:
    """Does what is missing. Returns a line for every wanted but not needed step that failed; raises SetupFailed for a
    needed one."""
    waiting = [step for step in steps if not step.done()]
    if not waiting:
        return []
    total = sum(step.seconds for step in waiting)
    complaints: list[str] = []
    with Progress(
        TextColumn("[bold]{task.description}"), BarColumn(bar_width=28), TextColumn("{task.fields[left]}"),
        console=console, transient=console.is_terminal, disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("set-up", total=total, left="")
        before = 0.0
        for number, step in enumerate(waiting, 1):
            left = total - before
            if not console.is_terminal:
                console.print(f"[{number}/{len(waiting)}] {step.title} … about {clock(left)} left")
            place = f"[{number}/{len(waiting)}]"
            progress.update(task, description=f"{place} {step.title}", left=f"about {clock(left)} left")

            def tick(elapsed: float, before: float = before, step: Step = step) -> None:
                done = before + min(elapsed, step.seconds * 0.97)
                progress.update(task, completed=done, left=f"about {clock(total - done)} left")

            try:
                _while_ticking(step.do, tick)
            except SetupFailed as failure:
                if step.needed:
                    raise
                complaints.append(f"{step.title}: {failure}")
            before += step.seconds
            progress.update(task, completed=before)
    return complaints


def clock(seconds: float) -> str:
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 90 else f"{whole / 60:.0f} min"


def _while_ticking(work: Callable[[], None], tick: Callable[[float], None]) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        while not working.done():
            wait([working], timeout=0.5)
            tick(time.monotonic() - began)
        working.result()
