"""Recordings: ranges, growth, wave forms, and nothing outside the folder."""

import struct
import wave
from datetime import timedelta
from pathlib import Path

import pytest

from agent.model.contact import Recording
from dashboard.recordings import BadRange, NoAudio, PeakCache, byte_range, inside, open_wav, peaks_of
from tests.unit.dashboard.conftest import START, Browser, Ward

WAV = "/recordings/rc0001-7.wav"


def write(path: Path, frames: list[tuple[int, int]]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<hh", *frame) for frame in frames))
    return path


async def test_a_recording_is_served_whole_and_in_ranges(ward: Ward, nurse: Browser) -> None:
    content = (ward.folder / "c0001-7.wav").read_bytes()
    whole = await nurse.get(WAV)
    assert (whole.status_code, whole.content) == (200, content)
    assert whole.headers["accept-ranges"] == "bytes" and whole.headers["content-type"] == "audio/wav"
    for asked, start, end in (
        ("bytes=0-", 0, len(content)),
        ("bytes=10-99", 10, 100),
        ("bytes=44-44", 44, 45),
        ("bytes=100000-", 100000, len(content)),
        ("bytes=-500", len(content) - 500, len(content)),
        (f"bytes=7-{len(content) * 2}", 7, len(content)),
    ):
        part = await nurse.get(WAV, range=asked)
        assert (part.status_code, part.content) == (206, content[start:end])
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{len(content)}"
        assert part.headers["content-length"] == str(end - start)
    assert (await nurse.get(WAV, range=f"bytes={len(content)}-")).status_code == 416
    head = await nurse.http.head(WAV)
    assert head.headers["content-length"] == str(len(content)) and not head.content


async def test_a_growing_file_is_one_file_for_a_player_that_looked_earlier(ward: Ward, nurse: Browser) -> None:
    path = ward.folder / "c0001-7.wav"
    before = (await nurse.get("/recordings/rc0001-7/peaks")).json()
    with path.open("ab") as file:
        file.write(b"\1" * 32_003)  # one second, and a torn frame
    after = (await nurse.get("/recordings/rc0001-7/peaks")).json()
    assert after["bytes"] == before["bytes"] + 32_000 and after["seconds"] == before["seconds"] + 1
    now, earlier = await nurse.get(WAV), await nurse.get(f"{WAV}?bytes={before['bytes']}")
    assert len(now.content) == after["bytes"] and len(earlier.content) == before["bytes"]
    for answer in (now, earlier):
        assert struct.unpack_from("<I", answer.content, 40)[0] == len(answer.content) - 44


async def test_the_wave_form_has_both_channels(nurse: Browser) -> None:
    found = (await nurse.get("/recordings/rc0001-7/peaks")).json()
    patient, robot = found["channels"]
    assert len(patient) == len(robot) == 600
    first_words = int(3 / found["seconds"] * 600)  # the robot greets first
    assert robot[first_words] > 20 > patient[first_words]


async def test_a_file_that_is_gone_or_no_wav_is_404(ward: Ward, nurse: Browser) -> None:
    (ward.folder / "c0001-7.wav").write_bytes(b"not audio")
    assert (await nurse.get(WAV)).status_code == 404
    (ward.folder / "c0001-7.wav").unlink()
    assert (await nurse.get(WAV)).status_code == 404
    assert (await nurse.get("/recordings/none.wav")).status_code == 404


@pytest.mark.parametrize("path", ["../outside.wav", "/etc/passwd", "a/../../outside.wav", "link.wav", "", "."])
async def test_nothing_outside_the_folder_is_ever_read(ward: Ward, nurse: Browser, path: str) -> None:
    outside = write(ward.folder.parent / "outside.wav", [(1, 1)])
    (ward.folder / "link.wav").symlink_to(outside)
    with pytest.raises(NoAudio):
        inside(ward.folder, path)
    async with ward.store.transaction() as records:
        await records.add_recording(Recording("bad", "ac0001-7", "c0001-7", path, START + timedelta(days=1), 1.0))
    assert (await nurse.get("/recordings/bad.wav")).status_code == 404
    assert (await nurse.get("/recordings/..%2f..%2foutside.wav")).status_code == 404


def test_peaks_are_the_loudest_of_each_column(tmp_path: Path) -> None:
    frames = [(0, 32767)] * 10 + [(-32768, 0)] * 10
    assert peaks_of(open_wav(write(tmp_path / "a.wav", frames)), 2) == [[0, 100], [100, 0]]
    assert peaks_of(open_wav(write(tmp_path / "b.wav", []))) == [[], []]


def test_peaks_are_kept_until_the_file_changes(tmp_path: Path) -> None:
    path, cache = write(tmp_path / "a.wav", [(0, 0)] * 8), PeakCache(most=1)
    first = cache.get(open_wav(path))
    assert cache.get(open_wav(path)) is first
    write(path, [(32767, 0)] * 9)
    assert cache.get(open_wav(path)) != first


def test_odd_headers(tmp_path: Path) -> None:
    """A header that was never completed, and chunks before the samples."""
    path = write(tmp_path / "a.wav", [(5, 6)] * 4)
    body = path.read_bytes()
    listed = body[:36] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + body[36:40] + b"\0\0\0\0" + body[44:]
    path.write_bytes(listed)
    wav = open_wav(path)
    assert (wav.rate, wav.channels, wav.data_bytes) == (8000, 2, 16)
    assert b"".join(wav.read(0, wav.size)) == body
    path.write_bytes(body[:20])
    with pytest.raises(NoAudio):
        open_wav(path)


@pytest.mark.parametrize("asked", [None, "", "bytes=-", "bytes=a-b", "items=0-1", "bytes=0-1,4-5"])
def test_what_is_no_single_range_gets_the_whole(asked: str | None) -> None:
    assert byte_range(asked, 100) is None


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=5-4", "bytes=-0"])
def test_ranges_outside_the_file(asked: str) -> None:
    with pytest.raises(BadRange):
        byte_range(asked, 100)
