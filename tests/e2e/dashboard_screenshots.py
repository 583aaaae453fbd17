"""Draws docs/screenshots anew: `python -m tests.e2e.dashboard_screenshots`."""

import struct
import tempfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page

from agent.escalation import under_way
from agent.model.contact import ContactStatus
from agent.model.display import Display
from agent.model.education import EducationDue
from agent.model.escalation import EscalationKind, Evidence
from agent.model.finding import Level
from dashboard.routes.wall import hash_of
from tests.e2e.dashboard_ward import RunningWard, chromium, running_ward, sign_in
from tests.fakes import seed, seed_live

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
MOMENT = datetime(2026, 11, 20, 4, 36, tzinfo=UTC)  # a Friday, 12:36 at the hospital
PAGES = {
    "queue": "/queue",
    "reading": "/escalations/e0003",
    "patient": "/patients/p0003",
    "patients": "/patients",
    "contacts": "/contacts",
    "contact": "/contacts/c0004-7",
    "search": "/search?q=疼",
    "summary": "/patients/p0003/summary",
}
FIGURES = {
    "insight": "/insight", "insight-list": "/insight/cards?kind=red_flag", "unreachable": "/unreachable",
    "import": "/import", "pathways": "/pathways", "hours": "/hours", "lines": "/lines",
}  # fmt: skip
SIZES = {
    (1280, 800): tuple(PAGES),
    (1920, 1080): ("queue", "patient", "contacts"),
    (390, 844): ("queue", "reading"),
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_ward(Path(folder), lambda: MOMENT) as ward, chromium() as b:
        for (width, height), names in SIZES.items():
            page = _page(b, ward, width, height)
            for name in names:
                page.goto(ward.address + PAGES[name])
                page.wait_for_load_state("load")
                page.wait_for_timeout(500)  # the wave form
                _save(page, f"{name}-{width}")
            if width == 1280:
                _states(page, ward)
            page.context.close()
        for width in (1280, 1920):
            _figures(b, ward, width)
        _live(b, ward, Path(folder))
        _full_ward(b, ward)
    with tempfile.TemporaryDirectory() as folder, running_ward(Path(folder), lambda: MOMENT) as ward, chromium() as b:
        _badges(b, ward)


def _page(browser: Browser, ward: RunningWard, width: int, height: int, name: str = "lijing") -> Page:
    page = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN").new_page()
    page.clock.set_fixed_time(MOMENT)
    if width == 1280 and name == "lijing":
        page.goto(f"{ward.address}/login")
        _save(page, "login-1280")
    sign_in(page, ward.address, name)
    return page


def _figures(browser: Browser, ward: RunningWard, width: int) -> None:
    page = _page(browser, ward, width, 800 if width == 1280 else 1080, "zhaomin")
    for name, path in FIGURES.items():
        page.goto(ward.address + path)
        _save(page, f"{name}-{width}")
    page.context.close()


def _live(browser: Browser, ward: RunningWard, folder: Path) -> None:
    """Calls in progress, and the wall."""
    ward.do(seed_live.running_calls(ward.store, folder, MOMENT))
    link = ward.do(_link(ward))
    for width in (1280, 1920):
        page = _page(browser, ward, width, 800 if width == 1280 else 1080)
        page.goto(f"{ward.address}/calls")
        page.wait_for_timeout(400)
        _save(page, f"calls-{width}")
        page.goto(ward.address + link)
        page.wait_for_timeout(400)
        _save(page, f"wall-{width}")
        if width == 1280:
            page.goto(f"{ward.address}/calls")
            page.keyboard.press("t")
            _save(page, "take-over-1280")
        page.context.close()
    page = _page(browser, ward, 1280, 800, "admin")
    page.goto(f"{ward.address}/displays")
    _save(page, "displays-1280")
    page.context.close()


async def _link(ward: RunningWard) -> str:
    async with ward.store.transaction() as records:
        await records.add_display(Display("d1", "护士站", hash_of("of-the-pictures"), "admin", MOMENT))
    return "/wall/of-the-pictures"


def _full_ward(browser: Browser, ward: RunningWard) -> None:
    """Two hundred cards wait."""
    for number in range(194):
        waits = 3 + number * 2
        card = seed.escalation((1, 2, 3, 4, 11)[number % 5], MOMENT, EscalationKind.RED_FLAG, waits)
        ward.alarm(replace(card, id=f"full{number:03}", rule=f"full{number}"))
    for width in (1280, 1920):
        page = _page(browser, ward, width, 800 if width == 1280 else 1080)
        page.goto(f"{ward.address}/queue")
        page.wait_for_timeout(800)
        _save(page, f"queue-200-{width}")
        page.context.close()


def _badges(browser: Browser, ward: RunningWard) -> None:
    """Cards with all that may stand on one, a card whose glimpses were made one, a lesson with its picture."""
    said = ward.stored("e0001")
    half = replace(said.evidence, words="就是从昨天夜里喘不上", span=(7, 10))
    taken_back = f"{said.reason}；{under_way.AFTER_THE_WHOLE}：患者否认"
    for card in (
        replace(said, id="speaks", patient_id="p0007", contact_id="c0007-3", reason=f"胸口闷{under_way.UNDER_WAY}"),
        replace(said, id="denied", patient_id="p0005", contact_id="c0005-7", level=Level.YELLOW, reason=taken_back),
        replace(said, id="climbed", patient_id="p0011", contact_id="c0011-7", told=2, also=(said.evidence, half)),
        replace(said, id="again", patient_id="p0003", contact_id="c0003-14", rule="again", by_second_pass=True),
    ):
        ward.alarm(card)
    ward.do(_one_sentence(ward, half))
    for width in (1280, 1920):
        page = _page(browser, ward, width, 800 if width == 1280 else 1080, "wangfang")
        page.goto(f"{ward.address}/escalations/e0001")
        page.wait_for_timeout(500)
        _save(page, f"badges-{width}")
        if width == 1280:
            page.keyboard.press("c")
            _save(page, "call-1280")
            page.goto(f"{ward.address}/patients/p0001")
            page.locator(".education summary").click()
            page.locator(".education img").scroll_into_view_if_needed()
            page.wait_for_timeout(500)
            _save(page, "lesson-1280")
        page.context.close()


async def _one_sentence(ward: RunningWard, half: Evidence) -> None:
    async with ward.store.transaction() as records:
        card = await records.escalation("e0001")
        await records.save_escalation(replace(card, also=(half,)))
        lesson = ("weigh_daily", "每天称体重", "早上起床、排尿以后，吃早饭以前称。三天重两公斤就来电话。")
        await records.add_education(EducationDue("d1", "c0001-7", "p0001", *lesson, MOMENT, MOMENT))


def _states(page: Page, ward: RunningWard) -> None:
    page.goto(f"{ward.address}/escalations/e0001")
    page.wait_for_timeout(400)
    page.keyboard.press("t")
    page.wait_for_selector("#release")
    page.keyboard.press("r")
    _save(page, "resolve-1280")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    _save(page, "more-1280")
    page.keyboard.press("Escape")
    page.locator("#release button").click()
    page.wait_for_selector("#take")
    ward.do(_strand(ward, "c0012-3"))
    page.goto(f"{ward.address}/contacts")
    _save(page, "contacts-adrift-1280")


async def _strand(ward: RunningWard, contact_id: str) -> None:
    """A contact in progress that nobody is on the phone for."""
    async with ward.store.transaction() as records:
        contact = await records.contact(contact_id)
        await records.save_contact(replace(contact, status=ContactStatus.IN_PROGRESS))


def _save(page: Page, name: str) -> None:
    (FOLDER / f"{name}.png").write_bytes(_packed(page.screenshot()))


def _packed(png: bytes) -> bytes:
    """The same picture with its pixels deflated as small as zlib can."""
    chunks, pixels, at = [], b"", 8
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        body = png[at + 8 : at + 8 + length]
        if kind == b"IDAT":
            pixels += body
        else:
            chunks.append((kind, body))
        at += 12 + length
    chunks.insert(-1, (b"IDAT", zlib.compress(zlib.decompress(pixels), 9)))
    packed = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return png[:8] + b"".join(packed)


if __name__ == "__main__":
    main()
