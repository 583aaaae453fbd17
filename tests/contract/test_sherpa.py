"""sherpa-onnx through its real library, with models of a few kilobytes that hear loudness (data/sherpa/build.py):
quiet sound is 你, loud sound is 好. Skipped where the library is not installed (group sherpa)."""

import asyncio
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from agent.speech.choose import installed
from agent.speech.ports import PCM_RATE_HZ, Recognised, Recogniser, RecogniserFailed
from agent.speech.sherpa_adapter import Kind, confidence_of, inspect, load
from agent.speech.sherpa_choice import choose_sherpa, plan_sherpa
from machine.speech import plan_hearing
from settings import Settings

TINY = Path(__file__).parent / "data" / "sherpa"
MODELS = {Kind.SENSE_VOICE: "tiny-sense-voice", Kind.PARAFORMER: "tiny-paraformer", Kind.ZIPFORMER: "tiny-zipformer"}
STREAMING = [kind for kind in Kind if kind is not Kind.SENSE_VOICE]
needs_library = pytest.mark.skipif(not installed("sherpa_onnx"), reason="group sherpa is not installed")
QUIET, LOUD = 200, 8_000


def sound(*parts: tuple[float, int]) -> bytes:
    """Noise as (seconds, level) one after the other."""
    draw = np.random.default_rng(7)
    pieces = [draw.normal(0, level, int(PCM_RATE_HZ * seconds)) if level else np.zeros(int(PCM_RATE_HZ * seconds))
              for seconds, level in parts]  # fmt: skip
    return np.concatenate(pieces).clip(-32_768, 32_767).astype(np.int16).tobytes()


NI_HAO = sound((0.5, 0), (1.0, QUIET), (1.0, LOUD), (0.4, 0))


async def listen(recogniser: Recogniser, pcm: bytes) -> tuple[list[str], Recognised]:
    """Feeds 20 ms frames, quicker than a call does."""
    utterance, partials = recogniser.utterance(), []
    for at in range(0, len(pcm), 640):
        partial = utterance.feed(pcm[at : at + 640])
        await asyncio.sleep(0.002)
        if partial is not None:
            partials.append(partial)
    return partials, await utterance.finish()


@pytest.mark.parametrize("kind", Kind)
def test_a_folder_s_files_tell_its_kind(kind: Kind) -> None:
    model = inspect(TINY / MODELS[kind])
    assert model is not None and model.kind is kind
    assert model.streaming is (kind is not Kind.SENSE_VOICE)


def test_the_small_encoder_and_the_full_decoder_are_taken(tmp_path: Path) -> None:
    for name in ("encoder-epoch-99.int8", "encoder-epoch-99", "decoder-epoch-99.int8", "decoder-epoch-99"):
        (tmp_path / f"{name}.onnx").write_bytes(b"x")
    for name in ("joiner-epoch-99.int8.onnx", "tokens.txt"):
        (tmp_path / name).write_bytes(b"x")
    model = inspect(tmp_path)
    assert model is not None
    names = ["encoder-epoch-99.int8.onnx", "decoder-epoch-99.onnx", "joiner-epoch-99.int8.onnx"]
    assert [model.parts[part].name for part in ("encoder", "decoder", "joiner")] == names


def test_what_holds_no_model_is_none(tmp_path: Path) -> None:
    assert inspect(tmp_path) is None
    shutil.copy(TINY / MODELS[Kind.SENSE_VOICE] / "model.onnx", tmp_path)
    assert inspect(tmp_path) is None, "no tokens"
    assert inspect(tmp_path / "nowhere") is None


def test_confidence_is_the_mean_of_the_tokens() -> None:
    assert confidence_of([np.log(0.9), np.log(0.4)]) == pytest.approx(0.6)
    assert 0 < confidence_of([]) < 1


@needs_library
@pytest.mark.parametrize("kind", Kind)
async def test_words_are_heard_in_their_order(kind: Kind) -> None:
    recogniser = load(TINY / MODELS[kind])
    _, result = await listen(recogniser, NI_HAO)
    await recogniser.close()
    assert "".join(dict.fromkeys(result.text)) == "你好"
    assert all(0 < hypothesis.confidence <= 1 for hypothesis in result.hypotheses)
    assert recogniser.name == f"sherpa:{MODELS[kind]}"


