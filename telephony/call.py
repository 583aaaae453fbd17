"""One phone call, carrier-neutral: audio → speech → conversation → voice, until somebody hangs up.

The patient's words reach `conversation.receive` in the order they were said; nothing said during a prompt is lost.
The robot never starts a reply while the patient is speaking, and stops when the patient speaks over it.
"""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.model.clock import NewId, Now
from agent.model.contact import Channel
from agent.model.turn import Reply, Turn, TurnKind
from agent.speech.ports import VoiceFailed
from agent.speech.ulaw import ULAW_RATE_HZ
from telephony.given import Given
from telephony.interruption import Interruption
from telephony.line import Line, LineClosed
from telephony.listening import Listening, NewEar
from telephony.mouth import Mouth, Prompts
from telephony.nearness import EchoGuard, frame_of

log = logging.getLogger("suifang.call")

LONGEST_CALL_SECONDS = 1200.0


class Conversing(Protocol):
    """What a call asks of the conversation."""

    async def contact_of(self, attempt_id: str) -> str: ...

    async def receive(self, turn: Turn) -> Reply: ...

    async def recogniser_down(self, turn: Turn) -> Reply:
        """Speech cannot be understood any more: the reply says so and ends the call."""
        ...

    async def note_recording(self, attempt_id: str, path: str, seconds: float) -> None:
        """Called when the recording begins (0 s) and when it ends."""
        ...

    async def note_reply_audio(self, turn_id: str, seconds: float) -> None:
        """The reply to this turn began to be heard there in the recording. Never raises: the call goes on."""
        ...


class Recorder(Protocol):
    def patient(self, ulaw: bytes, at_seconds: float) -> None: ...

    def robot(self, ulaw: bytes, at_seconds: float) -> None: ...

    def close(self) -> float: ...


@dataclass(frozen=True, slots=True)
class CallParts:
    """What every call is made of; one value per process."""

    conversation: Conversing
    prompts: Prompts
    new_ear: NewEar
    new_recorder: Callable[[Path], Recorder]
    recordings: Path
    now: Now
    new_id: NewId
    apology: str  # approved sentence for when nothing else works


