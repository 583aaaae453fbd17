"""What hears recordings again, and how little it may disturb."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from agent.speech.choose import Choice
from agent.speech.low_priority import NICENESS, at_low_priority
from agent.speech.none import NoRecogniser
from agent.speech.second_choice import load_second_pass, plan_second_pass
from agent.speech.segmenter import Segmenter
from agent.speech.speech_spans import speech_spans
from settings import SettingsError, load
from tests.fakes.phone import LoudVad

WHISPER = Choice("whisper", "installed", Path("models/whisper-base"))


def plan(setting: str, live: Choice) -> Choice:
    return plan_second_pass(setting, live, None, Path("nowhere"))


def test_off_and_nothing_installed_are_none() -> None:
    assert plan("off", WHISPER).name == "none"
    assert plan("same", Choice("none", "nothing is installed")).name == "none"


def test_the_same_recogniser_again_is_the_default() -> None:
    assert load({}).second_pass == "same"
    assert plan("same", WHISPER) == Choice(
        "whisper", "the calls' model with its whole window, which hears better and slower", WHISPER.folder
    )
    assert plan("same", Choice("vosk", "", Path("vosk"))).name == "vosk"


def test_a_model_of_its_own(tmp_path: Path) -> None:
    missing = plan(f"whisper:{tmp_path}", WHISPER)
    assert missing.name == "none" and str(tmp_path) in missing.why
    (tmp_path / "model.bin").touch()
    assert plan(f"whisper:{tmp_path}", WHISPER).folder == tmp_path


def test_an_unknown_word_is_refused_with_what_to_write() -> None:
    with pytest.raises(SettingsError, match=r"SUIFANG_SECOND_PASS\): .*write off, same, sherpa, or whisper:"):
        load({"SUIFANG_SECOND_PASS": "bigger"})


def test_what_is_no_second_copy_is_the_calls_own(tmp_path: Path) -> None:
    live = NoRecogniser()
    assert load_second_pass(Choice("vosk", "", tmp_path), tmp_path, live) is live


def test_low_priority_is_the_thread_s_own_and_its_children_s() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def with_child() -> tuple[int, int]:
        found: list[int] = []
        child = threading.Thread(target=lambda: found.append(niceness()))
        child.start()
        child.join()
        return niceness(), found[0]

    before = niceness()
    assert at_low_priority(with_child) == (max(before, NICENESS),) * 2
    assert niceness() == before


def test_what_goes_wrong_there_is_heard_here() -> None:
    def fails() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        at_low_priority(fails)


def test_speech_is_found_in_a_whole_recording() -> None:
    pcm = np.zeros(16_000 * 6, np.int16)
    pcm[16_000:32_000] = pcm[64_000:] = 900  # 1-2 s, and from 4 s to the end
    first, last = speech_spans(pcm.tobytes(), LoudVad(), Segmenter())
    assert (first.start, first.end) == (pytest.approx(1.0, abs=0.05), pytest.approx(2.0, abs=0.05))
    assert (last.start, last.end) == (pytest.approx(4.0, abs=0.05), pytest.approx(6.0, abs=0.05))
