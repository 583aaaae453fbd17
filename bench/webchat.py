"""How soon the chat page can be used, in Chromium 360 px wide, on this machine and as on a phone four times slower.

`./suifang bench webchat [--visits N]`: the product's page, room and desk over SQLite, at the runner's pace. Every visit
is a patient's first, with nothing in the browser's cache: from the navigation to the door (the field for the year of
birth can be written in), from its button to the first question (its choices can be pressed); then the link again, from
the navigation to the same choices. The patient's typing is not counted. The last press is made: its answer must arrive.
"""

import argparse
import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from agent.chat.desk import ChatDesk
from agent.chat.links import Links
from agent.chat.room import ChatRoom
from agent.model.clock import new_id, utc_now
from agent.model.contact import Contact
from agent.schedule.runner import EVERY_SECONDS, Round
from agent.store.open import migrate, open_store
from bench.chat import PlainDecider, one_patient, parts_over
from bench.dispatch import percentiles
from telephony.webchat import webchat_router
from telephony.webchat.media import MediaStore
from tests.e2e.dashboard_ward import ARGUMENTS, CHROMIUM

SLOWER = (1, 4)  # times a phone's processor is slower than this one
LONGEST_MS = 30_000
LOADED = "performance.getEntries().reduce((sum, each) => sum + (each.transferSize || 0), 0)"  # headers and bodies
BORN = "1955"  # bench.chat.one_patient
SEEN = """
window.seen = {};
const at = (name, usable) => { if (!(name in seen) && usable) seen[name] = performance.now(); };
const usable = node => {
  const box = node && node.getBoundingClientRect();
  if (!box || !box.width) return false;
  return node.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
};
const look = () => {
  at("door", document.activeElement === document.getElementById("proof") && usable(document.getElementById("proof")));
  at("choices", usable(document.querySelector("#choices button")));
  if (!("choices" in seen)) requestAnimationFrame(look);
};
addEventListener("DOMContentLoaded", look);
addEventListener("submit", () => { if (!("entered" in seen)) seen.entered = performance.now(); }, true);
"""


@dataclass
class Times:
    """Milliseconds of each visit."""

    door: list[float] = field(default_factory=list)
    question: list[float] = field(default_factory=list)  # from the door's button to the first choices
    again: list[float] = field(default_factory=list)  # the whole way, for who was let in before
    bytes: list[float] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        first = [door + question for door, question in zip(self.door, self.question, strict=True)]
        return {
            "visits": len(self.door),
            "navigation to the door": percentiles(self.door, "ms"),
            "door's button to the first question": percentiles(self.question, "ms"),
            "first visit, both together": percentiles(first, "ms"),
            "link again, navigation to the question": percentiles(self.again, "ms"),
            "first load": percentiles([each / 1000 for each in self.bytes], "kB"),
        }


def run(rest: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang bench webchat")
    parser.add_argument("--visits", type=int, default=20)
    args = parser.parse_args(rest)
    return asyncio.run(_measure(args.visits))


async def _measure(visits: int) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        page_of = await stack.enter_async_context(_house())
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        stack.push_async_callback(browser.close)
        await _visit(browser, await page_of(), 1, Times())  # the browser's own first steps are not measured
        found = {}
        for slower in SLOWER:
            times = Times()
            for _ in range(visits):
                await _visit(browser, await page_of(), slower, times)
            found[f"processor {slower} times slower"] = times.told()
        return found


@asynccontextmanager
async def _house() -> AsyncIterator[Any]:
    """Gives the address of a new patient's page, each time it is asked."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        url = f"sqlite:///{folder / 'chat.db'}"
        await asyncio.to_thread(migrate, url)
        store = await open_store(url)
        stack.push_async_callback(store.close)
        links = Links(b"the key of a bench that ends soon", "")
        parts = parts_over(store, PlainDecider())
        desk = ChatDesk(parts)
        app = FastAPI()
        room = ChatRoom(parts, desk, links)
        app.include_router(webchat_router(room, MediaStore(folder, new_id), "示范医院", "0571-88000000", secure=False))
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        tasks = [asyncio.create_task(server.serve([listening])), asyncio.create_task(_beat(desk))]

        async def page_of() -> str:
            contact: Contact = await one_patient(store, time.monotonic_ns() % 10**8)
            return f"http://127.0.0.1:{listening.getsockname()[1]}/c/{links.token(contact.id, utc_now())}"

        try:
            yield page_of
        finally:
            tasks[1].cancel()
            server.should_exit = True
            _, beat = await asyncio.gather(*tasks, return_exceptions=True)
            await desk.close()
            if isinstance(beat, Exception):  # nobody was answered any more: that is why a visit waited in vain
                raise beat


async def _beat(desk: ChatDesk) -> None:
    while True:
        await desk.beat()
        await asyncio.sleep(EVERY_SECONDS[Round.CHAT])


async def _visit(browser: Browser, address: str, slower: int, times: Times) -> None:
    context = await browser.new_context(viewport={"width": 360, "height": 700}, device_scale_factor=2, locale="zh-CN")
    try:
        page = await _open(context, address, slower)
        await _seen(page, "door")
        times.bytes.append(await page.evaluate(LOADED))
        await page.fill("#proof", BORN)
        await page.click("#gate-form button")
        seen = await _seen(page, "choices")
        times.door.append(seen["door"])
        times.question.append(seen["choices"] - seen["entered"])
        again = await _open(context, address, slower)
        times.again.append((await _seen(again, "choices"))["choices"])
        before = await again.locator("#log .robot").count()
        await again.click("#choices button:last-child")
        await again.locator("#log .robot").nth(before).wait_for(timeout=LONGEST_MS)
    finally:
        await context.close()


async def _open(context: BrowserContext, address: str, slower: int) -> Page:
    page = await context.new_page()
    await page.add_init_script(SEEN)
    wire = await context.new_cdp_session(page)
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    await page.goto(address, wait_until="commit")
    return page


async def _seen(page: Page, name: str) -> dict[str, float]:
    """Everything noted once `name` is; asked often, as the page's policy forbids a watcher of Playwright's."""
    async with asyncio.timeout(LONGEST_MS / 1000):
        while name not in (seen := await page.evaluate("window.seen || {}")):
            await page.wait_for_timeout(50)
    return dict(seen)
