"""The network in numpy gives the runtime's figures, agrees with pysilero's, and hears no voice where there is none."""

from pathlib import Path

import numpy as np
import pytest
import soxr

from agent.speech.onnx_vad import OnnxSileroVad, network_file, new_vad
from agent.speech.onnx_weights import read_weights
from agent.speech.pack import Pack
from agent.speech.silero_network import CONTEXT_SAMPLES, SileroCall, SileroNetwork, SileroRun
from agent.speech.vad import CHUNK_SAMPLES, CHUNK_SECONDS, SileroVad, Vad
from telephony.audio import decode, phone_noise
from telephony.simulator.config import VOICES

RATE = 16_000


def pcm_of(samples: np.ndarray) -> bytes:
    return samples.astype(np.int16).tobytes()


def spoken(lines: int = 6) -> list[bytes]:
    """Lines of the demo's patients as a telephone brings them, half a second of the line's noise around."""
    pack = Pack(VOICES)
    found = []
    for key in list(pack.entries)[:lines]:
        ulaw = pack.ulaw(key)
        assert ulaw is not None
        quiet = b"\xff" * 4_000
        phone = decode(phone_noise(quiet + ulaw + quiet, 20.0))
        found.append(pcm_of(soxr.resample(phone, 8_000, RATE, quality="MQ")))
    return found


def probabilities(vad: Vad, pcm: bytes) -> np.ndarray:
    return np.array([frame.probability for frame in vad.feed(pcm)])


@pytest.fixture(scope="module")
def network() -> SileroNetwork:
    file = network_file()
    assert file is not None, "faster-whisper belongs to the test environment"
    return SileroNetwork(read_weights(file))


def test_the_figures_are_the_runtimes(network: SileroNetwork) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(str(network_file()), providers=["CPUExecutionProvider"])
    run, call, context = SileroRun(network), SileroCall(), np.zeros(CONTEXT_SAMPLES, np.float32)
    h = c = np.zeros((1, 1, 128), np.float32)
    noise = np.random.default_rng(5).normal(0, 3_000, 40 * CHUNK_SAMPLES).astype(np.int16)
    speech = np.frombuffer(spoken(1)[0], np.int16)[: 40 * CHUNK_SAMPLES]
    speech = speech[: len(speech) // CHUNK_SAMPLES * CHUNK_SAMPLES]
    for chunk in np.concatenate((speech, noise)).reshape(-1, CHUNK_SAMPLES):
        window = np.concatenate((context, chunk / np.float32(32_768)))[None].astype(np.float32)
        context = window[0, -CONTEXT_SAMPLES:]
        theirs, h, c = session.run(None, {"input": window, "h": h, "c": c})
        assert run.judge([call], [chunk])[0] == pytest.approx(float(theirs[0]), abs=1e-5)


def test_what_is_no_network_of_this_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.onnx").write_bytes(b"\x3a\x00")  # a graph of nothing
    with pytest.raises(ValueError, match="not the weights"):
        SileroNetwork(read_weights(tmp_path / "other.onnx"))
    (tmp_path / "torn.onnx").write_bytes(b"\x3a\xff\x01abc")
    (tmp_path / "empty.onnx").write_bytes(b"")
    for name in ("torn.onnx", "empty.onnx"):
        with pytest.raises(ValueError):
            SileroNetwork(read_weights(tmp_path / name))


def test_the_two_agree_on_what_is_speech(network: SileroNetwork) -> None:
    pairs = [(probabilities(OnnxSileroVad(network), each), probabilities(SileroVad(), each)) for each in spoken()]
    ours, theirs = (np.concatenate(side) for side in zip(*pairs, strict=True))
    assert len(ours) > 200 and 0.2 < np.mean(theirs >= 0.5) < 0.95
    assert np.mean((ours >= 0.5) == (theirs >= 0.5)) > 0.96


@pytest.mark.parametrize("make", ["white", "hum", "clicks"])
def test_no_voice_is_heard_in_noise(network: SileroNetwork, make: str) -> None:
    at = np.arange(RATE * 4)
    sound = {
        "white": np.random.default_rng(3).normal(0, 1_200, len(at)),
        "hum": 3_000 * np.sin(2 * np.pi * 50 * at / RATE),
        "clicks": np.where(at % 4_000 == 0, 12_000, 0),
    }[make]
    assert (probabilities(OnnxSileroVad(network), pcm_of(sound)) < 0.5).all()


def test_silence_before_it_does_not_hurt_speech(network: SileroNetwork) -> None:
    vad = OnnxSileroVad(network)
    assert (probabilities(vad, bytes(2 * RATE * 5)) < 0.1).all()
    (speech,) = spoken(1)
    after, fresh = probabilities(vad, speech), probabilities(OnnxSileroVad(network), speech)
    whole = min(len(after), len(fresh))
    assert np.mean(np.abs(after[-whole:] - fresh[-whole:])) < 0.05


def test_time_counts_what_was_fed_whatever_the_pieces(network: SileroNetwork) -> None:
    for vad in (OnnxSileroVad(network), SileroVad()):
        frames = [frame for piece in range(40) for frame in vad.feed(bytes(640))]
        assert [frame.at for frame in frames] == pytest.approx(
            [(number + 1) * CHUNK_SECONDS for number in range(40 * 320 // CHUNK_SAMPLES)]
        )


def test_the_product_takes_the_cheaper_one_where_it_is_there() -> None:
    assert isinstance(new_vad(), OnnxSileroVad)
    assert Path(str(network_file())).suffix == ".onnx"
