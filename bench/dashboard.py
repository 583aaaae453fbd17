"""Measures the workstation over a million turns: pages, search, and what open pages cost while nothing happens.

`./suifang bench dashboard [--quick] [--only sqlite|postgresql] [--keep FOLDER] [--postgresql URL]`; --quick takes a
hundredth of the rows. Each page is asked for alone, one click after the other, with the server's processor time; then
fifty nurses click at once.
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from agent.model.clock import utc_now
from agent.store.open import migrate, open_store
from bench.dashboard_seed import GIVEN, LEAD, SURNAMES, Size, fill, filled, patient_id
from bench.dashboard_server import KEY
from dashboard.sessions import COOKIE, Sessions
from machine.served import free_port

WHOLE, QUICK = Size(1_000_000, 100_000, 50), Size(10_000, 1_000, 50)
ALONE = 12  # requests of each kind, one after the other
ROUNDS = 40  # requests of each kind
EACH_SECOND = 10.0  # requests a second: fifty nurses, one click in five seconds each
LIVE_PAGES, IDLE_SECONDS = 50, 20.0
WORDS = ("头晕", "胸口闷", "今天早上", "喘", "伤口有点红", "没有这样的话", "不知要紧不", "血压")


def run(argv: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang bench dashboard", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--keep", type=Path, help="keep the filled SQLite file there, or use the one that is there")
    parser.add_argument("--postgresql", help="URL of an empty database, or of one that this bench has filled")
    options = parser.parse_args(argv)
    size = QUICK if options.quick else WHOLE
    found: dict[str, Any] = {"turns": size.turns, "escalations": size.escalations, "nurses": size.nurses}
    for name in (options.only,) if options.only else ("sqlite", "postgresql"):
        with ExitStack() as stack:
            url = _database(name, stack, options)
            found[name] = _measured(url, size)
    return found


def _database(name: str, stack: ExitStack, options: argparse.Namespace) -> str:
    if name == "sqlite":
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        return f"sqlite:///{folder / 'bench.db'}"
    if options.postgresql:
        return str(options.postgresql)
    from tests.fakes.postgres import running_postgres  # needs the development packages

    return stack.enter_context(running_postgres())


def _measured(url: str, size: Size) -> dict[str, Any]:
    took = 0.0
    migrate(url)
    if not filled(url):
        began = time.perf_counter()
        fill(url, size, utc_now())
        took = round(time.perf_counter() - began, 1)
    with _server(url) as (address, process):
        cookies = asyncio.run(_cookies(url))
        alone = _alone(address, process.pid, cookies, size)
        nurses = [cookies[user] for user in cookies if user != LEAD]
        pages = asyncio.run(_clicks(address, nurses, size))
        idle = asyncio.run(_idle(address, process.pid, nurses))
    return {"fill_seconds": took, "alone": alone, "milliseconds": pages, "live_pages": idle}


@contextmanager
def _server(url: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.dashboard_server", url, str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(f"{address}/healthz", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address, process
    finally:
        process.terminate()
        process.wait(10)


async def _cookies(url: str) -> dict[str, dict[str, str]]:
    """A session of every user as her login would give it, without the time that fifty logins take."""
    store, sessions = await open_store(url), Sessions(KEY)
    async with store.transaction(write=False) as records:
        users = await records.users()
    await store.close()
    return {user.name: {COOKIE: sessions.open(user, utc_now(), timedelta(hours=1))} for user in users}


def _paths(size: Size, dice: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, path) of one round of clicks."""
    person = patient_id(dice.randrange(size.talks // 4))
    yield "queue", "/queue"
    yield "card list", "/queue/list"
    yield "case", f"/escalations/e{size.escalations - 1 - dice.randrange(200):06}"
    yield "patient", f"/patients/{person}"
    yield "search, words", f"/search?q={dice.choice(WORDS)}"
    yield "search, name", f"/search?q={dice.choice(SURNAMES)}{dice.choice(GIVEN)}"
    yield "search, number", f"/search?q={dice.randrange(10_000):04}"
    yield "patients", "/patients"


def _for_the_lead(size: Size, dice: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, path) of what a charge nurse looks at a few times a day."""
    yield "contact", f"/contacts/c{dice.randrange(size.talks):06}"
    yield "day", "/contacts"
    yield "calls", "/calls"
    yield "unreachable", "/unreachable"
    yield "insight, 30 days", "/insight"
    yield "insight, 92 days", "/insight?days=92"


def _alone(address: str, pid: int, cookies: dict[str, dict[str, str]], size: Size) -> dict[str, Any]:
    """Each kind's milliseconds by the clock and of the server's processor, nobody else clicking."""
    dice, taken, processor = random.Random(12), defaultdict[str, list[float]](list), defaultdict[str, float](float)
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as http:
        for round_of in range(ALONE + 1):  # the first is not counted: the server has just begun
            for kind, path in (*_paths(size, dice), *_for_the_lead(size, dice)):
                busy, began = _processor_seconds(pid), time.perf_counter()
                answer = http.get(path, headers=_cookie(cookies[LEAD]))
                if answer.status_code != 200:
                    raise RuntimeError(f"{path}: {answer.status_code}")
                if round_of:
                    taken[kind].append(1000 * (time.perf_counter() - began))
                    processor[kind] += 1000 * (_processor_seconds(pid) - busy)
    return {kind: {**_spread(values), "processor": round(processor[kind] / ALONE, 1)} for kind, values in taken.items()}


async def _clicks(address: str, cookies: list[dict[str, str]], size: Size) -> dict[str, Any]:
    """Each kind's milliseconds, asked at the pace of fifty nurses, whoever is still being served."""
    dice, taken = random.Random(11), defaultdict[str, list[float]](list)
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as http:

        async def ask(kind: str, path: str) -> None:
            began = time.perf_counter()
            answer = await http.get(path, headers=_cookie(dice.choice(cookies)))
            taken[kind].append(1000 * (time.perf_counter() - began))
            if answer.status_code not in (200, 404):  # 404: another ward's
                raise RuntimeError(f"{path}: {answer.status_code}")

        for path in ("/queue", "/search?q=头晕"):
            await ask("the first", path)
        asked = []
        for _ in range(ROUNDS):
            for kind, path in _paths(size, dice):
                asked.append(asyncio.create_task(ask(kind, path)))
                await asyncio.sleep(1 / EACH_SECOND)
        await asyncio.gather(*asked)
    return {kind: _spread(values) for kind, values in taken.items()}


def _cookie(jar: dict[str, str]) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in jar.items()), "accept": "text/html"}


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"median": round(statistics.median(ordered), 1), "p95": round(p95, 1), "max": round(ordered[-1], 1)}


async def _idle(address: str, pid: int, cookies: list[dict[str, str]]) -> dict[str, Any]:
    """The server's processor time while its open pages wait for news that do not come."""
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=None) as http:
        pages = [asyncio.create_task(_listen(http, cookies[number % len(cookies)])) for number in range(LIVE_PAGES)]
        await asyncio.sleep(3)
        before = _processor_seconds(pid)
        await asyncio.sleep(IDLE_SECONDS)
        spent = _processor_seconds(pid) - before
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)
    return {"open": LIVE_PAGES, "percent_of_a_core": round(100 * spent / IDLE_SECONDS, 2)}


async def _listen(http: httpx.AsyncClient, jar: dict[str, str]) -> None:
    async with http.stream("GET", "/live", headers=_cookie(jar)) as stream:
        async for _ in stream.aiter_lines():
            pass


def _processor_seconds(pid: int) -> float:
    """Of user and system, as Linux counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
