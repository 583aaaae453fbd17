"""The chat page in Chromium, as wide as an old phone: a whole contact, the way out, a wire that breaks at random."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from agent.model.clock import utc_now
from agent.model.contact import Channel
from agent.model.education import EducationDue
from agent.model.message import Message, MessageKind, MessageStatus
from folders import ROOT
from tests.e2e.chat_server import ChatServer, chat_server
from tests.e2e.dashboard_ward import CHROMIUM
from tests.fakes.chat_house import CONTACT, PATIENT, SHELF

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium")
AXE = Path(os.environ.get("SUIFANG_AXE", "/tmp/axe/package/axe.min.js"))
SHOTS = ROOT / "docs" / "screenshots"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000050001a5f645400000"
    "000049454e44ae426082"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChatServer]:
    with chat_server(tmp_path) as server:
        yield server


@pytest.fixture
def page(server: ChatServer) -> Iterator[Page]:
    """360 px wide; the test fails on a script error or a breach of the page's policy."""
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 360, "height": 700}, device_scale_factor=2, locale="zh-CN")
        opened = context.new_page()
        opened.set_default_timeout(15000)
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on("console", lambda line: wrong.append(line.text) if "Content Security" in line.text else None)
        yield opened
        browser.close()
    assert wrong == []


def enter(page: Page, server: ChatServer, year: str = "1955") -> None:
    page.goto(server.address)
    page.get_by_label("请输入患者的出生年份").fill(year)
    page.get_by_role("button", name="进入").click()


def robot_says(page: Page, words: str) -> None:
    expect(page.locator("#log .robot").last).to_contain_text(words)


def press(page: Page, label: str) -> None:
    page.locator("#choices").get_by_role("button", name=label, exact=True).click()


def write(page: Page, text: str) -> None:
    page.get_by_label("打字回复").fill(text)
    page.get_by_role("button", name="发送", exact=True).click()


def shot(page: Page, name: str) -> None:
    """Written only when asked for: the pictures of the docs."""
    if os.environ.get("SUIFANG_SCREENSHOTS"):
        page.screenshot(path=str(SHOTS / f"webchat-{name}.png"))


