"""One phone call, carrier-neutral: audio → speech → conversation → voice, until somebody hangs up.

The patient's words reach `conversation.receive` in the order they were said; nothing said during a prompt is lost.
The robot never starts a reply while the patient is speaking, and stops when the patient speaks over it.
"""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.model.clock import NewId, Now
from agent.model.contact import Channel
from agent.model.turn import AudioSpan, Expect, Hypothesis, Origin, Reply, Turn, TurnKind
from agent.speech.ports import VoiceFailed
from telephony.ear import Ear, Utterance
from telephony.line import Line, LineClosed
from telephony.mouth import Mouth, Prompts

log = logging.getLogger("suifang.call")

BARGE_IN_SECONDS = 0.30  # shorter speech over the robot is a cough or a 嗯
COUGH_SECONDS = 0.60  # an unrecognised sound shorter than this is not an utterance
LONGEST_CALL_SECONDS = 1200.0
MOST_JOINED = 4  # utterances joined into one turn when the patient goes on after a pause
DIGITS_PAUSE_SECONDS = 2.5  # a number on the keypad ends with # or this pause


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


class Recorder(Protocol):
    def patient(self, ulaw: bytes, at_seconds: float) -> None: ...

    def robot(self, ulaw: bytes, at_seconds: float) -> None: ...

    def close(self) -> float: ...


@dataclass(frozen=True, slots=True)
class CallParts:
    """What every call is made of; one value per process."""

    conversation: Conversing
    prompts: Prompts
    new_ear: Callable[[Callable[[], None]], Ear]
    new_recorder: Callable[[Path], Recorder]
    recordings: Path
    now: Now
    new_id: NewId
    apology: str  # approved sentence for when nothing else works


@dataclass(frozen=True, slots=True)
class Given:
    """One input of the patient before it is a Turn."""

    kind: TurnKind
    text: str = ""
    hypotheses: tuple[Hypothesis, ...] = ()
    audio: AudioSpan | None = None
    failed: str | None = None


