"""The nurse's work in a real browser: hear, take, resolve, and be told of what is new."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from agent.model.clock import hospital_day, utc_now
from agent.model.escalation import Disposition, Escalation, EscalationKind, EscalationStatus
from agent.model.finding import Level
from dashboard.views.case import clip_of
from tests.e2e.dashboard_ward import CHROMIUM, RunningWard, sign_in
from tests.fakes import seed

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium")


def fresh(ward: RunningWard, number: int, level: Level = Level.RED, minutes: float = 0.0) -> Escalation:
    """A new danger of a patient of the ward."""
    made = seed.escalation(number, ward.began, EscalationKind.RED_FLAG, minutes)
    return replace(made, id=f"new{number}", level=level, created_at=utc_now(), reason=f"新的预警 {number}")


def audio(page: Page) -> tuple[float, bool]:
    """(second, playing) of the open card's recording."""
    time, paused = page.evaluate("(a => [a.currentTime, a.paused])(document.querySelector('audio'))")
    return time, not paused


def until_playing(page: Page, playing: bool = True, *, seconds: float = 15) -> float:
    """Waits until the recording plays (or has stopped); returns its second."""
    end = time.perf_counter() + seconds
    while audio(page)[1] is not playing or audio(page)[0] == 0:
        assert time.perf_counter() < end, "the recording did not start or stop"
        page.wait_for_timeout(40)
    return audio(page)[0]


def names(page: Page) -> list[str]:
    return page.locator("#cards .card .name").all_inner_texts()


def test_a_nurse_hears_takes_and_resolves_with_the_keyboard_alone(page: Page, ward: RunningWard) -> None:
    card = page.locator(".card[aria-current]")
    expect(card.locator("mark.alarm")).to_have_text("有黄水，一股味儿")
    expect(card.locator(".level")).to_have_text("紧急")
    expect(card).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".evidence h2")).to_have_text("胸痛伴出冷汗，昨夜开始")
    assert page.url.endswith("/escalations/e0001")

    page.keyboard.press(" ")
    start, end = clip_of(ward.stored("e0001")) or (0, 0)
    assert start <= until_playing(page) < start + 3
    expect(page.locator(".line.speaking")).to_have_attribute("id", "turn-tc0001-7-4")
    assert end <= until_playing(page, False) < end + 1

    page.keyboard.press("t")
    expect(page.locator(".evidence .state")).to_contain_text("我正在处理")
    assert ward.stored("e0001").owner == "lijing"
    page.keyboard.press("c")
    expect(page.locator("#call .number").first).to_have_text("131 0010 1037")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_have_text("已处理，转到下一条")
    done = ward.stored("e0001")
    assert (done.status, done.disposition) == (EscalationStatus.RESOLVED, Disposition.EMERGENCY_CALLED)
    expect(page.locator(".card[data-id=e0001]")).to_have_count(0)
    expect(page.locator(".card[aria-current]")).to_be_focused()


def test_the_keyboard_clears_the_whole_queue(page: Page, ward: RunningWard) -> None:
    waiting = [each.id for each in seed.escalations(ward.began) if each.status is EscalationStatus.OPEN]
    for left in range(len(waiting), 0, -1):
        opened = page.locator("#case").get_attribute("data-id") or ""
        page.keyboard.press("t")
        expect(page.locator(".evidence .state")).to_contain_text("我正在处理")
        page.keyboard.press("r")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        if left > 1:
            expect(page.locator(".evidence")).not_to_have_attribute("data-id", opened)
    expect(page.locator(".evidence .state")).to_contain_text("李静已处理")
    assert all(ward.stored(each).status is EscalationStatus.RESOLVED for each in waiting)
    before = [each.resolved_at for each in seed.escalations(ward.began) if each.resolved_at]
    today = len(waiting) + sum(hospital_day(at) == hospital_day(ward.began) for at in before)
    expect(page.locator("#cards")).to_contain_text(f"没有待处理的预警 · 今日已处理 {today} 条")


def test_a_new_alarm_appears_by_itself(page: Page, ward: RunningWard) -> None:
    page.mouse.move(700, 400)
    assert "孙玉梅" not in names(page)
    ward.alarm(replace(fresh(ward, 9), patient_id=seed.patient_id(7)))
    page.wait_for_selector(".card[data-id=new9]")
    expect(page).to_have_title(re.compile("（7）"))
    expect(page.locator(".evidence h2")).to_have_text("术后第 7 天高热，伤口红肿渗液")  # what she reads stays


def test_nothing_moves_under_the_pointer(page: Page, ward: RunningWard) -> None:
    third = page.locator(".card").nth(2)
    third.hover()
    before, order = third.bounding_box(), names(page)
    ward.alarm(fresh(ward, 9))
    expect(page.locator("#fresh")).to_have_text("1 条新预警")
    ward.alarm(fresh(ward, 10, Level.YELLOW))
    expect(page.locator("#fresh")).to_have_text("2 条新预警")
    assert names(page) == order and third.bounding_box() == before
    ward.colleague_takes("e0004")
    expect(page.locator(".card[data-id=e0004]")).to_contain_text("王芳")  # its words change, its place does not
    assert names(page) == order and third.bounding_box() == before
    page.mouse.move(700, 400)
    expect(page.locator("#fresh")).to_be_hidden()
    assert names(page)[:3] == ["王秀英", "吴美玲", "张桂兰"] and "陈志明" in names(page)[-2:]


