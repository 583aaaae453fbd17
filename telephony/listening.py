"""What a call waits for: speech (joined while the patient goes on), keys, silence, or the line's end."""

import asyncio
from collections.abc import Callable

from agent.model.turn import Expect, Reply, TurnKind
from telephony.ear import Ear
from telephony.given import Given, joined

MOST_JOINED = 4  # utterances joined into one turn when the patient goes on after a pause
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

    def key(self, digit: str) -> None:
        self._digits.put_nowait(digit)
        self._changed.set()

    def line_closed(self) -> None:
        self.gone.set()
        self._changed.set()

    async def next(self, reply: Reply) -> Given:
        """The next input after this reply was said."""
        while True:
            if self.ear.inbox:
                given = await self._collect()
                if given is not None:
                    return given
            if not self._digits.empty():
                return Given(TurnKind.DIGITS, await self._keys(reply))
            if self.gone.is_set():
                return Given(TurnKind.HANGUP)
            if not await self._something_happens(reply.patience_seconds):
                return Given(TurnKind.SILENCE)

    async def rest(self) -> Given | None:
        """The line is gone: what was said last and not taken yet."""
        return joined(await self.ear.close())

    async def _something_happens(self, patience_seconds: float) -> bool:
        """False when nobody spoke, typed or hung up for that long; while somebody speaks there is no clock."""
        while True:
            self._changed.clear()
            if self.ear.inbox or not self._digits.empty() or self.gone.is_set():
                return True
            try:
                await asyncio.wait_for(self._changed.wait(), None if self.ear.busy else patience_seconds)
            except TimeoutError:
                return self.ear.busy

    async def _collect(self) -> Given | None:
        """Joins utterances while the patient goes on speaking; None when it was only a cough."""
        parts = [self.ear.inbox.popleft()]
        while len(parts) < MOST_JOINED and not self.gone.is_set() and (self.ear.busy or self.ear.inbox):
            self._changed.clear()
            if self.ear.inbox:
                parts.append(self.ear.inbox.popleft())
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
