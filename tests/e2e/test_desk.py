"""More than take and resolve, in a real browser: give on, put off, arrange, mark, search, print."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agent.model.clock import utc_now
from agent.model.escalation import Disposition, EscalationKind, EscalationStatus
from tests.e2e.dashboard_ward import CHROMIUM, RunningWard
from tests.fakes import seed

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium")


def test_ten_cards_are_cleared_without_the_mouse(page: Page, ward: RunningWard) -> None:
    """Resolved with an arrangement, marked as false, given on, put off: whatever leaves the queue."""
    for number in range(4):
        card = seed.escalation(1 + number, ward.began, EscalationKind.RED_FLAG, 0)
        ward.alarm(replace(card, id=f"more{number}", created_at=utc_now(), rule=f"more{number}"))
    page.reload()
    waiting = page.locator("#cards .card.open")
    expect(waiting).to_have_count(10)
    for turn in range(10):
        opened = page.locator("#case").get_attribute("data-id") or ""
        (_resolve, _false_alarm, _give_on, _put_off)[turn % 4](page)
        expect(waiting).to_have_count(9 - turn)
        if turn < 9:
            expect(page.locator(".evidence")).not_to_have_attribute("data-id", opened)
    expect(page.locator("#cards")).to_contain_text("没有待处理的预警")
    expect(page.locator(".card.snoozed")).to_have_count(2)


def _resolve(page: Page) -> None:
    page.keyboard.press("t")
    expect(page.locator(".evidence .state")).to_contain_text("我正在处理")
    page.keyboard.press("r")
    page.keyboard.press("2")
    for _ in range(2):  # past the note to the arrangement
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[name=recall]")).to_be_checked()
    page.locator("#resolve form button").press("Enter")


def _false_alarm(page: Page) -> None:
    page.keyboard.press("f")


def _give_on(page: Page) -> None:
    page.keyboard.press("m")
    expect(page.locator("[name=to]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=to]")).to_have_value("wangfang")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def _put_off(page: Page) -> None:
    page.keyboard.press("m")
    for _ in range(3):  # colleague, its button, minutes
        page.keyboard.press("Tab")
    expect(page.locator("[name=why]")).to_be_focused()
    page.keyboard.type("等家属回电")
    page.keyboard.press("Enter")


def test_what_was_arranged_stands_on_the_patients_page(page: Page, ward: RunningWard) -> None:
    page.goto(f"{ward.address}/escalations/e0003")
    page.keyboard.press("t")
    expect(page.locator("#release")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.press("3")
    page.check("[name=recall]")
    page.select_option("[name=tier]", "middle")
    page.fill("[name=referral]", "心衰门诊")
    page.locator("#resolve form button").click()
    expect(page.locator("#toast")).to_contain_text("已处理")
    assert ward.stored("e0003").disposition is Disposition.REFERRED
    page.goto(f"{ward.address}/patients/p0003")
    expect(page.locator(".patient-head")).to_contain_text("中危")
    expect(page.locator(".notes")).to_contain_text("转诊：心衰门诊")
    page.get_by_role("button", name="现在由机器人拨打").click()
    expect(page.get_by_role("status").filter(has_text="已排到最前")).to_be_visible()


def test_a_passed_over_sentence_is_marked_with_one_click(page: Page, ward: RunningWard) -> None:
    page.goto(f"{ward.address}/escalations/e0001")
    line = page.locator(".line.patient").first
    line.hover()
    line.get_by_role("button", name="漏报").click()
    expect(page.locator(".line.patient").first).to_contain_text("已记漏报")
    assert ward.stored("e0001").status is EscalationStatus.OPEN


def test_the_slash_key_finds_a_sentence_and_leads_to_it(page: Page, ward: RunningWard) -> None:
    page.keyboard.press("/")
    page.keyboard.type("心口疼")
    page.keyboard.press("Enter")
    expect(page.locator(".said-list mark").first).to_have_text("心口疼")
    page.locator(".said-list a").first.click()
    expect(page).to_have_url(re.compile(r"/contacts/c0001-7#turn-"))
    expect(page.locator(":target")).to_contain_text("心口疼")


def test_the_summary_prints_without_the_frame_around_it(page: Page, ward: RunningWard) -> None:
    page.goto(f"{ward.address}/patients/p0003/summary")
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".no-print")).to_be_hidden()
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert len(sheets) <= 2  # charts stand two in a row: each on a sheet half empty, there were three