def test_a_click_on_the_bar_or_a_key_lets_new_ones_in(page: Page, ward: RunningWard) -> None:
    for number, let_in in ((9, lambda: page.locator("#fresh").click()), (10, lambda: page.keyboard.press("u"))):
        page.locator(".card").nth(3).hover()
        ward.alarm(fresh(ward, number))
        expect(page.locator("#fresh")).to_be_visible()
        let_in()
        expect(page.locator(f".card[data-id=new{number}]")).to_be_visible()
        expect(page.locator("#fresh")).to_be_hidden()


def test_who_comes_second_is_told_who_has_it(page: Page, ward: RunningWard) -> None:
    ward.colleague_takes("e0004", told=False)
    page.keyboard.press("t")
    expect(page.locator(".evidence .banner")).to_have_text("王芳 已接手，正在处理")
    expect(page.locator(".evidence .state")).to_contain_text("王芳正在处理")
    expect(page.locator("#take")).to_have_count(0)


def test_what_is_being_written_survives_news_about_the_card(page: Page, ward: RunningWard) -> None:
    page.keyboard.press("n")
    page.keyboard.type("患者女儿在旁")
    ward.colleague_takes("e0004")
    expect(page.locator(".evidence .state")).to_contain_text("王芳正在处理")
    expect(page.locator("#note textarea")).to_have_value("患者女儿在旁")
    page.locator("#note button").click()
    expect(page.locator(".notes")).to_contain_text("李静：患者女儿在旁")


def test_audio_goes_on_while_the_card_is_refreshed(page: Page, ward: RunningWard) -> None:
    page.keyboard.press(" ")
    until_playing(page)
    ward.colleague_takes("e0004")
    expect(page.locator(".evidence .state")).to_contain_text("王芳正在处理")
    assert audio(page)[1]


def test_a_sentence_is_heard_by_clicking_it(page: Page) -> None:
    button = page.locator(".hear").nth(3)
    start = float(button.get_attribute("data-start") or 0)
    button.click()
    assert abs(until_playing(page) - start) < 1.5


def test_a_missing_recording_says_so(page: Page, ward: RunningWard, tmp_path: Path) -> None:
    (tmp_path / "c0002-7.wav").unlink()
    page.goto(f"{ward.address}/escalations/e0002")
    expect(page.locator(".audio-error")).to_have_text("录音文件不在，无法播放")


def test_an_alarm_in_mid_call_is_heard_as_soon_as_it_is_on_disk(page: Page, ward: RunningWard, tmp_path: Path) -> None:
    path = tmp_path / "c0001-7.wav"
    whole = path.read_bytes()
    start, _ = clip_of(ward.stored("e0001")) or (0, 0)
    path.write_bytes(whole[: 44 + int((start - 2) * 32_000)])
    page.goto(f"{ward.address}/escalations/e0001")
    page.keyboard.press(" ")
    expect(page.locator(".audio-error")).to_have_text("这一段录音还在保存，请稍后再听")
    path.write_bytes(whole)
    page.keyboard.press(" ")
    assert start <= until_playing(page) < start + 3
    expect(page.locator(".audio-error")).to_be_hidden()


def test_a_lost_connection_is_shown_and_heals(browser: Browser, ward: RunningWard) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(page, ward.address)
    context.set_offline(True)
    ward._loop.call_soon_threadsafe(ward.live.close)
    expect(page.locator("#lost")).to_contain_text("连接断开", timeout=10_000)
    ward.live._closed = False
    context.set_offline(False)
    expect(page.locator("#lost")).to_be_hidden(timeout=15_000)
    ward.alarm(fresh(ward, 9))
    expect(page.locator(".card[data-id=new9]")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1024])
def test_narrow_screens_scroll_in_one_direction_only(browser: Browser, ward: RunningWard, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, ward.address)
    for path in ("/queue", "/escalations/e0001", "/patients", "/patients/p0003", "/contacts", "/contacts/c0001-7"):
        page.goto(ward.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    links, menu = page.locator(".top nav").bounding_box(), page.locator(".desk-menu").bounding_box()
    assert links and menu and links["x"] + links["width"] <= menu["x"], "the menu covers no other page's name"
    if width < 700:
        page.goto(f"{ward.address}/queue")
        expect(page.locator("#case")).to_be_hidden()
        page.locator(".card").nth(1).click()
        expect(page.locator(".evidence h2")).to_be_visible()
        assert len({box["x"] for each in page.locator(".line .said").all() if (box := each.bounding_box())}) == 1
        expect(page.locator("#queue")).to_be_hidden()
        page.go_back()
        expect(page.locator("#queue")).to_be_visible()
    context.close()


def test_news_of_the_last_card_does_not_cover_the_next_one(page: Page, ward: RunningWard) -> None:
    """The old card is looked at again while the next is on its way; its answer comes last."""
    held: dict[str, Route] = {}
    first = page.locator("#case").get_attribute("data-id") or ""
    for card in (first, "e0001"):
        page.route(f"**/escalations/{card}", lambda route: held.update({route.request.url.rsplit("/", 1)[1]: route}))

    def until_asked(card: str) -> None:
        for _ in range(1500):
            if card in held:
                return
            page.wait_for_timeout(20)
        raise AssertionError(f"{card} was not asked for")

    page.locator(".card[data-id=e0001]").click()
    until_asked("e0001")
    ward.colleague_takes(first)
    until_asked(first)
    held["e0001"].continue_()
    expect(page.locator(".evidence")).to_have_attribute("data-id", "e0001")
    with page.expect_response(f"**/escalations/{first}") as old:
        held[first].continue_()
    old.value.finished()
    page.wait_for_timeout(300)
    expect(page.locator(".evidence")).to_have_attribute("data-id", "e0001")
