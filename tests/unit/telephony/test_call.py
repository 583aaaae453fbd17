"""One phone call on virtual time: who speaks when, and what the conversation is told."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from agent.model.turn import Expect, Reply, Turn, TurnKind
from agent.speech.segmenter import Segmenter
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from tests.fakes.phone import LoudVad, PlainUpsampler, Says, ScriptedLine, ScriptedRecogniser
from tests.fakes.virtual_time import BEGINNING, run_virtual

QUESTION = Reply(("问一。",), Expect.YES_NO, "q1", patience_seconds=6.0)
GOODBYE = Reply(("再见。",), end=True)
PROMPT_SECONDS = 2.0


@dataclass
class Talk:
    """A conversation that replies from a list and remembers what it was told, and when."""

    replies: list[Reply]
    breaks: bool = False
    turns: list[tuple[float, TurnKind, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    recordings: list[float] = field(default_factory=list)
    spans: list[object] = field(default_factory=list)
    began: list[float] = field(default_factory=list)

    async def contact_of(self, attempt_id: str) -> str:
        return "contact"

    async def receive(self, turn: Turn) -> Reply:
        self.turns.append((round(asyncio.get_running_loop().time(), 2), turn.kind, turn.text))
        self.spans.append(turn.audio)
        if self.breaks and turn.kind is TurnKind.SPEECH:
            raise RuntimeError("database is gone")
        return self.replies.pop(0) if self.replies else GOODBYE

    async def recogniser_down(self, turn: Turn) -> Reply:
        self.failures.append(turn.text)
        return GOODBYE

    async def note_recording(self, attempt_id: str, path: str, seconds: float) -> None:
        self.recordings.append(seconds)

    async def note_reply_audio(self, turn_id: str, seconds: float) -> None:
        self.began.append(seconds)

    @property
    def kinds(self) -> list[TurnKind]:
        return [kind for _, kind, _ in self.turns]


class Prompts:
    async def ulaw(self, text: str) -> bytes:
        return b"\x20" * int(8000 * PROMPT_SECONDS)


class Tape:
    def __init__(self) -> None:
        self.robot_bytes = 0
        self.seconds = 0.0

    def patient(self, ulaw: bytes, at_seconds: float) -> None:
        self.seconds = at_seconds + len(ulaw) / 8000

    def robot(self, ulaw: bytes, at_seconds: float) -> None:
        self.robot_bytes += sum(byte != 0xFF for byte in ulaw)

    def close(self) -> float:
        return self.seconds


def call(line: ScriptedLine, talk: Talk, tape: Tape | None = None) -> None:
    async def main() -> None:
        recogniser = ScriptedRecogniser(line.script)
        parts = CallParts(
            conversation=talk,
            prompts=Prompts(),
            new_ear=lambda on_change: Ear(recogniser, LoudVad(), Segmenter(), PlainUpsampler(), on_change),
            new_recorder=lambda path: tape or Tape(),
            recordings=Path(),
            now=lambda: BEGINNING,
            new_id=iter(f"turn-{n}" for n in range(1000)).__next__,
            apology="抱歉。",
        )
        await line.drive(PhoneCall(line, "attempt", parts))

    run_virtual(main())


def test_an_answer_after_the_question_is_heard_and_answered() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "没有")]), Talk([QUESTION])
    call(line, talk)
    assert [(kind, text) for _, kind, text in talk.turns] == [(TurnKind.START, ""), (TurnKind.SPEECH, "没有")]
    assert line.log[-1][1] == "hang_up"
    assert talk.recordings[0] == 0.0 and talk.recordings[-1] > 5


def test_words_said_during_a_notice_that_may_not_be_interrupted_are_not_lost() -> None:
    notice = Reply(("本次通话会录音。",), interruptible=False, patience_seconds=4)
    line, talk = ScriptedLine([Says(0.5, 1.0, "我心口疼")]), Talk([notice])
    call(line, talk)
    assert (TurnKind.SPEECH, "我心口疼") in [(kind, text) for _, kind, text in talk.turns]
    assert "clear" not in [what for _, what in line.log]
    assert talk.turns[1][0] >= PROMPT_SECONDS  # taken after the notice was heard to its end


def test_speaking_over_the_robot_stops_it_within_half_a_second() -> None:
    line, talk = ScriptedLine([Says(0.8, 1.5, "我想问一下")]), Talk([QUESTION])
    call(line, talk)
    cleared = [at for at, what in line.log if what == "clear"]
    assert cleared and 0.8 < cleared[0] <= 1.3


def test_a_cough_over_the_robot_does_not_stop_it() -> None:
    line, talk = ScriptedLine([Says(0.8, 0.2, ""), Says(2.8, 0.8, "没有")]), Talk([QUESTION])
    call(line, talk)
    assert "clear" not in [what for _, what in line.log]
    assert talk.kinds == [TurnKind.START, TurnKind.SPEECH]


def test_silence_is_told_only_after_the_patience_of_the_question() -> None:
    line, talk = ScriptedLine([]), Talk([QUESTION])
    call(line, talk)
    at, kind, _ = talk.turns[1]
    assert kind is TurnKind.SILENCE and abs(at - (PROMPT_SECONDS + 6.0)) < 0.3


def test_a_patient_who_goes_on_after_a_pause_is_not_answered_in_between() -> None:
    script = [Says(2.5, 1.0, "高压一百五"), Says(4.4, 1.0, "低压九十")]
    line, talk = ScriptedLine(script), Talk([QUESTION])
    call(line, talk)
    assert [text for _, kind, text in talk.turns if kind is TurnKind.SPEECH] == ["高压一百五，低压九十"]


def test_hanging_up_in_mid_sentence_keeps_the_last_words() -> None:
    line, talk = ScriptedLine([Says(2.5, 5.0, "我胸口疼得厉害")], hangs_up_at=4.0), Talk([QUESTION])
    call(line, talk)
    assert talk.turns[-2][1:] == (TurnKind.SPEECH, "我胸口疼得厉害")
    assert talk.kinds[-1] is TurnKind.HANGUP


def test_a_failing_recogniser_hands_the_contact_over_and_says_so() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, None)]), Talk([QUESTION])
    call(line, talk)
    assert talk.failures == [""] and line.log[-1][1] == "hang_up"


def test_a_broken_conversation_ends_with_an_approved_sentence_not_with_dead_air() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "没有")]), Talk([QUESTION], breaks=True)
    call(line, talk)
    assert [what for _, what in line.log] == ["play", "play", "hang_up"]


def test_keys_answer_a_closed_question_at_once() -> None:
    line, talk = ScriptedLine([], digits={3.0: "1"}), Talk([QUESTION])
    call(line, talk)
    assert talk.turns[1][1:] == (TurnKind.DIGITS, "1")


def test_a_number_on_the_keypad_ends_with_the_hash_key() -> None:
    asks = Reply(("多少？",), Expect.NUMBER, "q", patience_seconds=6)
    line, talk = ScriptedLine([], digits={3.0: "1", 3.4: "5", 3.8: "0", 4.0: "#"}), Talk([asks])
    call(line, talk)
    assert talk.turns[1][1:] == (TurnKind.DIGITS, "150")


def test_the_recording_holds_what_the_patient_heard_of_the_robot() -> None:
    tape = Tape()
    line, talk = ScriptedLine([Says(0.8, 1.5, "我想问一下")]), Talk([QUESTION])
    call(line, talk, tape)
    heard = tape.robot_bytes / 8000
    assert 2.8 < heard < 3.6  # about 1.2 s of the stopped question and the two seconds of goodbye


def test_a_patient_who_asked_for_it_hears_the_robot_slower() -> None:
    usual, slower = ScriptedLine([]), ScriptedLine([])
    call(usual, Talk([GOODBYE]))
    call(slower, Talk([replace(GOODBYE, slower=True)]))
    assert slower.robot_until - usual.robot_until == pytest.approx(0.25 * PROMPT_SECONDS, abs=0.1)