class PhoneCall:
    """A telephony.line.CallHandler for one attempt."""

    def __init__(self, line: Line, attempt_id: str, parts: CallParts) -> None:
        self._line, self._attempt_id, self._parts = line, attempt_id, parts
        self._echo = EchoGuard()
        self._listening = Listening(parts.new_ear)
        self._ear = self._listening.ear
        self._ear.own_voice = self._echo.is_echo
        self._mouth = Mouth(line, parts.prompts)
        self._interruption = Interruption(self._mouth, self._ear)
        self._file = f"{parts.now():%Y-%m-%d}/{attempt_id}.wav"
        self._recorder = parts.new_recorder(parts.recordings / self._file)
        self._reply = Reply(sentences=())
        self._contact_id = ""
        self._turn_id = ""  # of the turn that `_reply` answers

    # the wire's callbacks

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        at = at_ms / 1000
        since, played = self._mouth.playback.until(at + len(ulaw) / ULAW_RATE_HZ)
        self._recorder.robot(played, since)
        self._recorder.patient(ulaw, at)  # last: its time is what puts both on disk
        frame = frame_of(ulaw)
        self._echo.hear(frame, played)
        self._ear.hear(ulaw, at)
        self._mouth.tick(self._ear.now)
        self._interruption.heard(frame)

    def digit(self, digit: str) -> None:
        self._listening.key(digit)
        self._interruption.key()

    def marked(self, name: str) -> None:
        self._mouth.marked(name)

    def ended(self) -> None:
        self._listening.line_closed()
        self._interruption.stop()

    # the call

    async def run(self) -> None:
        """Lasts as long as the call; the recording and whatever was said last are kept however it ends."""
        parts = self._parts
        self._contact_id = await parts.conversation.contact_of(self._attempt_id)
        await parts.conversation.note_recording(self._attempt_id, self._file, 0.0)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_CALL_SECONDS):
                    await self._converse()
        finally:
            await self._close()

    async def _converse(self) -> None:
        reply = await self._receive(Given(TurnKind.START))
        try:
            while True:
                self._reply = reply
                self._interruption.new_reply(allowed=reply.interruptible)
                await self._listening.quiet()
                self._ear.expect(reply)
                given = await self._put(reply)
                if reply.end:
                    await self._line.hang_up()
                    return
                if given.kind is TurnKind.HANGUP:
                    return
                reply = await self._receive(given)
        except LineClosed:
            self._listening.line_closed()

    async def _put(self, reply: Reply) -> Given:
        """Says the reply and waits for what it brings; stopped for nothing, it goes on from the phrase that was cut."""
        all_said = await self._say(self._mouth.say(reply.sentences, slow=reply.slower, loud=reply.louder))
        while not all_said and not reply.end:
            given = await self._listening.after_stop(reply, self._question_out_at(reply))
            if given is not None:
                return given
            self._interruption.was_nothing()
            all_said = await self._say(self._mouth.resume())
        if reply.end:
            return Given(TurnKind.HANGUP)
        out_at = self._question_out_at(reply)
        return await self._listening.next(reply, self._ear.now if out_at is None else out_at)  # a mark was lost

    async def _say(self, saying: Coroutine[None, None, bool]) -> bool:
        """False when the patient interrupted."""
        if self._listening.gone.is_set():
            saying.close()
            raise LineClosed
        try:
            return await saying
        except VoiceFailed:
            log.error("no voice could render a reply: attempt=%s", self._attempt_id)
            return True
        finally:
            if self._mouth.playback.began is not None:
                await self._parts.conversation.note_reply_audio(self._turn_id, self._mouth.playback.began)

    def _question_out_at(self, reply: Reply) -> float | None:
        """Line time from which words can be an answer to this reply's question; None when it was not heard."""
        if not reply.sentences or self._mouth.playback.began is None:
            return 0.0
        return self._mouth.question_out_at

    async def _receive(self, given: Given) -> Reply:
        """One turn. Named edge: whatever fails behind the conversation, the patient hears an approved sentence."""
        turn = self._turn(given)
        self._turn_id = turn.id
        try:
            if given.failed is not None:
                log.error("recogniser failed: attempt=%s code=%s", self._attempt_id, given.failed)
                return await self._parts.conversation.recogniser_down(turn)
            return await self._parts.conversation.receive(turn)
        except Exception as error:  # noqa: BLE001  the edge towards a living person: never dead air
            log.error("conversation failed: attempt=%s kind=%s %s", self._attempt_id, given.kind, place_of(error))
            return Reply(sentences=(self._parts.apology,), end=True, interruptible=False)

    def _turn(self, given: Given) -> Turn:
        confidence = given.hypotheses[0].confidence if given.hypotheses else 1.0
        return Turn(
            id=self._parts.new_id(),
            contact_id=self._contact_id,
            attempt_id=self._attempt_id,
            channel=Channel.PHONE,
            kind=given.kind,
            at=self._parts.now(),
            text=given.text,
            confidence=confidence,
            alternatives=given.hypotheses,
            audio=given.audio,
            question_heard=given.question_heard,
        )

    # the end

    async def _close(self) -> None:
        """Keeps the last words and the recording, then tells the conversation that the line is gone."""
        parts = self._parts
        last = await self._listening.rest(self._question_out_at(self._reply))
        if not self._reply.end:
            if last is not None and (last.text or last.failed):
                await self._receive(last)
            await self._receive(Given(TurnKind.HANGUP))
        elif last is not None and last.text:
            await self._receive(last)
        seconds = self._recorder.close()
        await parts.conversation.note_recording(self._attempt_id, self._file, seconds)


def place_of(error: BaseException) -> str:
    """Type and place of an error, for a log: never its text, which may quote a patient."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
