"""One phone call, carrier-neutral: audio → speech → conversation → voice, until somebody hangs up.

The patient's words reach `conversation.receive` in the order they were said; nothing said during a prompt is lost.
The robot never starts a reply while the patient is speaking, and stops when the patient speaks over it.
"""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Awaitable, Coroutine
from dataclasses import replace
from pathlib import Path

from agent.answering.who import By
from agent.model.contact import Channel
from agent.model.turn import Reply, Turn, TurnKind
from agent.speech.ports import VoiceFailed
from agent.speech.ulaw import ULAW_RATE_HZ
from telephony.answering import Door
from telephony.call_parts import CallParts
from telephony.given import Given
from telephony.interruption import Interruption
from telephony.line import Line, LineClosed
from telephony.listening import Listening
from telephony.mouth import Mouth
from telephony.nearness import EchoGuard, frame_of

log = logging.getLogger("suifang.call")

LONGEST_CALL_SECONDS = 1200.0

__all__ = ["CallParts", "PhoneCall", "place_of"]


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
        self._door = Door(self._listening, parts.new_who(), self._interruption.stop)
        self._greeted = False
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
        self._door.heard()

    def guessed(self, answered_by: str) -> None:
        """Who answered, in the carrier's words."""
        self._door.guessed(answered_by)

    def digit(self, digit: str) -> None:
        self._listening.key(digit)
        self._door.key()
        self._interruption.key()

    def marked(self, name: str) -> None:
        self._mouth.marked(name)

    def ended(self) -> None:
        self._listening.line_closed()
        self._door.wake()
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
        try:
            reply = await self._opening()
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
                machine = given.kind is TurnKind.MACHINE
                reply = await (self._machine(reply) if machine else self._receive(given))
        except LineClosed:
            self._listening.line_closed()

    async def _put(self, reply: Reply) -> Given:
        """Says the reply and waits for what it brings; stopped for nothing, it goes on from the phrase that was cut."""
        all_said = await self._say(self._mouth.say(reply.sentences, slow=reply.slower, loud=reply.louder))
        while not all_said and not reply.end and self._door.machine is None:
            given = await self._listening.after_stop(reply, self._question_out_at(reply))
            if given is not None:
                return self._door.answered(given)
            self._interruption.was_nothing()
            all_said = await self._say(self._mouth.resume())
        if reply.end:
            return Given(TurnKind.HANGUP)
        self._door.asked()
        if self._door.machine is not None:
            return self._door.words()
        out_at = self._question_out_at(reply)
        lost = out_at is None  # its mark
        return self._door.answered(await self._listening.next(reply, self._ear.now if lost else out_at))

    async def _opening(self) -> Reply:
        """What the robot says first: to a person, or to a machine."""
        await self._door.opens()
        return await self._machine() if self._door.machine else await self._greeting()

    async def _greeting(self) -> Reply:
        conversation = self._parts.conversation
        if self._door.wordy:  # a machine put the call through, or fetched a person
            turn = self._turn(self._door.words())
            await self._safely(turn, conversation.machine(turn, None, sure=True), Reply(()))
        self._greeted = True
        self._door.greets()
        return await self._receive(Given(TurnKind.START))

    async def _machine(self, said: Reply | None = None) -> Reply:
        """What a machine hears, or the person it fetched; `said` is what was said before it was known for one."""
        verdict = await self._door.hears_out()
        if verdict is None:
            return await self._greeting()
        log.info("a machine answered: attempt=%s outcome=%s by=%s", self._attempt_id, verdict.outcome, verdict.by)
        turn, sure = self._turn(self._door.words()), verdict.by is not By.RHYTHM
        work = self._parts.conversation.machine(turn, verdict.outcome, sure=sure)
        reply = await self._safely(turn, work, Reply((), end=True, interruptible=False))
        if reply is not None:
            return reply
        self._door.give_back()
        if said is None:
            return await self._greeting()
        return await self._receive(await self._listening.next(said))

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
        """One turn."""
        turn, conversation = self._turn(given), self._parts.conversation
        apology = Reply(sentences=(self._parts.apology,), end=True, interruptible=False)
        if given.failed is not None:
            log.error("recogniser failed: attempt=%s code=%s", self._attempt_id, given.failed)
            return await self._safely(turn, conversation.recogniser_down(turn), apology) or apology
        return await self._safely(turn, conversation.receive(turn), apology) or apology

    async def _safely(self, turn: Turn, work: Awaitable[Reply | None], otherwise: Reply) -> Reply | None:
        """Named edge: whatever fails behind the conversation, the patient hears an approved sentence."""
        self._turn_id = turn.id
        try:
            return await work
        except Exception as error:  # noqa: BLE001  the edge towards a living person: never dead air
            log.error("conversation failed: attempt=%s kind=%s %s", self._attempt_id, turn.kind, place_of(error))
            return otherwise

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
        if not await self._machine_has_left(last):
            await self._left(last)
        seconds = self._recorder.close()
        await parts.conversation.note_recording(self._attempt_id, self._file, seconds)

    async def _left(self, last: Given | None) -> None:
        if not self._reply.end:
            if not self._greeted:
                await self._receive(Given(TurnKind.START))
            if last is not None and (last.text or last.failed):
                await self._receive(last)
            await self._receive(Given(TurnKind.HANGUP))
        elif last is not None and last.text:
            await self._receive(last)

    async def _machine_has_left(self, last: Given | None) -> bool:
        """A machine that hung up by itself; False for a person."""
        if self._reply.end:
            return self._door.machine is not None  # it was told already
        verdict = self._door.left(last)
        if verdict is None:
            return False
        words = self._door.words()
        turn, sure = self._turn(words), verdict.by is not By.RHYTHM
        log.info("a machine has left: attempt=%s outcome=%s by=%s", self._attempt_id, verdict.outcome, verdict.by)
        work = self._parts.conversation.machine(turn, verdict.outcome, sure=sure)
        if await self._safely(turn, work, Reply((), end=True)) is None:
            await self._left(replace(words, kind=TurnKind.SPEECH))
        return True


def place_of(error: BaseException) -> str:
    """Type and place of an error, for a log: never its text, which may quote a patient."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
