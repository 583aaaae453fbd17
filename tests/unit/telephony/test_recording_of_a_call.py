"""The recording of a whole call against what was said and when: spans, losses, barge-in, a killed process."""

import asyncio
import signal
import subprocess
import sys
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from agent.model.contact import AttemptOutcome
from agent.model.escalation import TechnicalCause
from agent.model.turn import AudioSpan, Expect, Reply, Turn, TurnKind
from agent.speech.segmenter import Segmenter
from agent.speech.ulaw import decode
from machine.virtual_time import BEGINNING, run_virtual
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from telephony.line import FRAME_BYTES, FRAME_SECONDS, CallHandler
from telephony.playback import Playback
from telephony.recorder import TwoChannelRecorder, repair_recording
from telephony.twilio.ordering import FrameOrder
from telephony.twilio.wire import Media
from tests.fakes.phone import LoudVad, PlainUpsampler, Says, ScriptedLine, ScriptedRecogniser

RATE = 8_000
QUESTION = Reply(("问一。",), Expect.YES_NO, "q1", patience_seconds=6.0)
SECOND = Reply(("问二。",), Expect.YES_NO, "q2", patience_seconds=40.0)
GOODBYE = Reply(("再见。",), end=True)
Samples = np.ndarray


def noise(seconds: float, seed: int) -> bytes:
    """Sound that is like no other and never silent."""
    return np.random.default_rng(seed).integers(0, 112, round(seconds * RATE), dtype=np.uint8).tobytes()


class SoundingLine(ScriptedLine):
    """The caller's speech is noise of its own; frames reach the call through the carrier's ordering, as `mangle` sends
    them. Remembers what the patient really heard of the robot."""

    def __init__(self, script: list[Says], mangle: Callable[[list[Media]], list[Media]] = list) -> None:
        super().__init__(script)
        sound = bytearray(b"\xff" * RATE * 90)
        for number, say in enumerate(script):
            start = round(say.start * RATE) // FRAME_BYTES * FRAME_BYTES
            sound[start : start + round(say.seconds * RATE)] = noise(say.seconds, number)
        pieces = [bytes(sound[at : at + FRAME_BYTES]) for at in range(0, len(sound), FRAME_BYTES)]
        self.said = decode(bytes(sound))
        self.heard = np.zeros(len(self.said), np.int16)
        self._sent = mangle([Media(number + 1, number * 20, piece) for number, piece in enumerate(pieces)])

    async def play(self, ulaw: bytes) -> None:
        start = round(max(self.robot_until, self._time) * RATE)
        await super().play(ulaw)
        self.heard[start : start + len(ulaw)] = decode(ulaw)

    async def clear(self) -> None:
        await super().clear()
        self.heard[round(self._time * RATE) :] = 0

    async def drive(self, call: CallHandler) -> None:
        order, left = FrameOrder(), list(self._sent)
        running = asyncio.ensure_future(call.run())
        while not self.closed and not running.done():
            now = round(self._time * 1000)
            while left and left[0].at_ms <= now:
                for media in order.push(left.pop(0)):
                    call.heard(media.ulaw, media.at_ms)
            for due, name in [mark for mark in self._marks if mark[0] <= self._time]:
                self._marks.remove((due, name))
                call.marked(name)
            await asyncio.sleep(FRAME_SECONDS)
        await running


class Prompts:
    """Each sentence a sound of its own, two seconds and a bit, not a whole number of frames."""

    async def ulaw(self, text: str) -> bytes:
        return noise(2.007, sum(map(ord, text)))


