"""Recordings read back for the second pass."""

from pathlib import Path

import numpy as np
import pytest

from agent.second_pass.ports import NoTape
from agent.speech.ulaw import encode
from telephony.recorder import TwoChannelRecorder
from telephony.tape import RecordingsOnDisk

TONE = encode((8_000 * np.sin(2 * np.pi * 440 * np.arange(8_000) / 8_000)).astype(np.int16))


@pytest.fixture
def tapes(tmp_path: Path) -> RecordingsOnDisk:
    recorder = TwoChannelRecorder(tmp_path / "day" / "a1.wav")
    recorder.robot(TONE, 0.0)
    recorder.patient(TONE, 2.0)
    recorder.close()
    return RecordingsOnDisk(tmp_path)


def test_only_the_patient_twice_as_fine(tapes: RecordingsOnDisk) -> None:
    pcm = np.frombuffer(tapes.patient("day/a1.wav"), np.int16)
    assert len(pcm) == 3 * 16_000
    assert np.abs(pcm[: 2 * 16_000 - 1_600]).max() <= 2, "the robot is on it"
    assert np.argmax(np.abs(np.fft.rfft(pcm[2 * 16_000 :]))) == 440


def test_a_torn_header_is_mended_and_the_length_told(tapes: RecordingsOnDisk, tmp_path: Path) -> None:
    with (tmp_path / "day" / "a1.wav").open("r+b") as file:
        file.write(b"\0" * 44)
    with pytest.raises(NoTape):
        tapes.patient("day/a1.wav")
    assert tapes.repair("day/a1.wav") == pytest.approx(3.0)
    assert len(tapes.patient("day/a1.wav")) == 2 * 3 * 16_000


@pytest.mark.parametrize("path", ["day/none.wav", "day", "empty.wav"])
def test_what_is_no_recording(tapes: RecordingsOnDisk, tmp_path: Path, path: str) -> None:
    (tmp_path / "empty.wav").touch()
    with pytest.raises(NoTape):
        tapes.patient(path)
