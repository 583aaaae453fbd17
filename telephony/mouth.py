"""The robot's voice on one line: plays sentences, knows what the patient has really heard, stops at once."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from agent.speech.pace import delivered
from telephony.line import FRAME_BYTES, Line
from telephony.playback import ULAW_SILENCE, Playback

BYTES_PER_SECOND = 8_000
MARK_GRACE_SECONDS = 3.0  # a carrier that loses a mark must not leave the call waiting


class Prompts(Protocol):
    async def ulaw(self, text: str) -> bytes:
        """8 kHz mu-law of one sentence."""
        ...


class Mouth:
    """Says one reply at a time; `playback` mirrors what the carrier plays of it."""

    def __init__(self, line: Line, prompts: Prompts) -> None:
        self._line, self._prompts = line, prompts
        self.playback = Playback()
        self._marks: dict[str, asyncio.Event] = {}
        self._stopped = asyncio.Event()
        self._count = 0
        self.talking = False

    async def say(self, sentences: Sequence[str], *, slow: bool = False, loud: bool = False) -> bool:
        """Plays the sentences in order; True when all was played, False when interrupted. Raises LineClosed and
        the prompt source's own errors."""
        self._stopped.clear()
        self.talking = True
        self.playback.expect()
        renders = [asyncio.ensure_future(self._prompts.ulaw(sentence)) for sentence in sentences]
        seconds = 0.0
        try:
            for render in renders:
                ulaw = _whole_frames(delivered(await render, slow=slow, loud=loud))  # 4 ms for a second of sound
                if self._stopped.is_set():
                    return False
                self.playback.add(ulaw)
                await self._line.play(ulaw)
                seconds += len(ulaw) / BYTES_PER_SECOND
            return await self._played(seconds)
        finally:
            self.talking = False
            for render in renders:
                render.cancel()

    async def _played(self, seconds: float) -> bool:
        self._count += 1
        name = f"said-{self._count}"
        heard = self._marks[name] = asyncio.Event()
        await self._line.mark(name)
        waits = [asyncio.ensure_future(heard.wait()), asyncio.ensure_future(self._stopped.wait())]
        try:
            await asyncio.wait(waits, timeout=seconds + MARK_GRACE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            self._marks.pop(name, None)
        return not self._stopped.is_set()

    async def stop(self) -> None:
        """Barge-in: drops what the patient has not heard yet."""
        self._stopped.set()
        self.playback.clear()
        await self._line.clear()

    def marked(self, name: str) -> None:
        if name in self._marks:
            self._marks[name].set()


def _whole_frames(ulaw: bytes) -> bytes:
    """Filled up as a line fills it up, so that what is mirrored is as long as what is played."""
    return ulaw + ULAW_SILENCE * (-len(ulaw) % FRAME_BYTES)