class PhoneCall:
    """A telephony.line.CallHandler for one attempt."""

    def __init__(self, line: Line, attempt_id: str, parts: CallParts) -> None:
        self._line, self._attempt_id, self._parts = line, attempt_id, parts
        self._mouth = Mouth(line, parts.prompts)
        self._ear = parts.new_ear(self._look_again)
        self._file = f"{parts.now():%Y-%m-%d}/{attempt_id}.wav"
        self._recorder = parts.new_recorder(parts.recordings / self._file)
        self._digits: asyncio.Queue[str] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._changed = asyncio.Event()  # something happened that a waiting `_listen` must look at
        self._reply = Reply(sentences=())
        self._contact_id = ""
        self._stopping: asyncio.Task[None] | None = None

    # the wire's callbacks

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        at = at_ms / 1000
        self._recorder.patient(ulaw, at)
        self._recorder.robot(self._mouth.heard_now(len(ulaw)), at)
        self._ear.hear(ulaw, at)
        if self._mouth.talking and self._reply.interruptible and self._ear.speech_seconds >= BARGE_IN_SECONDS:
            self._interrupt()

    def digit(self, digit: str) -> None:
        self._digits.put_nowait(digit)
        self._changed.set()
        if self._mouth.talking and self._reply.interruptible:
            self._interrupt()

    def marked(self, name: str) -> None:
        self._mouth.marked(name)

    def ended(self) -> None:
        self._gone.set()
        self._changed.set()
        self._interrupt()

    def _look_again(self) -> None:
        self._changed.set()

    def _interrupt(self) -> None:
        if self._stopping is None or self._stopping.done():
            self._stopping = asyncio.ensure_future(self._stop_talking())

    async def _stop_talking(self) -> None:
        with contextlib.suppress(LineClosed):
            await self._mouth.stop()

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
                self._ear.expect_answer(reply.sentences[-1] if reply.sentences else "")
                await self._say(reply)
                if reply.end:
                    await self._line.hang_up()
                    return
                given = await self._listen(reply)
                if given.kind is TurnKind.HANGUP:
                    return
                reply = await self._receive(given)
        except LineClosed:
            self._gone.set()

    async def _say(self, reply: Reply) -> None:
        if self._gone.is_set():
            raise LineClosed
        try:
            await self._mouth.say(reply.sentences, slow=reply.slower, loud=reply.louder)
        except VoiceFailed:
            log.error("no voice could render a reply: attempt=%s", self._attempt_id)

    async def _receive(self, given: Given) -> Reply:
        """One turn. Named edge: whatever fails behind the conversation, the patient hears an approved sentence."""
        turn = self._turn(given)
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
        )

    # listening

    async def _listen(self, reply: Reply) -> Given:
        """The next input: speech (joined while the patient goes on), keys, silence, or the line's end."""
        while True:
            if self._ear.inbox:
                given = await self._collect()
                if given is not None:
                    return given
            if not self._digits.empty():
                return Given(TurnKind.DIGITS, await self._keys(reply))
            if self._gone.is_set():
                return Given(TurnKind.HANGUP)
            if not await self._something_happens(reply.patience_seconds):
                return Given(TurnKind.SILENCE)

    async def _something_happens(self, patience_seconds: float) -> bool:
        """False when nobody spoke, typed or hung up for that long; while somebody speaks there is no clock."""
        while True:
            self._changed.clear()
            if self._ear.inbox or not self._digits.empty() or self._gone.is_set():
                return True
            try:
                await asyncio.wait_for(self._changed.wait(), None if self._ear.busy else patience_seconds)
            except TimeoutError:
                return self._ear.busy

    async def _collect(self) -> Given | None:
        """Joins utterances while the patient goes on speaking; None when it was only a cough."""
        parts = [self._ear.inbox.popleft()]
        while len(parts) < MOST_JOINED and not self._gone.is_set() and (self._ear.busy or self._ear.inbox):
            self._changed.clear()
            if self._ear.inbox:
                parts.append(self._ear.inbox.popleft())
            else:
                await self._changed.wait()
        return joined(parts)

    async def _keys(self, reply: Reply) -> str:
        digits = self._digits.get_nowait()
        if reply.expect is not Expect.NUMBER and reply.expect is not Expect.IDENTITY:
            return digits
        while not digits.endswith("#"):
            try:
                digits += await asyncio.wait_for(self._digits.get(), DIGITS_PAUSE_SECONDS)
            except TimeoutError:
                break
        return digits.rstrip("#")

    # the end

    async def _close(self) -> None:
        """Keeps the last words and the recording, then tells the conversation that the line is gone."""
        parts = self._parts
        last = joined(await self._ear.close())
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


def joined(parts: list[Utterance]) -> Given | None:
    """One input from several utterances in a row; alternatives are kept when there is only one utterance."""
    worth = [part for part in parts if part.text or part.failed or part.audio.end - part.audio.start >= COUGH_SECONDS]
    if not worth:
        return None
    span = AudioSpan(worth[0].audio.start, worth[-1].audio.end)
    failed = next((part.failed for part in worth if part.failed), None)
    text = "，".join(part.text for part in worth if part.text)
    if failed is not None:
        return Given(TurnKind.UNHEARD, text, audio=span, failed=failed)
    if not text:
        return Given(TurnKind.UNHEARD, audio=span)
    spoken = [part for part in worth if part.text]
    if len(spoken) == 1:
        return Given(TurnKind.SPEECH, text, spoken[0].hypotheses, span)
    confidence = min(part.hypotheses[0].confidence for part in spoken)
    return Given(TurnKind.SPEECH, text, (Hypothesis(text, confidence), *_verified(spoken)), span)


def _verified(spoken: list[Utterance]) -> tuple[Hypothesis, ...]:
    """The whole input with one utterance in the words that were held against its sound; for each of these."""
    found = []
    for at, part in enumerate(spoken):
        for other in (h for h in part.hypotheses if h.origin is Origin.VERIFIED):
            texts = [other.text if here == at else each.text for here, each in enumerate(spoken)]
            found.append(Hypothesis("，".join(texts), other.confidence, other.origin))
    return tuple(found)
