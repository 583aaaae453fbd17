"""A seeded dashboard on a real port, in a thread of its own, for a real browser."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from agent.escalation import states
from agent.escalation.clocks import ClockPolicy
from agent.model.clock import Now, new_id, utc_now
from agent.model.escalation import Escalation
from agent.model.record import OutboxKind
from agent.schedule.watch import Watch
from agent.store.open import open_store
from agent.store.screens import ScreenStore
from dashboard.app import DashboardDeps, LiveHub, create
from tests.fakes import desk, seed
from tests.fakes.memory_store import MemoryStore

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-lcd-text"]
Result = TypeVar("Result")
Fitted = Callable[[DashboardDeps, str], DashboardDeps]


class RunningWard:
    """The server's loop belongs to its thread; `do` runs a coroutine there. `fitted` changes what the pages are given,
    knowing their address. `url` is a database that has its tables; none: in memory. `said` is what is being said in the
    call of an attempt."""

    def __init__(
        self, folder: Path, now: Now = utc_now, fitted: Fitted = lambda deps, _address: deps, url: str = ""
    ) -> None:
        self._loop = asyncio.new_event_loop()
        self.store: ScreenStore = _opened(self._loop, url) if url else MemoryStore()
        self.live = LiveHub()
        self.said: dict[str, str] = {}
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.began = now()
        deps = DashboardDeps(
            store=self.store, live=self.live, recordings_folder=folder, now=now, new_id=new_id,
            secret_key=b"a key of the tests, 32 bytes long", pathway_titles=seed.title,
            pathway_versions=lambda _pathway, version: (version, True),
            question_labels=seed.label, option_labels=seed.option, reading_ranges=seed.reading_range,
            hospital="示范医院 随访中心", campaigning=seed.campaigning(),
            importing=desk.importing(folder), house=desk.house(folder), writing=desk.ByHand(),
            hearing=lambda attempt_id: self.said.get(attempt_id, ""),
        )  # fmt: skip
        app = create(fitted(deps, self.address))
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        self._thread = threading.Thread(target=self._run, args=(folder,), daemon=True)

    def _run(self, folder: Path) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(seed.seed(self.store, folder, self.began))
        self._loop.run_until_complete(self._server.serve([self._socket]))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self.live.close)
        self._server.should_exit = True
        self._thread.join(10)

    def time_passes(self, policy: ClockPolicy, link: Callable[[str], str]) -> int:
        """One round of the clocks, told to the pages as the runner does; returns how many cards moved."""

        async def round_() -> int:
            moved = await Watch(self.store, policy, utc_now, new_id, link).run_once()
            self.live.publish(OutboxKind.ESCALATION_CHANGED.value, "")
            return moved

        return self.do(round_())

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def alarm(self, escalation: Escalation) -> None:
        """A danger is stored and told, as the runner does after a turn."""

        async def raised() -> None:
            async with self.store.transaction() as records:
                await records.add_escalation(escalation)
            self.live.publish(OutboxKind.ESCALATION_RAISED.value, escalation.id)

        self.do(raised())

    def colleague_takes(self, escalation_id: str, *, told: bool = True) -> None:
        async def taken() -> None:
            async with self.store.transaction() as records:
                after, _ = states.take(await records.escalation(escalation_id), "wangfang", utc_now())
                await records.save_escalation(after)
            if told:
                self.live.publish(OutboxKind.ESCALATION_CHANGED.value, escalation_id)

        self.do(taken())

    def stored(self, escalation_id: str) -> Escalation:
        async def read() -> Escalation:
            async with self.store.transaction(write=False) as records:
                return await records.escalation(escalation_id)

        return self.do(read())


def _opened(loop: asyncio.AbstractEventLoop, url: str) -> ScreenStore:
    """Where nothing else runs yet: a thread of its own, since a browser's driver may hold this one's loop."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(loop.run_until_complete, open_store(url)).result()


@contextmanager
def running_ward(
    folder: Path, now: Now = utc_now, fitted: Fitted = lambda deps, _address: deps, url: str = ""
) -> Iterator[RunningWard]:
    ward = RunningWard(folder, now, fitted, url)
    ward.start()
    try:
        yield ward
    finally:
        ward.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, address: str, name: str = "lijing") -> None:
    page.goto(f"{address}/queue")
    page.fill("[name=name]", name)
    page.fill("[name=password]", seed.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue")