@needs_library
@pytest.mark.parametrize("kind", STREAMING)
async def test_partials_grow_while_the_sound_comes(kind: Kind) -> None:
    recogniser = load(TINY / MODELS[kind])
    assert recogniser.streaming
    partials, result = await listen(recogniser, NI_HAO)
    await recogniser.close()
    assert partials and "你" in partials[0] and result.text.startswith(partials[-1])
    assert all(before != after for before, after in pairwise(partials))


@needs_library
@pytest.mark.parametrize("kind", STREAMING)
async def test_the_last_word_is_not_lost_in_the_last_chunk(kind: Kind) -> None:
    """Streaming models decode chunks of a third to two thirds of a second and look ahead."""
    recogniser = load(TINY / MODELS[kind])
    _, result = await listen(recogniser, sound((0.9, QUIET), (0.4, LOUD)))
    await recogniser.close()
    assert result.text.endswith("好")


@needs_library
@pytest.mark.parametrize("kind", Kind)
async def test_utterances_at_once_do_not_mix(kind: Kind) -> None:
    recogniser = load(TINY / MODELS[kind])
    sounds = [NI_HAO, sound((1.5, 0)), sound((1.0, LOUD)), NI_HAO]
    heard = [result.text for _, result in await asyncio.gather(*(listen(recogniser, pcm) for pcm in sounds))]
    await recogniser.close()
    assert heard[0] == heard[3] and "你" in heard[0] and heard[1] == "" and "你" not in heard[2] and "好" in heard[2]


@needs_library
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("milliseconds", [0, 1, 20, 80])
async def test_the_shortest_sounds_break_nothing(kind: Kind, milliseconds: int) -> None:
    recogniser = load(TINY / MODELS[kind])
    _, result = await listen(recogniser, sound((milliseconds / 1000, LOUD)))
    await recogniser.close()
    assert set(result.text) <= {"你", "好"}


@needs_library
@pytest.mark.parametrize("content", ["garbage", "another model"])
def test_a_model_the_library_dies_of_is_refused_and_we_live(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "sherpa-onnx-sense-voice-broken"
    shutil.copytree(TINY / MODELS[Kind.SENSE_VOICE], folder)
    if content == "garbage":
        (folder / "model.onnx").write_bytes(b"garbage")
    else:
        shutil.copy(TINY / MODELS[Kind.ZIPFORMER] / "joiner.onnx", folder / "model.onnx")
    with pytest.raises(RecogniserFailed, match="model_unreadable"):
        load(folder)
    recogniser, choice = choose_sherpa(plan_sherpa(folder, tmp_path))
    assert recogniser is None and choice.name == "none" and "model_unreadable" in choice.why


@needs_library
def test_calls_take_a_streaming_model_the_second_pass_a_whole_one(tmp_path: Path) -> None:
    for kind in (Kind.SENSE_VOICE, Kind.PARAFORMER):
        shutil.copytree(TINY / MODELS[kind], tmp_path / "models" / f"sherpa-onnx-{MODELS[kind]}")
    assert "paraformer" in plan_sherpa(None, tmp_path).why
    assert "sense-voice" in plan_sherpa(None, tmp_path, whole=True).why


@pytest.mark.skipif(installed("sherpa_onnx"), reason="says what is missing")
def test_without_the_library_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecogniserFailed, match="not_installed"):
        load(TINY / MODELS[Kind.PARAFORMER])
    assert "group sherpa" in plan_sherpa(None, tmp_path).why


def test_calls_fall_back_and_say_why(tmp_path: Path) -> None:
    choice = plan_hearing(Settings(data=tmp_path, recogniser="sherpa"))
    assert choice.name != "sherpa" and "sherpa-onnx" in choice.why


@needs_library
def test_it_is_taken_only_where_the_setting_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "sherpa-onnx-tiny"
    shutil.copytree(TINY / MODELS[Kind.ZIPFORMER], folder)
    assert plan_hearing(Settings(data=tmp_path, recogniser="sherpa")).folder == folder
    by_itself = plan_hearing(Settings(data=tmp_path))
    assert by_itself.name != "sherpa" and "SUIFANG_RECOGNISER=sherpa" in by_itself.why


def test_a_named_folder_without_a_model_is_named(tmp_path: Path) -> None:
    if installed("sherpa_onnx"):
        assert str(tmp_path) in plan_sherpa(tmp_path, tmp_path).why
    assert plan_sherpa(tmp_path, tmp_path).folder is None
