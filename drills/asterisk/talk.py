"""What the robot says in the drill, and a call of ours that notes when what happened."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from agent.model.clock import new_id, utc_now
from agent.model.contact import AttemptOutcome
from agent.model.escalation import TechnicalCause
from agent.model.turn import Expect, Reply, Turn, TurnKind
from agent.speech.segmenter import Segmenter
from agent.speech.vad import SileroVad
from machine.speech import Speech
from telephony.audio import TwoChannelRecorder, Upsampler
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from telephony.line import CallFactory, CallHandler, Line

GREETING = ("您好，这里是医院的随访电话。", "请问您今天身体怎么样？")
QUESTION = Reply(GREETING, Expect.FREE_TEXT, "how", interruptible=False)
KEYS = Reply(("请您在电话键盘上按一二，再按井号键。",), Expect.NUMBER, "keys")
LONG = Reply(
    (
        "谢谢您。下面这段话比较长，您可以随时打断我。",
        "出院以后请您按时吃药，每天量一次血压，记在本子上。",
        "饮食要清淡，少放盐，多吃蔬菜，每天慢慢走半个小时。",
        "如果哪里不舒服，请您马上给我们打电话。",
    ),
    Expect.FREE_TEXT,
    "long",
)
GOODBYE = Reply(("好的，今天就到这里，祝您早日康复，再见。",), end=True, interruptible=False)


@dataclass(slots=True)
class Notes:
    """One call as our side saw it; times are the machine's clock, in seconds."""

    made_at: float = 0.0
    first_frame_at: float = 0.0
    ended_at: float = 0.0
    hung_up_at: float = 0.0
    cleared_at: list[float] = field(default_factory=list)
    frames: int = 0
    frames_sent: int = 0
    digits: str = ""
    turns: list[tuple[str, str]] = field(default_factory=list)
    recording_seconds: float = 0.0


class Talk:
    """telephony.call.Conversing by a list of replies."""

    def __init__(self, replies: list[Reply], notes: Notes) -> None:
        self._replies, self._notes = list(replies), notes

    async def contact_of(self, attempt_id: str) -> str:
        return "drill"

    async def receive(self, turn: Turn) -> Reply:
        self._notes.turns.append((turn.kind.value, turn.text))
        if turn.kind is TurnKind.HANGUP or not self._replies:
            return GOODBYE
        return self._replies.pop(0)

    async def overhear(self, turn: Turn) -> None:
        return None

    async def transferring(self, attempt_id: str) -> bool:
        return False

    async def machine(self, turn: Turn, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        return GOODBYE

    async def given_up(self, turn: Turn, cause: TechnicalCause) -> Reply:
        return await self.receive(turn)

    async def note_reply_audio(self, turn_id: str, began: float | None) -> None:
        return None

    async def note_recording(self, attempt_id: str, path: str, seconds: float) -> None:
        self._notes.recording_seconds = seconds


class NotedLine:
    def __init__(self, line: Line, notes: Notes) -> None:
        self._line, self._notes = line, notes

    async def play(self, ulaw: bytes) -> None:
        self._notes.frames_sent += len(ulaw) // 160
        await self._line.play(ulaw)

    async def mark(self, name: str) -> None:
        await self._line.mark(name)

    async def clear(self) -> None:
        self._notes.cleared_at.append(time.time())
        await self._line.clear()

    async def hang_up(self) -> None:
        self._notes.hung_up_at = time.time()
        await self._line.hang_up()

    async def transfer(self, to: str, ring_seconds: int) -> None:
        await self._line.transfer(to, ring_seconds)


class NotedCall:
    """telephony.line.CallHandler around a PhoneCall."""

    def __init__(self, call: CallHandler, notes: Notes) -> None:
        self._call, self._notes = call, notes

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        self._notes.first_frame_at = self._notes.first_frame_at or time.time()
        self._notes.frames += 1
        self._call.heard(ulaw, at_ms)

    def digit(self, digit: str) -> None:
        self._notes.digits += digit
        self._call.digit(digit)

    def marked(self, name: str) -> None:
        self._call.marked(name)

    def ended(self) -> None:
        self._notes.ended_at = time.time()
        self._call.ended()

    async def run(self) -> None:
        await self._call.run()


def caller(speech: Speech, folder: Path, notes: dict[str, Notes], replies: Callable[[str], list[Reply]]) -> CallFactory:
    """Makes PhoneCalls that say `replies(attempt id)` and note what happens in `notes[attempt id]`."""

    def new_ear(on_change: Callable[[], None]) -> Ear:
        return Ear(speech.recogniser, SileroVad(), Segmenter(), Upsampler(), on_change)

    def make(line: Line, attempt_id: str) -> CallHandler:
        noted = notes[attempt_id] = Notes(made_at=time.time())
        parts = CallParts(
            conversation=Talk(replies(attempt_id), noted),
            prompts=speech.prompts,
            new_ear=new_ear,
            new_recorder=TwoChannelRecorder,
            recordings=folder,
            now=utc_now,
            new_id=new_id,
            apology=GOODBYE.sentences[0],
        )
        return NotedCall(PhoneCall(NotedLine(line, noted), attempt_id, parts), noted)

    return make
