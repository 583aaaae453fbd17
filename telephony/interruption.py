"""When the patient's voice or a key lowers or stops the robot's."""

import asyncio
import contextlib
from collections.abc import Coroutine

from agent.speech.backchannels import is_sure
from agent.speech.barge_in import Manners, Overlap, Politeness, manners
from telephony.ear import Ear, Utterance
from telephony.line import LineClosed
from telephony.mouth import Mouth
from telephony.nearness import Nearness

SHORTEST_WORD_SECONDS = 0.2
MOST_FALSE_ALARMS = 2  # in one reply; after them only words stop it


class Interruption:
    """Watches one line; `allowed` is the question's own rule."""

    def __init__(self, mouth: Mouth, ear: Ear, politeness: Politeness | None = None) -> None:
        self._mouth, self._ear = mouth, ear
        self._politeness = politeness or Politeness()
        self._nearness = Nearness()
        self._stopping: asyncio.Task[None] | None = None
        self._lowering: asyncio.Task[None] | None = None
        self._near_at = -1.0  # line time at which somebody was near last
        self._near = False  # the present run of speech was near once
        self._lowered = False
        self._false_alarms = 0
        self.allowed = True

    def new_reply(self, *, allowed: bool) -> None:
        self.allowed, self._false_alarms, self._lowered = allowed, 0, False

    def was_nothing(self) -> None:
        """What stopped the robot was no speech."""
        self._false_alarms += 1
        self._lowered = False

    def heard(self, ulaw: bytes) -> None:
        """A frame of the patient's sound has come."""
        self._nearness.hear(ulaw)

    def look(self) -> None:
        """The ear has listened to what has come."""
        if not self._mouth.talking or not self.allowed:
            return
        match self._manners():
            case Manners.STOP:
                self.stop()
            case Manners.LOWER:
                self._lower(True)
            case Manners.GO_ON:
                self._lower(False)

    def key(self) -> None:
        """A key was pressed, or a nurse wants the call."""
        if self._mouth.talking and self.allowed:
            self.stop()

    def stop(self) -> None:
        """Stops the robot whatever the rule says: the line is gone."""
        if self._stopping is None or self._stopping.done():
            self._stopping = asyncio.ensure_future(self._quietly(self._mouth.stop()))

    def _manners(self) -> Manners:
        if self._told():
            return Manners.STOP
        ear = self._ear
        if not ear.speaking:
            return Manners.GO_ON
        worth = ear.run_seconds >= self._politeness.lower_seconds
        self._near = worth and (self._near or self._nearness.near)
        if self._near:
            self._near_at = ear.now
        decided = manners(Overlap(ear.run_seconds, ear.silent_seconds, ear.partial, self._near), self._politeness)
        worn_out = self._false_alarms >= MOST_FALSE_ALARMS and not ear.partial
        return Manners.LOWER if worn_out and decided is Manners.STOP else decided

    def _told(self) -> bool:
        """Words that were said over this reply are known, and they are no murmur."""
        began = self._mouth.playback.began
        return began is not None and any(said.audio.start >= began and self._tells(said) for said in self._ear.inbox)

    def _tells(self, said: Utterance) -> bool:
        """Words of somebody at the telephone; a tenth of a second holds none, whatever was written down for it."""
        long_enough = said.audio.end - said.audio.start >= SHORTEST_WORD_SECONDS
        return long_enough and said.audio.start <= self._near_at and is_sure(said.text, said.confidence)

    def _lower(self, lowered: bool) -> None:
        busy = self._lowering is not None and not self._lowering.done()
        if lowered != self._lowered and not busy:
            self._lowered = lowered
            self._lowering = asyncio.ensure_future(self._quietly(self._mouth.lower(lowered)))

    async def _quietly(self, act: Coroutine[None, None, None]) -> None:
        with contextlib.suppress(LineClosed):
            await act