def assess(page: Page) -> None:
    """No serious finding of axe-core and nothing to scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if AXE.exists():
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.impact, v.id, v.nodes[0].html]))")
        assert [each for each in found if each[0] in ("serious", "critical")] == []


def answers(server: ChatServer) -> dict[str, object]:
    return server.ask(server.house.answers)


def test_a_whole_contact_by_buttons_number_pad_and_words(page: Page, server: ChatServer) -> None:
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}) if answer.ok else None)
    page.goto(server.address)
    shot(page, "door")
    assess(page)
    enter(page, server, "1950")
    expect(page.get_by_role("alert")).to_contain_text("不一致")
    enter(page, server)
    robot_says(page, "喘不喘？")
    expect(page.locator("#log strong")).to_have_text("这几天走路或者上楼，喘不喘？")
    assert sum(sizes.values()) <= 100_000
    shot(page, "question")
    assess(page)
    press(page, "不喘")
    robot_says(page, "憋醒")
    expect(page.locator("#left")).to_contain_text("还剩")
    press(page, "不会")
    robot_says(page, "肿不肿")
    write(page, "不肿")
    robot_says(page, "体重")
    shot(page, "number")
    assess(page)
    page.get_by_label("请按“公斤”填").fill("61.5")
    page.get_by_role("button", name="确定").click()
    robot_says(page, "涨了两公斤")
    write(page, "没有")
    robot_says(page, "按时吃")
    press(page, "按时吃")
    robot_says(page, "别的不舒服")
    write(page, "没有了")
    robot_says(page, "下次随访")
    expect(page.locator("#left")).to_have_text("本次随访已完成")
    shot(page, "done")
    assert answers(server)["weight"] == 61.5 and answers(server)["medicine"] == "as_prescribed"


def test_a_danger_is_answered_at_once_and_a_photo_goes_to_a_nurse(page: Page, server: ChatServer) -> None:
    enter(page, server)
    robot_says(page, "喘不喘？")
    page.locator("#photo").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(page.locator("#log")).to_contain_text("照片收到了")
    write(page, "胸口疼得厉害")
    expect(page.locator("#log")).to_contain_text("120")
    expect(page.get_by_role("link", name="120")).to_have_attribute("href", "tel:120")
    assess(page)
    shot(page, "danger")
    assert {"photo", "chest_pain"} <= {rule for _, rule in server.ask(server.house.alarms)}


def test_an_address_in_a_lesson_can_be_touched(page: Page, server: ChatServer) -> None:
    enter(page, server)
    robot_says(page, "喘不喘？")
    server.ask(lambda: _teach(server, "每天早上称一次。 https://h.cn/weigh?day=1。有事请拨打0571-88000000"))
    write(page, "不喘")
    link = page.get_by_role("link", name="https://h.cn/weigh?day=1", exact=True)
    expect(link).to_have_attribute("href", "https://h.cn/weigh?day=1", timeout=60000)
    expect(link).to_have_attribute("rel", "noopener noreferrer")


async def _teach(server: ChatServer, text: str) -> None:
    now = utc_now()
    async with server.house.store.transaction() as records:
        lesson = Message("e1", Channel.WEBCHAT, CONTACT, MessageKind.EDUCATION, text, now, PATIENT, CONTACT)
        await records.add_message(replace(lesson, status=MessageStatus.SENT, sent_at=now))


def test_a_lesson_shows_its_picture_as_wide_as_the_bubble(page: Page, server: ChatServer) -> None:
    enter(page, server)
    press(page, "不喘")
    robot_says(page, "憋醒")
    server.ask(lambda: _owe(server))
    server.ask(server.house.teaches)
    picture = page.get_by_role("img", name="四步图")
    expect(picture).to_be_visible(timeout=60000)
    page.wait_for_function("document.querySelector('#log img').naturalWidth === 720", timeout=60000)
    box, bubble = picture.bounding_box(), page.locator("#log li", has=picture).bounding_box()
    assert box and bubble and bubble["x"] <= box["x"] and box["x"] + box["width"] <= bubble["x"] + bubble["width"]
    assert box["width"] > 250 and abs(box["height"] / box["width"] - 1040 / 720) < 0.02
    expect(page.locator("#log li", has=picture)).to_contain_text("每天早上起床")
    shot(page, "lesson")
    assess(page)


async def _owe(server: ChatServer) -> None:
    lesson = SHELF.get("heart_failure").education["weigh_daily"]
    async with server.house.store.transaction() as records:
        await records.add_education(
            EducationDue("d1", CONTACT, PATIENT, lesson.id, lesson.title, lesson.text, utc_now())
        )


def test_the_way_out_and_back_in(page: Page, server: ChatServer) -> None:
    enter(page, server)
    robot_says(page, "喘不喘？")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="不再收到").click()
    robot_says(page, "已退订")
    shot(page, "opted-out")
    page.get_by_role("button", name="恢复随访").click()
    robot_says(page, "已恢复随访")


def test_a_reading_at_any_time_and_the_points_it_earned(page: Page, server: ChatServer) -> None:
    enter(page, server)
    robot_says(page, "喘不喘？")
    page.get_by_role("button", name="记读数").click()
    page.get_by_role("button", name="血压", exact=True).click()
    page.get_by_label("高压").fill("128")
    page.get_by_label("低压").fill("82")
    page.get_by_role("button", name="确定").click()
    expect(page.locator("#trend")).to_be_visible(timeout=60000)
    write(page, "最近7天")
    expect(page.locator("#log .drawn svg")).to_have_count(1, timeout=60000)
    expect(page.locator("#log .drawn")).to_contain_text("血压 128/82 mmHg")
    points = page.get_by_role("button", name="我的积分 2", exact=True)
    expect(points).to_be_visible(timeout=60000)
    assess(page)
    points.click()
    expect(page.locator("#log")).to_contain_text("2分：上报读数2", timeout=60000)
    page.locator("#trend summary").click()
    shot(page, "points")


def test_nothing_is_lost_and_nothing_doubled_while_the_wire_breaks_at_random(page: Page, server: ChatServer) -> None:
    enter(page, server)
    robot_says(page, "喘不喘？")
    server.cutting = True
    said = ["不喘", "晚上睡得好，没憋醒", "脚不肿", "61公斤", "没有", "药都按时吃了"]
    for number, text in enumerate(said):
        write(page, text)
        expect(page.locator("#log .mine")).to_have_count(number + 1)
        expect(page.locator("#log .waits")).to_have_count(0, timeout=60000)
        expect(page.locator("#log .robot")).to_have_count(number + 2, timeout=60000)
    server.cutting = False
    assert server.cuts > 5
    kept = server.ask(lambda: _pieces(server))
    assert kept == said
    assert {key: answers(server)[key] for key in ("breath", "night", "swelling", "weight")} == {
        "breath": False, "night": False, "swelling": False, "weight": 61.0,
    }  # fmt: skip


def test_what_was_written_offline_is_sent_after_the_page_was_closed(page: Page, server: ChatServer) -> None:
    enter(page, server)
    robot_says(page, "喘不喘？")
    page.context.set_offline(True)
    write(page, "不喘")
    expect(page.locator("#log .waits")).to_have_count(1)
    expect(page.locator("#net")).to_be_visible()
    shot(page, "offline")
    page.context.set_offline(False)
    page.goto(server.address)
    robot_says(page, "憋醒")
    assert server.ask(lambda: _pieces(server)) == ["不喘"]


def test_five_wrong_years_and_the_door_is_shut_for_a_day(page: Page, server: ChatServer) -> None:
    page.goto(server.address)
    for _ in range(6):
        page.get_by_label("请输入患者的出生年份").fill("1940")
        with page.expect_response(re.compile("confirm")):
            page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("alert")).to_contain_text("明天再试")
    page.get_by_label("请输入患者的出生年份").fill("1955")
    page.get_by_role("button", name="进入").click()
    expect(page.locator("#log")).not_to_be_visible()


def test_without_the_cookie_nothing_is_told(page: Page, server: ChatServer) -> None:
    talk = page.request.get(server.address + "/talk")
    said = page.request.post(server.address + "/say", data=json.dumps({"id": "a1", "kind": "text", "text": "x"}))
    assert (talk.status, said.status) == (401, 401)
    gone = page.request.get(server.address[:-4] + "AAAA")
    assert gone.status == 404 and "不对" in gone.text() and PATIENT not in gone.text()


async def _pieces(server: ChatServer) -> list[str]:
    records = await server.house.records()
    return [each.text for each in await records.pieces(PATIENT) if each.text]
