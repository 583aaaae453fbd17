"""Voice notes as phones record them become PCM and words; rubbish becomes nothing."""

from pathlib import Path

import av
import numpy as np
import pytest

from agent.speech.voice_note import NoSound, decode, hear_note
from tests.fakes.phone import Says, ScriptedRecogniser


def recorded(path: Path, seconds: float, codec: str, rate: int) -> Path:
    """A tone of 440 Hz in a container named by the file's ending."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = "mono"
        tone = np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)
        frame = av.AudioFrame.from_ndarray((tone * 20000).astype(np.int16)[None, :], "s16", "mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate, frame_size=stream.frame_size)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("name", "codec", "rate"), [("a.webm", "libopus", 48000), ("a.m4a", "aac", 44100)])
def test_what_a_phone_records_becomes_pcm_of_the_right_length(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    pcm = decode(recorded(tmp_path / name, 2.0, codec, rate))
    assert 1.9 < len(pcm) / 32000 < 2.2
    assert np.abs(np.frombuffer(pcm, np.int16)).max() > 5000


@pytest.mark.parametrize("content", [b"", b"no sound at all" * 100])
def test_rubbish_is_no_sound(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.webm"
    path.write_bytes(content)
    with pytest.raises(NoSound):
        decode(path)
    with pytest.raises(NoSound):
        decode(tmp_path / "missing.webm")


async def test_a_note_is_heard_whole_and_rubbish_is_heard_as_nothing(tmp_path: Path) -> None:
    note = recorded(tmp_path / "a.webm", 1.0, "libopus", 48000)
    heard = await hear_note(note, ScriptedRecogniser([Says(0.0, 1.0, "不喘")], 0.0))
    assert [each.text for each in heard] == ["不喘"]
    assert await hear_note(tmp_path / "missing", ScriptedRecogniser([Says(0.0, 1.0, "不喘")], 0.0)) == ()
