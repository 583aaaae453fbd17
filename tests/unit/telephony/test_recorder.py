"""Where sound is put when a carrier's time stamps are not to be believed."""

from pathlib import Path

from agent.speech.ulaw import ULAW_RATE_HZ
from telephony.recorder import TwoChannelRecorder

TENTH = b"\x20" * (ULAW_RATE_HZ // 10)


def length_of(path: Path, *stamps: float) -> float:
    recorder = TwoChannelRecorder(path)
    for at_seconds in stamps:
        recorder.patient(TENTH, at_seconds)
    return round(recorder.close(), 3)


def test_sound_stamped_two_hours_ahead_follows_what_came_before(tmp_path: Path) -> None:
    assert length_of(tmp_path / "absurd.wav", 0.0, 7200.0) == 0.2


def test_a_gap_that_can_be_stays_silent_for_as_long(tmp_path: Path) -> None:
    assert length_of(tmp_path / "gap.wav", 0.0, 5.0) == 5.1


def test_a_line_that_comes_back_continues_the_file_and_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    first = length_of(path, 0.0)
    before = path.read_bytes()
    again = TwoChannelRecorder(path)
    assert again.began_at == first
    again.patient(TENTH, 0.0)
    assert round(again.close(), 3) == 2 * first
    header = 44
    assert path.read_bytes()[header : len(before)] == before[header:] and any(before[header:])
