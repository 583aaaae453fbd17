"""One phone call on virtual time with a conversation that replies from a list: who speaks when is data."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from agent.model.contact import AttemptOutcome
from agent.model.escalation import TechnicalCause
from agent.model.turn import Expect, Reply, Turn, TurnKind
from agent.speech.ports import VoiceFailed
from agent.speech.segmenter import Segmenter
from agent.speech.ulaw import encode
from machine.virtual_time import BEGINNING, run_virtual
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from tests.fakes.phone import LoudVad, PlainUpsampler, ScriptedLine, ScriptedRecogniser

QUESTION = Reply(("问一。",), Expect.YES_NO, "q1", patience_seconds=6.0)
GOODBYE = Reply(("再见。",), end=True)
PROMPT_SECONDS = 2.0
BREATH = 960  # bytes


@dataclass
class Talk:
    """A conversation that replies from a list and remembers what it was told, and when."""

    replies: list[Reply]
    breaks: bool = False
    thinks_seconds: float = 0.0
    came_back: bool = False  # the line opens for the second time: nobody took the transfer
    turns: list[tuple[float, TurnKind, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    causes: list[TechnicalCause] = field(default_factory=list)
    recordings: list[float] = field(default_factory=list)
    unknown: int = 0  # so often nothing can be found out about the attempt
    still_down: int = 0  # so often what broke down cannot be stored either
    notes_fail: int = 0  # so often no recording can be noted
    broken: list[str] = field(default_factory=list)
    spans: list[object] = field(default_factory=list)
    began: list[float] = field(default_factory=list)
    heard_question: list[bool] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    overheard: list[tuple[float, str, str]] = field(default_factory=list)  # when, turn id, words

    async def contact_of(self, attempt_id: str) -> str:
        if self.unknown:
            self.unknown -= 1
            raise RuntimeError("database is gone")
        return "contact"

    async def transferring(self, attempt_id: str) -> bool:
        return self.came_back

    async def receive(self, turn: Turn) -> Reply:
        self.turns.append((round(asyncio.get_running_loop().time(), 2), turn.kind, turn.text))
        self.spans.append(turn.audio)
        self.ids.append(turn.id)
        self.heard_question.append(turn.question_heard)
        await asyncio.sleep(self.thinks_seconds)
        if self.breaks and turn.kind is TurnKind.SPEECH:
            raise RuntimeError("database is gone")
        return self.replies.pop(0) if self.replies else GOODBYE

    async def overhear(self, turn: Turn) -> None:
        self.overheard.append((round(asyncio.get_running_loop().time(), 2), turn.id, turn.text))

    async def machine(self, turn: Turn, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        raise AssertionError("no machine is expected here")

    async def given_up(self, turn: Turn, cause: TechnicalCause) -> Reply:
        if cause is not TechnicalCause.INTERNAL:
            self.failures.append(turn.text)
            self.causes.append(cause)
            return GOODBYE
        self.broken.append(turn.text)
        if self.still_down:
            self.still_down -= 1
            raise RuntimeError("database is gone")
        return GOODBYE

    async def note_recording(self, attempt_id: str, path: str, seconds: float) -> None:
        if self.notes_fail:
            self.notes_fail -= 1
            raise RuntimeError("database is gone")
        self.recordings.append(seconds)

    async def note_reply_audio(self, turn_id: str, seconds: float) -> None:
        self.began.append(seconds)

    @property
    def kinds(self) -> list[TurnKind]:
        return [kind for _, kind, _ in self.turns]


@dataclass(frozen=True)
class Prompts:
    """Each sentence is two seconds of sound; one with commas has a breath at each. Nothing of `unsayable` can be said,
    "" stands for everything."""

    unsayable: str | None = None

    async def ulaw(self, text: str) -> bytes:
        if self.unsayable is not None and self.unsayable in text:
            raise VoiceFailed("no_voice")
        clauses = text.count("，") + 1
        each = int(8000 * PROMPT_SECONDS) // clauses
        noise = np.random.default_rng(len(text)).normal(0, 6_000, each - BREATH)
        clause = encode(noise.clip(-30_000, 30_000).astype(np.int16))
        return (clause + b"\xff" * BREATH) * clauses if clauses > 1 else b"\x20" * each


EVERYTHING_SAID = Prompts()


class Tape:
    def __init__(self, began_at: float = 0.0) -> None:
        self.began_at = began_at
        self.robot_bytes = 0
        self.seconds = 0.0

    def patient(self, ulaw: bytes, at_seconds: float) -> None:
        self.seconds = at_seconds + len(ulaw) / 8000

    def robot(self, ulaw: bytes, at_seconds: float) -> None:
        self.robot_bytes += sum(byte != 0xFF for byte in ulaw)

    def close(self) -> float:
        return self.seconds


def call(
    line: ScriptedLine,
    talk: Talk,
    tape: Tape | None = None,
    guesses: Mapping[float, str] = MappingProxyType({}),
    prompts: Prompts = EVERYTHING_SAID,
    **others: Any,
) -> None:
    """Makes the call; `guesses` are the carrier's words on who answered, by the second at which they come; `others` are
    further fields of CallParts."""

    async def main() -> None:
        recogniser = ScriptedRecogniser(line.script)
        parts = CallParts(
            conversation=talk,
            prompts=prompts,
            new_ear=lambda on_change: Ear(recogniser, LoudVad(), Segmenter(), PlainUpsampler(), on_change),
            new_recorder=lambda path: tape or Tape(),
            recordings=Path(),
            now=lambda: BEGINNING,
            new_id=iter(f"turn-{n}" for n in range(1000)).__next__,
            apology="抱歉。",
            **others,
        )
        phone = PhoneCall(line, "attempt", parts)
        for at, word in guesses.items():
            asyncio.get_running_loop().call_later(at, phone.guessed, word)
        await line.drive(phone)

    run_virtual(main())