@dataclass
class Talk:
    replies: list[Reply]
    turns: list[Turn] = field(default_factory=list)
    began: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    async def contact_of(self, attempt_id: str) -> str:
        return "contact"

    async def receive(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        return self.replies.pop(0) if self.replies else GOODBYE

    async def transferring(self, attempt_id: str) -> bool:
        return False

    async def machine(self, turn: Turn, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        raise AssertionError

    async def given_up(self, turn: Turn, cause: TechnicalCause) -> Reply:
        raise AssertionError

    async def note_recording(self, attempt_id: str, path: str, seconds: float) -> None:
        self.seconds = seconds

    async def overhear(self, turn: Turn) -> None:
        return None

    async def note_reply_audio(self, turn_id: str, seconds: float) -> None:
        self.began[turn_id] = seconds

    @property
    def spans(self) -> list[AudioSpan]:
        return [turn.audio for turn in self.turns if turn.kind is TurnKind.SPEECH and turn.audio]


def record(line: SoundingLine, talk: Talk, folder: Path) -> tuple[Samples, Samples]:
    """Makes the call; returns the patient's and the robot's channel."""

    async def main() -> None:
        recogniser = ScriptedRecogniser(line.script)
        parts = CallParts(
            conversation=talk,
            prompts=Prompts(),
            new_ear=lambda on_change: Ear(recogniser, LoudVad(), Segmenter(), PlainUpsampler(), on_change),
            new_recorder=TwoChannelRecorder,
            recordings=folder,
            now=lambda: BEGINNING,
            new_id=iter(f"turn-{n}" for n in range(1000)).__next__,
            apology="抱歉。",
        )
        await line.drive(PhoneCall(line, "attempt", parts))

    run_virtual(main())
    channels = samples_of(next(folder.rglob("*.wav")))
    assert len(channels) == round(talk.seconds * RATE)
    return channels[:, 0], channels[:, 1]


def samples_of(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)


def place_of(cut: Samples, source: Samples) -> tuple[int, float]:
    """Where in `source` the cut fits best (samples), and how well, 0..1."""
    size = 1 << (len(source) + len(cut)).bit_length()
    product = np.fft.rfft(source.astype(float), size) * np.conj(np.fft.rfft(cut.astype(float), size))
    at = int(np.argmax(np.fft.irfft(product, size)[: len(source)]))
    there = source[at : at + len(cut)].astype(float)
    return at, float(there @ cut / (np.linalg.norm(there) * np.linalg.norm(cut)))


def lossy(media: list[Media]) -> list[Media]:
    """Every ninth frame lost, a hole of 0.3 s, another of 9 s, some doubled, some in the wrong order."""
    lost = {n for n in range(len(media)) if n % 9 == 4} | set(range(300, 315)) | set(range(1_000, 1_450))
    sent = [piece for number, piece in enumerate(media) if number not in lost]
    for at in range(50, len(sent), 70):
        sent[at], sent[at + 1] = sent[at + 1], sent[at]
        sent.insert(at + 3, sent[at])
    return sent


SCRIPT = [Says(2.6, 1.0, "没有"), Says(9.0, 1.5, "胸口疼"), Says(34.0, 1.2, "好的")]


@pytest.mark.parametrize("mangle", [list, lossy])
def test_a_turn_s_span_cuts_exactly_its_words_out_of_the_recording(
    tmp_path: Path, mangle: Callable[[list[Media]], list[Media]]
) -> None:
    line, talk = SoundingLine(SCRIPT, mangle), Talk([QUESTION, SECOND, SECOND])
    patient, _ = record(line, talk, tmp_path)
    assert [turn.text for turn in talk.turns if turn.kind is TurnKind.SPEECH] == ["没有", "胸口疼", "好的"]
    for say, span in zip(SCRIPT, talk.spans, strict=True):
        start, end = round(span.start * RATE), round(span.end * RATE)
        at, likeness = place_of(patient[start:end], line.said)
        assert at == start and likeness > 0.9  # a ninth is lost
        assert span.start == pytest.approx(say.start, abs=0.05)
        assert span.end == pytest.approx(say.start + say.seconds, abs=0.08)


async def test_a_hole_longer_than_the_ear_waits_through_moves_no_span() -> None:
    ear = Ear(ScriptedRecogniser([Says(30.0, 1.0, "好的")]), LoudVad(), Segmenter(), PlainUpsampler(), lambda: None)
    for number in range(1_650):
        if number < 100 or number >= 1_500:
            ear.hear((b"\x10" if 1_500 <= number < 1_550 else b"\xff") * FRAME_BYTES, number * FRAME_SECONDS)
    (heard,) = await ear.close()
    assert heard.audio.start == pytest.approx(30.0, abs=0.05) and heard.audio.end == pytest.approx(31.0, abs=0.05)


def test_lost_frames_are_silence_of_the_same_length_and_move_nothing(tmp_path: Path) -> None:
    line, talk = SoundingLine([Says(2.6, 4.0, "没有")], lossy), Talk([QUESTION])
    patient, _ = record(line, talk, tmp_path)
    expected = line.said[: len(patient)].copy()
    for frame in range(len(patient) // FRAME_BYTES):
        if frame % 9 == 4 or 300 <= frame < 315:
            expected[frame * FRAME_BYTES : (frame + 1) * FRAME_BYTES] = 0
    differs = np.flatnonzero(expected != patient)
    assert not len(differs) or differs.min() > len(patient) - 2_000  # what the line's end cut off


@pytest.mark.parametrize("mangle", [list, lossy])
def test_the_robot_s_channel_is_what_was_played(tmp_path: Path, mangle: Callable[[list[Media]], list[Media]]) -> None:
    """Also across lost frames of the patient's, and nothing after the moment it was cleared."""
    line = SoundingLine([Says(0.8, 1.5, "我想问一下"), Says(9.0, 1.0, "没有")], mangle)
    talk = Talk([QUESTION, SECOND])
    _, robot = record(line, talk, tmp_path)
    assert "clear" in [what for _, what in line.log]
    for moment in (0.3, 4.0):
        start = next(at for at in range(round(moment * RATE), len(robot), 10) if np.abs(robot[at : at + 80]).min() > 0)
        at, likeness = place_of(robot[start : start + RATE // 2], line.heard[: len(robot)])
        assert abs(at - start) <= FRAME_BYTES and likeness > 0.99
    heard, recorded = (np.count_nonzero(channel) / RATE for channel in (line.heard[: len(robot)], robot))
    assert recorded == pytest.approx(heard, abs=0.06)


def test_a_robot_s_sentence_can_be_found_in_the_recording(tmp_path: Path) -> None:
    line, talk = SoundingLine([Says(0.8, 1.5, "我想问一下"), Says(9.0, 1.0, "没有")]), Talk([QUESTION, SECOND])
    _, robot = record(line, talk, tmp_path)
    assert set(talk.began) == {turn.id for turn in talk.turns}
    texts = dict(zip(talk.began, ("问一。", "问二。", "再见。"), strict=True))
    for turn_id, seconds in talk.began.items():
        text = texts[turn_id]
        start = round(seconds * RATE)
        at, likeness = place_of(robot[start : start + RATE // 4], decode(noise(2.007, sum(map(ord, text)))))
        assert at <= 1 and likeness > 0.99


def test_playback_begins_when_it_was_handed_over_even_in_a_hole_of_the_patient_s_sound() -> None:
    clock = [0.0]
    playback = Playback(lambda: clock[0])
    playback.until(1.0)
    clock[0] = 2.0  # line time 3.0: nothing came from the patient for two seconds
    playback.add(b"\x01" * RATE)
    clock[0] = 4.0
    since, sound = playback.until(5.0)
    assert since == 1.0 and len(sound) == 4 * RATE and playback.began == pytest.approx(3.0)
    assert sound.strip(b"\xff") == b"\x01" * RATE and sound[2 * RATE] == 1


def test_what_is_cleared_was_heard_up_to_that_moment() -> None:
    clock = [0.0]
    playback = Playback(lambda: clock[0])
    playback.until(0.0)
    playback.add(b"\x01" * RATE)
    playback.add(b"\x02" * RATE)
    clock[0] = 0.25
    playback.clear()
    _, sound = playback.until(2.0)
    assert sound == b"\x01" * (RATE // 4) + b"\xff" * (RATE * 7 // 4)


KILLED = """
import sys, time
from pathlib import Path
from telephony.recorder import TwoChannelRecorder
recorder = TwoChannelRecorder(Path(sys.argv[1]))
for number in range(10_000):
    recorder.robot(bytes([17 + number % 100]) * 160, number * 0.02)
    recorder.patient(bytes([16 + number % 100]) * 160, number * 0.02)
    print(number, flush=True)
    time.sleep(0.001)
"""


def test_killed_in_mid_call_the_file_plays_and_misses_half_a_second_at_most(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    last = next(int(line) for line in child.stdout if int(line) >= 400)
    child.send_signal(signal.SIGKILL)
    last = max([last, *(int(line) for line in child.stdout if line.endswith("\n"))])
    assert child.wait() == -signal.SIGKILL
    seconds = len(samples_of(path)) / RATE  # by the header as it was left
    assert repair_recording(path) == seconds >= (last + 1) * 0.02 - 0.52
    frames = samples_of(path).reshape(-1, FRAME_BYTES, 2)
    for number, frame in enumerate(frames):
        assert (frame[:, 0] == decode(bytes([16 + number % 100]))[0]).all()
        assert (frame[:, 1] == decode(bytes([17 + number % 100]))[0]).all()
