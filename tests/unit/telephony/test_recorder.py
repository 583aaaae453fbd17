"""Where sound is put when a carrier's time stamps are not to be believed."""

import logging
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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


@contextmanager
def full_disk(most_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: writing fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_ends_no_call_and_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "call.wav"
    recorder = TwoChannelRecorder(path)
    with caplog.at_level(logging.ERROR), full_disk(40_000):  # 1.2 seconds
        for tenth in range(50):
            recorder.patient(TENTH, tenth / 10)
            recorder.robot(TENTH, tenth / 10)
        assert recorder.close() < 2.0
    assert [record.getMessage() for record in caplog.records] == ["recording not written: file=call.wav errno=27"]


def test_what_a_full_disk_did_not_take_is_written_once_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    recorder = TwoChannelRecorder(path)
    with full_disk(40_000):
        for tenth in range(50):
            recorder.patient(TENTH, tenth / 10)
    recorder.patient(TENTH, 5.0)
    assert recorder.close() == pytest.approx(5.1)
    assert path.read_bytes().count(bytes(64)) == 0  # nobody was silent


def test_a_call_goes_on_where_no_recording_can_be_begun(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "2026").write_bytes(b"in the way of the day's folder")
    assert length_of(tmp_path / "2026" / "call.wav", 0.0, 0.1) == 0.0  # nothing of it is on disk
    assert "recording not written" in caplog.text


def test_a_disk_that_does_not_even_say_what_is_there_ends_no_call(tmp_path: Path) -> None:
    assert length_of(tmp_path / f"{'long' * 100}.wav", 0.0) == 0.0


def test_a_recording_that_could_not_be_begun_is_whole_once_it_can(tmp_path: Path) -> None:
    in_the_way = tmp_path / "2026"
    in_the_way.write_bytes(b"no folder")
    recorder = TwoChannelRecorder(in_the_way / "call.wav")
    for tenth in range(10):
        recorder.patient(TENTH, tenth / 10)
    in_the_way.unlink()
    recorder.patient(TENTH, 1.0)
    assert recorder.close() == pytest.approx(1.1)
    assert (in_the_way / "call.wav").stat().st_size == 44 + round(1.1 * ULAW_RATE_HZ) * 4


class CountedOffers(TwoChannelRecorder):
    offers = 0

    def _write(self, samples: int) -> None:
        self.offers += 1
        super()._write(samples)


def test_a_disk_that_is_full_for_long_is_not_asked_at_every_frame(tmp_path: Path) -> None:
    recorder, frame = CountedOffers(tmp_path / "call.wav"), TENTH[: ULAW_RATE_HZ // 50]
    with full_disk(40_000):
        for number in range(50 * 90):
            recorder.patient(frame, number / 50)
    assert recorder.offers <= 2 * 90 + 2
    assert recorder.close() == pytest.approx(90.0)
