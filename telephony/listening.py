"""What a call waits for: speech (joined while the patient goes on), keys, silence, or the line's end."""

import asyncio
import contextlib
from collections.abc import Callable

from agent.model.turn import AudioSpan, Expect, Reply, TurnKind
from telephony.ear import Ear, Utterance
from telephony.given import Given, early, is_nothing, joined

EARLY_GRACE_SECONDS = 1.2  # 喂？ during the greeting: the answer to the question is about to come
LONGEST_COURTESY_SECONDS = 4.0
MOST_JOINED = 4  # utterances joined into one turn when the patient goes on after a pause
SAID_SOMETHING_SECONDS = 2.5  # after a short sound without words: a cough is followed by the answer, 漱了 by nothing
DIGITS_PAUSE_SECONDS = 2.5  # a number on the keypad ends with # or this pause

NewEar = Callable[[Callable[[], None]], Ear]
"""(called when speech begins and when an utterance is ready) -> the ear of one line."""


class Listening:
    """Collects what comes from the patient, in order; nothing said or typed between two `next` is lost."""

    def __init__(self, new_ear: NewEar) -> None:
        self._changed = asyncio.Event()  # something happened that a waiting `next` must look at
        self._digits: asyncio.Queue[str] = asyncio.Queue()
        self.ear = new_ear(self._changed.set)
        self.gone = asyncio.Event()  # the line is closed
        self.wanted = False  # a nurse wants the call
        self._short: AudioSpan | None = None  # the latest sound after the question that was too short to be judged

    def key(self, digit: str) -> None:
        self._digits.put_nowait(digit)
        self._changed.set()

    def want(self) -> None:
        """A nurse wants the call: the next input, after what was said and typed until now."""
        self.wanted = True
        self._changed.set()

    def line_closed(self) -> None:
        self.gone.set()
        self._changed.set()

    async def next(self, reply: Reply, question_out_at: float | None = 0.0) -> Given:
        """The next input after this reply was said; its question was out at that line time (None: never). A sound too
        short to be judged is an answer not understood where nothing follows it, and no silence."""
        self._short = None
        while True:
            given = await self._at_hand(reply, question_out_at, grace=EARLY_GRACE_SECONDS)
            if given is not None:
                return given
            patience = min(reply.patience_seconds, SAID_SOMETHING_SECONDS) if self._short else reply.patience_seconds
            if not await self._something_happens(patience):
                return Given(TurnKind.UNHEARD, audio=self._short) if self._short else Given(TurnKind.SILENCE)

    async def after_stop(self, reply: Reply, question_out_at: float | None) -> Given | None:
        """What stopped the robot; None when it was nothing: a cough, a murmur, a television."""
        while self.ear.busy and not self.ear.inbox and self._digits.empty() and not self._interrupted:
            self._changed.clear()
            await self._changed.wait()
        given = await self._at_hand(reply, question_out_at)
        return None if is_nothing(given) else given

    async def quiet(self) -> None:
        """Waits until nobody speaks, but not for ever: the robot does not begin while the patient is speaking."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_COURTESY_SECONDS):
                while self.ear.speaking and not self.gone.is_set():
                    self._changed.clear()
                    await self._changed.wait()

    async def _at_hand(self, reply: Reply, question_out_at: float | None, grace: float = 0.0) -> Given | None:
        while self.ear.inbox:
            given = await self._collect(question_out_at, grace)
            if given is not None:
                return given
        if not self._digits.empty():
            return Given(TurnKind.DIGITS, await self._keys(reply))
        if self.gone.is_set():
            return Given(TurnKind.HANGUP)
        return self.nurse_wants()

    def nurse_wants(self) -> Given | None:
        """Once for each wish."""
        wanted, self.wanted = self.wanted, False
        return Given(TurnKind.TAKE_OVER) if wanted else None

    @property
    def _interrupted(self) -> bool:
        return self.gone.is_set() or self.wanted

    async def rest(self, question_out_at: float | None) -> Given | None:
        """The line is gone: what was said last and not taken yet."""
        return joined(await self.ear.close(), question_out_at)

    async def _something_happens(self, patience_seconds: float) -> bool:
        """False when nobody spoke, typed or hung up for that long; while somebody speaks there is no clock."""
        while True:
            self._changed.clear()
            if self.ear.inbox or not self._digits.empty() or self._interrupted:
                return True
            try:
                await asyncio.wait_for(self._changed.wait(), None if self.ear.busy else patience_seconds)
            except TimeoutError:
                return self.ear.busy

    async def _collect(self, question_out_at: float | None, grace: float) -> Given | None:
        """Joins utterances while the patient goes on speaking, or will: words in mid-air, or said before the question
        was out, are given a moment for what follows. None when it was only a cough."""
        parts = [self.ear.inbox.popleft()]
        while len(parts) < MOST_JOINED and not self.gone.is_set():
            if self.ear.inbox:
                parts.append(self.ear.inbox.popleft())
            elif self.ear.busy:
                await self._until_changed(None)
            elif not await self._until_changed(self._moment(parts, question_out_at, grace)):
                break
        given = joined(parts, question_out_at)
        answers = not early(parts[-1], question_out_at)
        self._short = parts[-1].audio if given is None and answers else None
        return given

    def _moment(self, parts: list[Utterance], question_out_at: float | None, grace: float) -> float:
        """Seconds given for more: the pause allowed in mid-air, less the silence there has been already."""
        last = parts[-1]
        left = self.ear.silence_allowed(last.text) - (self.ear.now - last.audio.end) if last.text else 0.0
        early_words = all(early(part, question_out_at) for part in parts)
        return max(left, grace if early_words else 0.0)

    async def _until_changed(self, seconds: float | None) -> bool:
        """False when nothing happened for so long."""
        self._changed.clear()
        if seconds is not None and seconds <= 0:
            return False
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return False
        return True

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
