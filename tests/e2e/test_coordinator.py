"""The coordinator's and the administrator's pages, in a real browser."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from agent.model.clock import utc_now
from dashboard import times
from tests.e2e.conftest import own
from tests.e2e.dashboard_ward import CHROMIUM, RunningWard, sign_in
from tests.fakes import desk

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium")
SHOTS = os.environ.get("SUIFANG_SHOTS", "")  # a folder for screenshots of what the tests see


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


def at_the_desk(browser: Browser, ward: RunningWard, name: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", lambda request: faults.append(request.url) if not own(request.url, ward) else None)
    sign_in(page, ward.address, name)
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def coordinator(browser: Browser, ward: RunningWard) -> Iterator[Page]:
    yield from at_the_desk(browser, ward, "zhaomin")


@pytest.fixture
def admin(browser: Browser, ward: RunningWard) -> Iterator[Page]:
    yield from at_the_desk(browser, ward, "admin")


def test_a_list_is_seen_before_it_is_taken_in(coordinator: Page, tmp_path: Path) -> None:
    page = coordinator
    discharged = times.day_of(utc_now()) - timedelta(days=2)
    written = desk.LIST.decode("gb18030").replace("2026-11-19", str(discharged)).replace("2026-11-18", str(discharged))
    (tmp_path / "名单.csv").write_bytes(written.encode("gb18030"))
    page.locator(".desk-menu summary").click()
    page.get_by_role("link", name="导入名单").click()
    shot(page, "import")
    page.set_input_files("[name=file]", tmp_path / "名单.csv")
    page.get_by_role("button", name="看看会产生什么").press("Enter")
    expect(page.locator(".would-be")).to_contain_text("缺少：分层")
    shot(page, "import-columns")
    page.get_by_label("危险度").select_option("分层")
    page.get_by_role("button", name="按这样再看一次").press("Enter")
    expect(page.locator(".would-be")).to_contain_text("新患者 2 行")
    expect(page.locator(".import-lines")).to_contain_text("钱桂芬")
    shot(page, "import-preview")
    page.locator("#confirm").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("已导入 2 行")
    shot(page, "import-done")
    page.get_by_role("link", name="钱桂芬").click()
    expect(page.locator(".patient-head")).to_contain_text("慢性心力衰竭")


def test_whom_nobody_reached_is_called_once_more_on_another_number(coordinator: Page, ward: RunningWard) -> None:
    page = coordinator
    page.goto(f"{ward.address}/unreachable")
    row = page.get_by_role("row").filter(has_text="周大勇")
    row.get_by_text("换号码").click()
    page.get_by_label("新号码").fill("139 0010 2233")
    shot(page, "unreachable")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="已保存")).to_be_visible()
    expect(page.locator("main")).to_contain_text("没有未联系上的患者")


def test_an_administrator_makes_an_account_and_closes_it(admin: Page, browser: Browser, ward: RunningWard) -> None:
    page = admin
    page.locator(".desk-menu summary").click()
    page.get_by_role("link", name="用户").click()
    form = page.locator("section .desk-form")
    form.get_by_label("登录名").fill("bones")
    form.get_by_label("姓名").fill("骨科护士")
    form.get_by_label("角色").select_option("nurse")
    form.get_by_label("科室").fill("骨科")
    form.get_by_role("button", name="新建").press("Enter")
    secret = page.locator(".secret").inner_text()
    page.get_by_label("修改 骨科护士").click()
    shot(page, "users")
    other = browser.new_context().new_page()
    other.goto(f"{ward.address}/login")
    other.fill("[name=name]", "bones")
    other.fill("[name=password]", secret)
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="修改密码")).to_be_visible()
    page.get_by_role("button", name="停用账号").click()
    expect(page.get_by_role("row").filter(has_text="bones")).to_contain_text("已停用")
    other.goto(f"{ward.address}/queue")
    expect(other.locator("[name=password]")).to_be_visible()
    other.context.close()


def test_the_calling_hours_are_changed_on_the_page(coordinator: Page, ward: RunningWard) -> None:
    page = coordinator
    page.goto(f"{ward.address}/hours")
    hours = page.get_by_label("第 7 行 时段")
    hours.fill("9 点以后")
    page.keyboard.press("Enter")
    expect(page.locator(".why")).to_contain_text("看不懂“9 点以后”")
    shot(page, "hours-wrong")
    page.get_by_label("第 7 行 时段").fill("10:00-12:00")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="已保存")).to_be_visible()
    shot(page, "hours")
    page.goto(f"{ward.address}/lines")
    expect(page.locator(".facts")).to_contain_text("0 / 5 路")
    shot(page, "lines")


def test_a_pathway_is_read_as_it_is_signed(coordinator: Page, ward: RunningWard) -> None:
    page = coordinator
    page.goto(f"{ward.address}/pathways")
    shot(page, "pathways")
    page.locator(".pathways a").first.click()
    expect(page.locator("#questions")).to_be_visible()
    expect(page.locator("table").first).to_have_css("border-collapse", "collapse")
    shot(page, "pathway")


def test_a_patients_record_is_kept_on_the_page(page: Page, ward: RunningWard) -> None:
    page.goto(f"{ward.address}/patients/p0003")
    page.get_by_text("修改资料").press("Enter")
    page.get_by_label("标签").fill("独居 听力差")
    page.keyboard.press("Enter")
    expect(page.locator(".tag")).to_have_count(2)
    page.get_by_text("发消息").press("Enter")
    shot(page, "patient-desk")
    page.get_by_role("button", name="发送").press("Enter")
    expect(page.get_by_role("status").filter(has_text="消息已写好")).to_be_visible()
    page.get_by_text("分层与同意").press("Enter")
    page.locator(".confirm summary").press("Enter")
    page.get_by_role("button", name="确认不再联系").press("Enter")
    expect(page.locator(".patient-facts")).to_contain_text("患者要求不再联系")


def test_an_answer_is_proposed_beside_the_figures(coordinator: Page, ward: RunningWard) -> None:
    page = coordinator
    page.goto(f"{ward.address}/insight")
    page.get_by_text("提议一个回答").press("Enter")
    page.get_by_label("患者会怎么问").fill("能吃柚子吗\n柚子能不能吃\n吃柚子行吗")
    page.get_by_label("机器人怎么答").fill("有些药不能和柚子同吃，请先问医生。")
    shot(page, "insight")
    page.get_by_role("button", name="提议", exact=True).press("Enter")
    expect(page.locator("#faq")).to_contain_text("待临床签发")
    page.locator(".rates a").first.click()
    expect(page.get_by_role("link", name="返回洞察")).to_be_visible()


def test_the_desk_speaks_english_too(page: Page, ward: RunningWard) -> None:
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Alerts").first).to_be_visible()
    expect(page.locator("#keys-open")).to_be_visible()  # the scripts run
    page.keyboard.press("t")
    expect(page.locator(".evidence .state")).to_contain_text("working on it")
    shot(page, "english-queue")
    page.goto(f"{ward.address}/patients/p0003")
    expect(page.locator(".patient-facts")).to_contain_text("Contact and consent")
    shot(page, "english-patient")
