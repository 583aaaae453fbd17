"""No serious finding of axe-core on any page of the workstation; axe-core itself is not ours to ship."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from agent.model.clock import utc_now
from agent.model.display import Display
from dashboard.routes.wall import hash_of
from tests.e2e.dashboard_ward import CHROMIUM, RunningWard, sign_in
from tests.fakes import seed_live

AXE = Path(os.environ.get("SUIFANG_AXE", "/tmp/axe/package/axe.min.js"))
FOUND = "axe.run().then(r => r.violations.map(v => [v.impact, v.id, v.nodes[0].html]))"
SERIOUS = ("serious", "critical")
BY_A_NURSE = (
    "/queue", "/queue?show=resolved", "/escalations/e0003", "/calls", "/calls/a-live1", "/patients", "/patients/p0003",
    "/patients/p0003/summary", "/patients/p0003/media", "/contacts", "/contacts/c0001-7", "/search?q=疼", "/password",
    "/unreachable", "/nothing-here",
)  # fmt: skip
BY_AN_ADMINISTRATOR = ("/queue", "/insight", "/insight/cards", "/campaigns", "/users", "/displays")

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium"),
    pytest.mark.skipif(not AXE.exists(), reason="needs axe-core (SUIFANG_AXE names axe.min.js)"),
]


def serious(page: Page, path: str) -> list[list[str]]:
    page.goto(path)
    page.wait_for_load_state("load")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[list[str]] = page.evaluate(FOUND)
    return [[path, *each] for each in found if each[0] in SERIOUS]


def test_no_page_has_a_serious_finding(page: Page, browser: Browser, ward: RunningWard, tmp_path: Path) -> None:
    ward.do(seed_live.running_calls(ward.store, tmp_path, ward.began))
    found = [each for path in BY_A_NURSE for each in serious(page, ward.address + path)]
    page.goto(f"{ward.address}/calls")
    page.keyboard.press("t")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found += [["take over", *each] for each in page.evaluate(FOUND) if each[0] in SERIOUS]
    other = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
    sign_in(other, ward.address, "admin")
    found += [each for path in BY_AN_ADMINISTRATOR for each in serious(other, ward.address + path)]
    other.context.close()
    assert found == []


def test_the_wall_has_none(page: Page, ward: RunningWard) -> None:
    async def hung() -> None:
        async with ward.store.transaction() as records:
            await records.add_display(Display("d1", "护士站", hash_of("key"), "admin", utc_now()))

    assert serious(page, f"{ward.address}/wall/none") == []
    ward.do(hung())
    assert serious(page, f"{ward.address}/wall/key") == []
