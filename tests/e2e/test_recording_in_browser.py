"""A recording in a real browser: one that is still being written, and the robot's own sentences."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from agent.speech.ulaw import encode
from telephony.recorder import TwoChannelRecorder
from tests.e2e.dashboard_ward import CHROMIUM, RunningWard, sign_in

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium")
TONE = encode((8_000 * np.sin(2 * np.pi * 440 * np.arange(160) / 8_000)).astype(np.int16))


@pytest.fixture
def page(browser: Browser, ward: RunningWard) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, ward.address)
    page.goto(f"{ward.address}/escalations/e0001")
    until(page, "a.duration > 0")
    yield page
    context.close()


def until(page: Page, true_of_audio: str, seconds: float = 15) -> None:
    """Waits for an expression of `a`, the audio element; the page's own policy forbids Playwright's waiting for one."""
    end = time.perf_counter() + seconds
    while not page.evaluate(f"(a => {true_of_audio})(document.querySelector('audio'))"):
        assert time.perf_counter() < end, true_of_audio
        page.wait_for_timeout(40)


def plays_beyond(page: Page, second: float) -> None:
    until(page, f"!a.paused && a.currentTime > {second}")


def test_a_call_that_is_still_going_on_can_be_heard_as_far_as_it_is(
    page: Page, ward: RunningWard, tmp_path: Path
) -> None:
    """The file grows as a call writes it, twenty milliseconds at a time, while the player reads ranges of it."""
    length = page.evaluate("document.querySelector('audio').duration")
    over = threading.Event()

    def call_goes_on() -> None:
        recorder, at = TwoChannelRecorder(tmp_path / "c0001-7.wav"), 0
        while not over.is_set():
            recorder.robot(TONE, at * 0.02)
            recorder.patient(TONE, at * 0.02)
            at += 1
            time.sleep(0.002)
        recorder.close()

    call = threading.Thread(target=call_goes_on)
    call.start()
    try:
        asked: list[str] = []
        page.on(
            "request", lambda request: asked.append(request.headers.get("range", "")) if ".wav" in request.url else None
        )
        for ahead in (0.5, 2.0):
            page.wait_for_timeout(600)
            button = page.locator(".line.patient .hear").first
            button.evaluate(
                "(button, start) => { button.dataset.start = start; button.dataset.end = start + 9 }", length + ahead
            )
            button.click()
            plays_beyond(page, length + ahead)
            assert page.evaluate("document.querySelector('audio').duration") > length + ahead
        assert any(each.startswith("bytes=") for each in asked)
    finally:
        over.set()
        call.join()


def test_a_robot_s_sentence_is_heard_at_a_click(page: Page, ward: RunningWard) -> None:
    turn = page.locator(".line.robot").nth(2).get_attribute("id") or ""

    async def noted() -> None:
        async with ward.store.transaction() as records:
            await records.note_reply_audio(turn.removeprefix("turn-").removesuffix("-reply"), 12.0)

    ward.do(noted())
    page.reload()
    until(page, "a.duration > 0")
    button = page.locator(f"[id='{turn}'] .hear")
    expect(button).to_have_text("0:12")
    button.click()
    plays_beyond(page, 12.1)
    expect(page.locator(".line.speaking")).to_have_attribute("id", turn)
