"""The dashboard over the in-memory store, on a clock that the test turns."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from agent.store.screens import ScreenStore
from dashboard.app import DashboardDeps, LiveHub, create
from machine.virtual_time import MovableClock
from tests.fakes import desk, seed
from tests.fakes.memory_store import MemoryStore

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 11:00 at the hospital
KEY = b"a key of the tests, 32 bytes long"


@dataclass
class Ward:
    """A seeded store, the application over it, and browsers that sign in."""

    store: ScreenStore
    folder: Path
    clock: MovableClock = field(default_factory=lambda: MovableClock(START))
    live: LiveHub = field(default_factory=LiveHub)
    ids: int = 0

    def __post_init__(self) -> None:
        self.app = create(self.deps())

    def deps(self) -> DashboardDeps:
        return DashboardDeps(
            store=self.store,
            live=self.live,
            recordings_folder=self.folder,
            media_folder=self.folder,
            now=self.clock,
            new_id=self.new_id,
            secret_key=KEY,
            pathway_titles=seed.title,
            pathway_versions=lambda _pathway, version: (version, True),
            question_labels=seed.label,
            option_labels=seed.option,
            reading_ranges=seed.reading_range,
            campaigning=seed.campaigning(),
            importing=desk.importing(self.folder),
            house=desk.house(self.folder),
            writing=desk.ByHand(),
        )

    def new_id(self) -> str:
        self.ids += 1
        return f"id{self.ids:06}"

    def browser(self, address: str = "10.0.0.1", base: str = "http://ward") -> "Browser":
        transport = httpx.ASGITransport(app=self.app, client=(address, 1234), raise_app_exceptions=False)
        return Browser(httpx.AsyncClient(transport=transport, base_url=base, headers={"accept": "text/html"}))

    async def nurse(self, name: str = "lijing") -> "Browser":
        browser = self.browser()
        answer = await browser.sign_in(name)
        assert answer.status_code == 303
        return browser


@dataclass
class Browser:
    http: httpx.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers=headers)

    async def fragment(self, path: str) -> httpx.Response:
        return await self.http.get(path, headers={"x-fragment": "1"})

    async def sign_in(self, name: str, password: str = seed.PASSWORD, where: str = "/queue") -> httpx.Response:
        page = await self.http.get("/login", params={"next": where})
        form = {"token": token_in(page.text), "name": name, "password": password, "next": where}
        return await self.http.post("/login", data=form)

    async def token(self) -> str:
        return meta_token(await self.get("/queue"))

    async def post(self, path: str, *, scripted: bool = True, **form: str) -> httpx.Response:
        headers = {"x-fragment": "1"} if scripted else {}
        return await self.http.post(path, data={"token": await self.token(), **form}, headers=headers)


def token_in(html: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', html)
    assert found
    return found[1]


def meta_token(page: httpx.Response) -> str:
    found = re.search(r'<meta name="token" content="([0-9a-f]+)"', page.text)
    assert found
    return found[1]


@pytest.fixture
async def ward(tmp_path: Path) -> Ward:
    ward = Ward(MemoryStore(), tmp_path)
    await seed.seed(ward.store, tmp_path, START)
    return ward


@pytest.fixture
async def nurse(ward: Ward) -> AsyncIterator[Browser]:
    browser = await ward.nurse()
    yield browser
    await browser.http.aclose()


@pytest.fixture
def text_of() -> Callable[[str], str]:
    """A page's words without its tags."""
    return lambda html: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub(r"</t[dh]>", " ", html)))
