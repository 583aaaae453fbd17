import wave
from pathlib import Path

import numpy as np
import pytest

from telephony.audio import TwoChannelRecorder, Upsampler, decode, encode, phone_noise
from telephony.recorder import repair_recording

RATE = 8_000


def tone(seconds: float, hertz: float = 440.0, level: float = 8_000.0) -> bytes:
    t = np.arange(round(seconds * RATE)) / RATE
    return encode((level * np.sin(2 * np.pi * hertz * t)).astype(np.int16))


def read(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)


def frames(sound: bytes) -> list[bytes]:
    return [sound[i : i + 160] for i in range(0, len(sound), 160)]


def test_upsampling_doubles_and_keeps_the_tone() -> None:
    up = Upsampler()
    pcm = b"".join(up.feed(frame) for frame in frames(tone(1.0)))
    samples = np.frombuffer(pcm, np.int16)
    assert len(samples) == 16_000
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) == 440
    assert spectrum[7_500:7_620].max() < spectrum[440] / 300  # nothing of it is mirrored


def test_every_frame_comes_out_of_the_upsampler_at_once() -> None:
    up, click = Upsampler(), encode(np.array([0] * 60 + [8_000] + [0] * 99, np.int16))
    samples = np.frombuffer(up.feed(click), np.int16)
    assert len(samples) == 320 and abs(np.argmax(samples) - 2 * 60) <= 2 * 12  # 1.5 ms later


def test_upsampling_is_the_same_however_the_sound_is_cut() -> None:
    sound = tone(0.5)
    whole, pieces = Upsampler(), Upsampler()
    together = whole.feed(sound)
    apart = b"".join(pieces.feed(sound[i : i + 7]) for i in range(0, len(sound), 7))
    assert len(together) == len(apart)
    difference = np.frombuffer(together, np.int16).astype(int) - np.frombuffer(apart, np.int16)
    assert np.abs(difference).max() <= 1  # rounding


def test_each_side_lands_on_its_channel_at_its_sample(tmp_path: Path) -> None:
    recorder = TwoChannelRecorder(tmp_path / "call.wav")
    patient, robot = tone(0.2), tone(0.3, 200)
    recorder.robot(robot, 0.1)
    recorder.patient(patient, 1.0)
    assert recorder.close() == pytest.approx(1.2)
    left, right = read(tmp_path / "call.wav").T
    assert np.array_equal(right[800:3_200], decode(robot)) and not right[:800].any() and not right[3_200:].any()
    assert np.array_equal(left[8_000:], decode(patient)) and not left[:8_000].any()


def test_frames_with_jittered_stamps_join_without_a_gap(tmp_path: Path) -> None:
    recorder = TwoChannelRecorder(tmp_path / "call.wav")
    sound = tone(2.0)
    for number, frame in enumerate(frames(sound)):
        recorder.patient(frame, number * 0.02 + (0.003 if number % 2 else -0.003))
    recorder.close()
    assert np.array_equal(read(tmp_path / "call.wav")[:, 0], decode(sound))


def test_frames_lost_late_and_doubled(tmp_path: Path) -> None:
    recorder = TwoChannelRecorder(tmp_path / "call.wav")
    sound = tone(3.0)
    order = [n for n in range(150) if n not in (40, 41, 42)]
    order.insert(100, order.pop(20))  # comes more than a second late, after its neighbours are on disk
    order.insert(50, order[49])
    for number in order:
        recorder.patient(frames(sound)[number], number * 0.02)
    recorder.close()
    left = read(tmp_path / "call.wav")[:, 0]
    expected = decode(sound).copy()
    expected[40 * 160 : 43 * 160] = 0
    assert np.array_equal(left, expected)


def test_a_killed_process_leaves_a_playable_file(tmp_path: Path) -> None:
    recorder = TwoChannelRecorder(tmp_path / "call.wav")
    for number, frame in enumerate(frames(tone(2.9))):
        recorder.patient(frame, number * 0.02)
        recorder.robot(frame, number * 0.02)
    assert len(read(tmp_path / "call.wav")) >= 2.4 * RATE  # never closed


def test_a_torn_header_is_repaired(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    recorder = TwoChannelRecorder(path)
    recorder.patient(tone(1.0), 0.0)
    recorder.close()
    with path.open("r+b") as file:
        file.write(b"\0" * 44)
    assert repair_recording(path) == pytest.approx(1.0)
    assert len(read(path)) == RATE


def test_opening_again_continues(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    for _ in range(2):
        recorder = TwoChannelRecorder(path)
        recorder.patient(tone(1.0), 0.0)
        recorder.close()
    left = read(path)[:, 0]
    assert np.array_equal(left[:RATE], left[RATE:]) and len(left) == 2 * RATE


@pytest.mark.parametrize("at", [-0.05, 4_000_000.0])
def test_a_wrong_stamp_neither_fails_nor_fills_the_disk(tmp_path: Path, at: float) -> None:
    recorder = TwoChannelRecorder(tmp_path / "call.wav")
    recorder.patient(tone(0.1), at)
    assert recorder.close() <= 0.1
    assert (tmp_path / "call.wav").stat().st_size < 10_000


def test_phone_noise_is_seeded_and_as_loud_as_told() -> None:
    sound = tone(2.0, 997)
    noisy = phone_noise(sound, 20.0, seed=3)
    assert noisy == phone_noise(sound, 20.0, seed=3) != phone_noise(sound, 20.0, seed=4)
    clean = decode(sound).astype(float)
    noise = decode(noisy).astype(float) - clean
    assert 20 * np.log10(np.std(clean) / np.std(noise)) == pytest.approx(20, abs=1)
    spectrum = np.abs(np.fft.rfft(decode(noisy).astype(float)))
    hertz = np.fft.rfftfreq(2 * RATE, 1 / RATE)
    assert spectrum[hertz > 3_500].mean() < spectrum[(hertz > 500) & (hertz < 3_000)].mean() / 3


def test_silence_stays_empty_and_nothing_breaks() -> None:
    assert phone_noise(b"", 20.0) == b""
    assert len(phone_noise(b"\xff" * 160)) == 160
