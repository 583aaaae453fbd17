"""Voice activity of all calls of one event loop: what comes within a few milliseconds is judged in one run of the
network, whose weights are then read once and not once for each call."""

import asyncio
from collections import deque
from collections.abc import Callable

import numpy as np

from agent.speech.silero_network import SileroCall, SileroNetwork, SileroRun
from agent.speech.vad import CHUNK_SAMPLES, CHUNK_SECONDS, VadFrame

TICK_SECONDS = 0.004  # how long a chunk waits for others': 150 calls bring some eight in that time
_MOST_AT_ONCE = 16  # more are judged in several runs: what is computed in between stays near the processor too
_CHUNK_BYTES = 2 * CHUNK_SAMPLES


class VadTogether:
    """`scale`: by what the network's figures are multiplied."""

    def __init__(self, network: SileroNetwork, scale: float) -> None:
        self._run, self._scale = SileroRun(network, _MOST_AT_ONCE), scale
        self._asking: deque[OneOfMany] = deque()
        self._judged: deque[tuple[OneOfMany, float]] = deque()
        self._tick: asyncio.TimerHandle | None = None

    def new_vad(self) -> "OneOfMany":
        return OneOfMany(self)

    def add(self, asking: "OneOfMany") -> None:
        """Its chunk is judged with those that come until the tick."""
        self._asking.append(asking)
        self._await_tick()

    def settle(self) -> None:
        """Judges what waits, and what is asked in answer to that; each is told, whatever becomes of another's call."""
        if self._tick is not None:
            self._tick.cancel()
        self._tick = None
        try:
            while self._judged or self._asking:
                if not self._judged:
                    self._judge()
                asked, probability = self._judged.popleft()
                asked.judged(probability)
        finally:
            if self._judged or self._asking:
                self._await_tick()

    def _judge(self) -> None:
        together = [self._asking.popleft() for _ in range(min(len(self._asking), _MOST_AT_ONCE))]
        raw = self._run.judge([each.call for each in together], [each.chunk for each in together])
        self._judged.extend((each, min(1.0, self._scale * one)) for each, one in zip(together, raw, strict=True))

    def _await_tick(self) -> None:
        if self._tick is None:
            self._tick = asyncio.get_running_loop().call_later(TICK_SECONDS, self.settle)


class OneOfMany:
    """One call's; a PatientVad."""

    def __init__(self, together: VadTogether) -> None:
        self._together = together
        self.call = SileroCall()
        self.chunk = np.zeros(0, np.int16)  # that waits
        self._rest = b""
        self._chunks = 0
        self._frames: list[VadFrame] = []
        self._told: Callable[[list[VadFrame]], None] | None = None

    def ask(self, pcm: bytes, told: Callable[[list[VadFrame]], None]) -> bool:
        self._rest += pcm
        if len(self._rest) < _CHUNK_BYTES:
            return False
        self._told = told
        self._go_on()
        return True

    def judged(self, probability: float) -> None:
        """Of the chunk that waited."""
        self._chunks += 1
        self._frames.append(VadFrame(self._chunks * CHUNK_SECONDS, probability))
        self._go_on()

    def settle(self) -> None:
        if self._told is not None:
            self._together.settle()

    def _go_on(self) -> None:
        if len(self._rest) >= _CHUNK_BYTES:
            self.chunk = np.frombuffer(self._rest, np.int16, CHUNK_SAMPLES)
            self._rest = self._rest[_CHUNK_BYTES:]
            self._together.add(self)
            return
        told, self._told, frames, self._frames = self._told, None, self._frames, []
        if told is not None:
            told(frames)
