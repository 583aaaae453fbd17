"""What every voice keeps to: the telephone's coding, one loudness, silent ends, failures of its own family."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from agent.speech.choose import installed
from agent.speech.ports import Voice, VoiceFailed
from agent.speech.pyttsx3_voice import Pyttsx3Voice
from agent.speech.ulaw import decode
from agent.speech.weights import KOKORO, ensure, obtainable
from tests.fakes.speech import ToneVoice

SENTENCE = "您好，我是随访助手。"


@pytest.fixture(scope="session")
def kokoro(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Voice]:
    from agent.speech.kokoro_voice import KokoroEngine, KokoroVoice

    data = tmp_path_factory.mktemp("kokoro-data")
    if not (installed("onnxruntime") and installed("misaki") and obtainable(KOKORO, data)):
        pytest.skip("group neural is not installed")
    engine = KokoroEngine(ensure(KOKORO, data))
    return lambda *settings: KokoroVoice(engine, *settings)


@pytest.fixture(params=["tone", "pyttsx3", "kokoro"])
def voice(request: pytest.FixtureRequest) -> Voice:
    if request.param == "pyttsx3":
        if not shutil.which("espeak-ng"):
            pytest.skip("espeak-ng is not installed")
        return Pyttsx3Voice()
    if request.param == "kokoro":
        made: Voice = request.getfixturevalue("kokoro")()
        return made
    return ToneVoice()


def test_a_sentence_is_telephone_sound(voice: Voice) -> None:
    samples = decode(voice.render(SENTENCE)).astype(float)
    seconds = len(samples) / 8_000
    assert 0.08 * len(SENTENCE) < seconds < 0.6 * len(SENTENCE)
    assert not samples[:390].any() and not samples[-390:].any()
    spoken = samples[np.abs(samples) > 0.05 * np.abs(samples).max()]
    assert -24 < 20 * np.log10(np.sqrt(np.mean(spoken**2)) / 32_768) < -14
    assert np.abs(samples).max() < 32_124


def test_the_id_is_one_line_and_stable(voice: Voice) -> None:
    assert voice.id == voice.id and "\n" not in voice.id


class TestPyttsx3:
    @pytest.fixture(autouse=True)
    def _needs_espeak(self) -> None:
        if not shutil.which("espeak-ng"):
            pytest.skip("espeak-ng is not installed")

    def test_several_sentences_one_after_the_other_all_arrive(self) -> None:
        lengths = [len(Pyttsx3Voice().render("您好。" * n)) for n in (1, 2, 3)]
        assert lengths == sorted(set(lengths))

    def test_slower_is_longer_and_another_voice(self) -> None:
        usual, slow = Pyttsx3Voice(1.0), Pyttsx3Voice(0.7)
        assert len(slow.render(SENTENCE)) > 1.2 * len(usual.render(SENTENCE)) and usual.id != slow.id

    def test_a_hanging_engine_is_a_failure_without_the_words(self) -> None:
        with pytest.raises(VoiceFailed, match="too_late") as failure:
            Pyttsx3Voice(timeout_seconds=0.001).render(SENTENCE)
        assert SENTENCE not in str(failure.getrepr(chain=True))


class TestKokoro:
    def test_slower_is_longer(self, kokoro: Callable[..., Voice]) -> None:
        usual, slow = kokoro("zf_xiaoxiao", 1.0), kokoro("zf_xiaoxiao", 0.75)
        assert len(slow.render(SENTENCE)) > 1.15 * len(usual.render(SENTENCE)) and usual.id != slow.id

    def test_the_styles_differ(self, kokoro: Callable[..., Voice]) -> None:
        assert kokoro("zm_yunjian").render("好。") != kokoro("zf_xiaobei").render("好。")

    def test_every_style_that_travels_with_the_code_loads(self, kokoro: Callable[..., Voice]) -> None:
        from agent.speech.kokoro_voice import styles

        assert len(styles()) == 6
        for style in styles():
            kokoro(style)

    def test_an_unknown_style_is_refused(self, kokoro: Callable[..., Voice]) -> None:
        with pytest.raises(VoiceFailed, match="no_such_style"):
            kokoro("zf_nobody")

    @pytest.mark.parametrize("nothing", ["", "。", "……"])
    def test_nothing_to_say_is_silence(self, kokoro: Callable[..., Voice], nothing: str) -> None:
        assert not decode(kokoro().render(nothing)).any()

    def test_a_broken_model_is_a_failure_of_the_voice(self, kokoro: Callable[..., Voice], tmp_path: Path) -> None:
        from agent.speech.kokoro_voice import KokoroEngine

        (tmp_path / "kokoro.onnx").write_bytes(b"broken")
        with pytest.raises(VoiceFailed, match="model_unreadable"):
            KokoroEngine(tmp_path)
