"""A call in the browser: Chromium with a WAV for a microphone hears the robot, answers, sees what was understood."""

import re
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from agent.speech.choose import Choice, choose_recogniser
from agent.speech.ports import Recogniser
from agent.speech.ulaw import ULAW_RATE_HZ, decode
from folders import ROOT
from telephony.simulator.config import VOICES
from telephony.simulator.voices import packed
from tests.e2e.dashboard_ward import ARGUMENTS, CHROMIUM, sign_in
from tests.e2e.practice_server import PracticeServer, practice_server

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium")
WORDS = ("zm_yunxi", "是我，你说吧。")
SECONDS_BEFORE, SECONDS_AFTER = 14.0, 40.0


@pytest.fixture(scope="module")
def hearing() -> tuple[Recogniser, Choice]:
    chosen, choice = choose_recogniser(ROOT / ".suifang")
    assert chosen.name != "none", f"no recogniser: {choice.why}"
    return chosen, choice


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Silence while the robot greets, one sentence, silence."""
    spoken = packed(VOICES)(*WORDS)
    assert spoken is not None
    before, after = (np.zeros(round(seconds * ULAW_RATE_HZ), np.int16) for seconds in (SECONDS_BEFORE, SECONDS_AFTER))
    path = tmp_path_factory.mktemp("microphone") / "patient.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(ULAW_RATE_HZ)
        file.writeframes(np.concatenate([before, decode(spoken), after]).tobytes())
    return path


@pytest.fixture
def server(tmp_path: Path, hearing: tuple[Recogniser, Choice]) -> Iterator[PracticeServer]:
    with practice_server(tmp_path, hearing) as server:
        yield server


@pytest.fixture
def page(server: PracticeServer, microphone: Path) -> Iterator[Page]:
    """A signed-in clinician on the practice page; the test fails on a script error or a breach of the page's policy."""
    wav = [
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}%noloop", "--autoplay-policy=no-user-gesture-required",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *wav])
        page, faults = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN"), list[str]()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        sign_in(page, server.address)
        page.get_by_role("link", name="试听").click()
        yield page
        browser.close()
        assert faults == []


def test_the_robot_is_heard_and_the_words_said_are_shown(page: Page, server: PracticeServer) -> None:
    page.select_option("#pathway", "heart_failure")
    page.get_by_role("button", name="开始通话").click()
    expect(page.locator("#talk li.robot").first).to_contain_text("请问您是王建国本人吗", timeout=15_000)
    two_seconds = re.compile(r"^\d{3,}$")  # at least a hundred frames
    expect(page.locator("#practice")).to_have_attribute("data-played", two_seconds, timeout=15_000)
    expect(page.locator("#talk li.patient .heard").first).to_contain_text("是我", timeout=40_000)
    expect(page.locator("#talk li.patient .read").first).to_contain_text("听清程度")
    expect(page.locator("#talk li.robot").nth(1)).to_be_visible()
    page.get_by_role("button", name="挂断").click()
    expect(page.locator("#state")).to_have_text("已挂断")
    assert "王建国" in server.names(server.practice)
    assert "王建国" not in server.names(server.hospital)


def test_keys_answer_and_a_new_choice_of_pathway_shows_its_nodes(page: Page) -> None:
    page.select_option("#pathway", "coronary_stent")
    assert page.locator("select.node:visible").count() == 1
    expect(page.locator("select.node:visible")).to_contain_text("90")
    page.get_by_role("button", name="开始通话").click()
    expect(page.locator("#talk li.robot").first).to_be_visible(timeout=15_000)
    page.locator("#pad [data-key='1']").click()
    expect(page.locator("#talk li.patient .heard", has_text="按键 1")).to_be_visible(timeout=40_000)
