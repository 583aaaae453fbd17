"""A nurse at the workstation, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.dashboard_ward import RunningWard, chromium, running_ward, sign_in

expect.set_options(timeout=30_000)  # what must come is waited for, however busy the machine: tests assert no times


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[RunningWard]:
    with running_ward(tmp_path) as ward:
        yield ward


@pytest.fixture
def page(browser: Browser, ward: RunningWard) -> Iterator[Page]:
    """A signed-in nurse on the work page; the test fails on a script error or a request to another host."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", lambda request: faults.append(request.url) if not own(request.url, ward) else None)
    sign_in(page, ward.address)
    yield page
    context.close()
    assert faults == []


def own(url: str, ward: RunningWard) -> bool:
    return urlsplit(url).netloc == urlsplit(ward.address).netloc
