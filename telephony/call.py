"""One phone call, carrier-neutral: audio → speech → conversation → voice, until somebody hangs up.

The patient's words reach `conversation.receive` in the order they were said; nothing said during a prompt is lost.
The robot never starts a reply while the patient is speaking, and stops when the patient speaks over it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from dataclasses import replace

from agent.answering.who import By
from agent.model.turn import TRANSFER_NOT_TAKEN, Reply, TurnKind
from agent.speech.ports import VoiceFailed
from agent.speech.ulaw import ULAW_RATE_HZ
from telephony.answering import Door
from telephony.asking import Asking
from telephony.call_parts import CallParts
from telephony.ear import Utterance
from telephony.given import Given
from telephony.held_noise import HeldNoise
from telephony.interruption import Interruption
from telephony.line import Line, LineClosed, TransferFailed
from telephony.listening import Listening
from telephony.mouth import Mouth
from telephony.nearness import EchoGuard

log = logging.getLogger("suifang.call")

LONGEST_CALL_SECONDS = 1200.0
HAND_OVER_SECONDS = 5.0

__all__ = ["CallParts", "PhoneCall"]


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
        self._greeted = self._came_back = self._handed_over = self._unknown = False
        self._nurse_number = ""  # of the nurse who wants this call
        self._file = f"{parts.now():%Y-%m-%d}/{attempt_id}.wav"
        self._noise = HeldNoise()
        self._recorder = parts.new_recorder(parts.recordings / self._file)
        self._reply = Reply(sentences=())
        self._asking = Asking(attempt_id, parts, self._recorder.began_at)
        self._ear.overhears, self._ear.listened = self._overheard, self._listened

    # the wire's callbacks

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        can_wait = self._door.closed and self._ear.can_wait(ulaw)
        for sound, since_ms in self._noise.add(ulaw, at_ms, noise=can_wait):
            self._hear(sound, since_ms / 1000)
        self._ear.held_seconds = self._noise.seconds

    def _hear(self, ulaw: bytes, at: float) -> None:
        self._ear.held_seconds = 0.0
        since, played = self._mouth.playback.until(at + len(ulaw) / ULAW_RATE_HZ)
        self._recorder.robot(played, since)
        self._recorder.patient(ulaw, at)  # last: its time is what puts both on disk
        self._echo.hear(ulaw, played)
        self._interruption.heard(ulaw)
        self._ear.hear(ulaw, at)

    def _listened(self) -> None:
        """The ear has judged what it was given."""
        self._mouth.tick(self._ear.now)
        self._interruption.look()
        self._door.heard()

    def guessed(self, answered_by: str) -> None:
        """Who answered, in the carrier's words."""
        self._door.guessed(answered_by)

    def _overheard(self, words: Utterance) -> None:
        """Words that may go on: a danger in them does not wait for the rest. Of a person only, who was greeted."""
        if self._greeted and self._door.machine is None and not self._handed_over:
            self._asking.overhear(words, self._question_out_at(self._reply))

    @property
    def partial(self) -> str:
        """What the patient is saying at this moment, as far as it is understood."""
        return self._ear.saying

    def take_over(self, number: str) -> bool:
        """A nurse wants the patient on that telephone: the robot says so and connects them. False while nobody has been
        greeted yet, and once the line is gone or handed over."""
        if not self._greeted or self._handed_over or self._listening.gone.is_set() or self._reply.end:
            return False
        self._nurse_number = number
        self._listening.want()
        self._interruption.key()
        return True

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
        came_back = await self._asking.begin()
        self._unknown, self._came_back = came_back is None, bool(came_back)
        if not self._unknown:
            await self._asking.note_recording(self._file, 0.0)
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
                    if given.unsaid and self._door.machine is None:
                        await self._asking.receive(given)
                    await self._line.hang_up()
                    return
                if reply.transfer is not None:
                    given = await self._connect()
                if self._handed_over:
                    return
                if given.kind is TurnKind.HANGUP:
                    return
                machine = given.kind is TurnKind.MACHINE
                reply = await (self._machine(reply) if machine else self._asking.receive(given))
        except LineClosed:
            self._listening.line_closed()

    async def _put(self, reply: Reply) -> Given:
        """Says the reply and waits for what it brings."""
        try:
            return await self._put_whole(reply)
        except VoiceFailed:
            return Given(TurnKind.UNHEARD, unsaid=True)

    async def _put_whole(self, reply: Reply) -> Given:
        """Stopped for nothing, it goes on from the phrase that was cut. Raises VoiceFailed."""
        if reply.interruptible and (wanted := self._listening.nurse_wants()):
            return wanted
        all_said = await self._say(self._mouth.say(reply.sentences, slow=reply.slower, loud=reply.louder))
        while not all_said and not reply.end and self._door.machine is None:
            given = await self._listening.after_stop(reply, self._question_out_at(reply))
            if given is not None:
                return self._door.answered(given)
            self._interruption.was_nothing()
            all_said = await self._say(self._mouth.resume())
        if reply.end or reply.transfer:
            return Given(TurnKind.HANGUP)
        self._door.asked()
        if self._door.machine is not None:
            return self._door.words()
        out_at = self._question_out_at(reply)
        lost = out_at is None  # its mark
        return self._door.answered(await self._listening.next(reply, self._ear.now if lost else out_at))

    async def _connect(self) -> Given:
        """Hands the line to the nurse's telephone once her screen shows why; what is left is hers, unless the carrier
        refuses."""
        nurse = self._parts.nurse
        try:
            number = self._nurse_number or (nurse.number if nurse else "")
            if nurse is None or not number:
                raise TransferFailed("no_line")
            await nurse.told()
            await self._line.transfer(number, nurse.ring_seconds)
        except TransferFailed as error:
            log.warning("call not transferred: attempt=%s code=%s", self._attempt_id, error.code)
            return Given(TurnKind.TRANSFER, TRANSFER_NOT_TAKEN)
        self._handed_over = True
        with contextlib.suppress(TimeoutError):  # the carrier closes the line: closing it first would end the call
            await asyncio.wait_for(self._listening.gone.wait(), HAND_OVER_SECONDS)
        return Given(TurnKind.HANGUP)

    async def _opening(self) -> Reply:
        """What the robot says first: to a person, or to a machine."""
        if self._unknown:
            return self._asking.apology
        if self._came_back:
            self._greeted = True
            self._door.close()
            return await self._asking.receive(Given(TurnKind.TRANSFER, TRANSFER_NOT_TAKEN))
        await self._door.opens()
        return await self._machine() if self._door.machine else await self._greeting()

    async def _greeting(self) -> Reply:
        if self._door.wordy:  # a machine put the call through, or fetched a person
            await self._asking.machine(self._door.words(), None, sure=True)
        self._greeted = True
        self._door.greets()
        return await self._asking.receive(Given(TurnKind.START))

    async def _machine(self, said: Reply | None = None) -> Reply:
        """What a machine hears, or the person it fetched; `said` is what was said before it was known for one."""
        verdict = await self._door.hears_out()
        if verdict is None:
            return await self._greeting()
        log.info("a machine answered: attempt=%s outcome=%s by=%s", self._attempt_id, verdict.outcome, verdict.by)
        sure = verdict.by is not By.RHYTHM
        reply = await self._asking.machine(self._door.words(), verdict.outcome, sure=sure)
        if reply is not None:
            return reply
        self._door.give_back()
        if said is None:
            return await self._greeting()
        return await self._asking.receive(await self._listening.next(said))

    async def _say(self, saying: Coroutine[None, None, bool]) -> bool:
        """False when the patient interrupted. Raises VoiceFailed."""
        if self._listening.gone.is_set():
            saying.close()
            raise LineClosed
        try:
            return await saying
        finally:
            await self._asking.note_reply(self._mouth.playback.began)

    def _question_out_at(self, reply: Reply) -> float | None:
        """Line time from which words can be an answer to this reply's question; None when it was not heard."""
        if not reply.sentences or self._mouth.playback.began is None:
            return 0.0
        return self._mouth.question_out_at

    # the end

    async def _close(self) -> None:
        """Keeps the last words and the recording, then tells the conversation that the line is gone."""
        for sound, since_ms in self._noise.rest():
            self._hear(sound, since_ms / 1000)
        last = await self._listening.rest(self._question_out_at(self._reply))
        await self._asking.overheard()
        if not await self._machine_has_left(last):
            await self._left(last)
        if self._asking.words_awaited:  # half a danger may stand, and its end was not made out
            await self._asking.receive(Given(TurnKind.UNHEARD))
        seconds = self._recorder.close()
        await self._asking.make_good()
        await self._asking.note_recording(self._file, seconds)

    async def _left(self, last: Given | None) -> None:
        if self._handed_over:
            if last is not None and last.text:
                await self._asking.receive(last)
        elif not self._reply.end:
            if not self._greeted:
                await self._asking.receive(Given(TurnKind.START))
            if last is not None and (last.text or last.failed):
                await self._asking.receive(last)
            await self._asking.receive(Given(TurnKind.HANGUP))
        elif last is not None and last.text:
            await self._asking.receive(last)

    async def _machine_has_left(self, last: Given | None) -> bool:
        """A machine that hung up by itself; False for a person."""
        if self._reply.end:
            return self._door.machine is not None  # it was told already
        verdict = self._door.left(last)
        if verdict is None:
            return False
        words = self._door.words()
        log.info("a machine has left: attempt=%s outcome=%s by=%s", self._attempt_id, verdict.outcome, verdict.by)
        if await self._asking.machine(words, verdict.outcome, sure=verdict.by is not By.RHYTHM) is None:
            await self._left(replace(words, kind=TurnKind.SPEECH))
        return True
