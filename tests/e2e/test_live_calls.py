"""Calls in progress in a real browser: words come by themselves, the call is heard while it is made."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agent.model.clock import utc_now
from agent.model.contact import AttemptOutcome
from agent.model.record import OutboxKind
from agent.model.turn import Expect, Reply
from tests.e2e.dashboard_ward import CHROMIUM, RunningWard
from tests.fakes import seed_live

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium")

COUNTS_SOUND = """
window.heard = 0;
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...at) {
  const samples = this.buffer.getChannelData(0);
  if (samples.some((one) => Math.abs(one) > 0.05)) window.heard += this.buffer.duration;
  return start.apply(this, at);
};
"""


def calling(page: Page, ward: RunningWard, folder: Path) -> None:
    """Calls run, and the page shows them."""
    ward.do(seed_live.running_calls(ward.store, folder, ward.began))
    page.goto(f"{ward.address}/calls")
    page.wait_for_function("() => document.querySelectorAll('#call-list .card').length === 4")


def says(ward: RunningWard, attempt_id: str, seq: int, words: str, robot: str) -> None:
    async def said() -> None:
        async with ward.store.transaction() as records:
            attempt = await records.attempt(attempt_id)
            await seed_live.says(records, attempt, seq, words, Reply((robot,), Expect.YES_NO))
        ward.live.publish(OutboxKind.TURN_STORED.value, attempt.contact_id)

    ward.do(said())


def hangs_up(ward: RunningWard, attempt_id: str) -> None:
    async def ended() -> None:
        async with ward.store.transaction() as records:
            attempt = await records.attempt(attempt_id)
            done = replace(attempt, outcome=AttemptOutcome.HUNG_UP, ended_at=utc_now())
            await records.save_attempt(done)
        ward.live.publish(OutboxKind.TURN_STORED.value, attempt.contact_id)

    ward.do(ended())


def test_words_appear_as_they_are_said_and_the_list_follows(page: Page, ward: RunningWard, tmp_path: Path) -> None:
    calling(page, ward, tmp_path)
    expect(page.locator(".call-view h2")).to_contain_text("黄素芬")
    says(ward, "a-live1", 5, "肿，一按一个坑", "这两天体重有没有变化？")
    expect(page.locator(".call-view .line.patient").last).to_contain_text("一按一个坑", timeout=30_000)
    expect(page.locator(".call-view .line.robot").last).to_contain_text("体重有没有变化", timeout=30_000)
    expect(page.locator("#call-list .card").first).to_contain_text("一按一个坑", timeout=30_000)
    says(ward, "a-live2", 3, "夜里憋醒一次", "我记下了。")  # another call turns red: it does not take the pane
    expect(page.locator(".card[data-id=a-live2] .level")).to_have_text("紧急", timeout=30_000)
    expect(page.locator(".call-view h2")).to_contain_text("黄素芬")


def test_what_is_being_said_is_shown_before_the_sentence_ends(page: Page, ward: RunningWard, tmp_path: Path) -> None:
    ward.said["a-live1"] = "早上起来有点"
    calling(page, ward, tmp_path)
    expect(page.locator("#hearing")).to_have_text("早上起来有点", timeout=30_000)


def test_a_call_is_heard_while_it_is_made_and_until_it_ends(page: Page, ward: RunningWard, tmp_path: Path) -> None:
    page.add_init_script(COUNTS_SOUND)
    calling(page, ward, tmp_path)
    page.keyboard.press(" ")
    expect(page.locator("#listen .word")).to_have_text("停止旁听", timeout=30_000)
    page.wait_for_function("() => window.heard > 0.5", timeout=30_000)
    seed_live.speak(tmp_path, "a-live1", 4.0)  # the call goes on: what is recorded from now is heard too
    page.wait_for_function("() => window.heard > 4.5", timeout=30_000)
    hangs_up(ward, "a-live1")
    expect(page.locator(".call-view .state")).to_contain_text("通话已结束", timeout=30_000)
    expect(page.locator("#listen")).to_have_count(0)
    expect(page.locator(".call-view .sure")).to_contain_text("李静", timeout=30_000)


def test_a_page_that_waits_shows_the_first_call_by_itself(page: Page, ward: RunningWard, tmp_path: Path) -> None:
    page.goto(f"{ward.address}/calls")
    expect(page.locator("#call-open")).to_contain_text("现在没有通话")
    ward.do(seed_live.running_calls(ward.store, tmp_path, ward.began))
    while not len(ward.live):
        page.wait_for_timeout(50)
    ward.live.publish(OutboxKind.TURN_STORED.value, "c-live1")
    expect(page.locator(".call-view h2")).to_contain_text("黄素芬", timeout=30_000)
