"""When the patient's voice or a key stops the robot."""

import asyncio
import contextlib

from telephony.ear import Ear
from telephony.line import LineClosed
from telephony.mouth import Mouth

BARGE_IN_SECONDS = 0.30  # shorter speech over the robot is a cough or a 嗯


class Interruption:
    """Watches one line; `allowed` is the question's own rule."""

    def __init__(self, mouth: Mouth, ear: Ear) -> None:
        self._mouth, self._ear = mouth, ear
        self._stopping: asyncio.Task[None] | None = None
        self.allowed = True

    def heard(self) -> None:
        """A frame of the patient's sound has come."""
        if self._mouth.talking and self.allowed and self._ear.speech_seconds >= BARGE_IN_SECONDS:
            self.stop()

    def key(self) -> None:
        if self._mouth.talking and self.allowed:
            self.stop()

    def stop(self) -> None:
        """Stops the robot whatever the rule says: the line is gone."""
        if self._stopping is None or self._stopping.done():
            self._stopping = asyncio.ensure_future(self._stop())

    async def _stop(self) -> None:
        with contextlib.suppress(LineClosed):
            await self._mouth.stop()
