"""One telephone line on virtual time: the patient's side is a track of sound, the robot's side a log."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from agent.speech.onnx_vad import new_vad
from agent.speech.ports import Recogniser
from agent.speech.segmenter import Segmenter
from agent.speech.ulaw import ULAW_SILENCE, decode, encode
from machine.virtual_time import BEGINNING, run_virtual
from telephony.audio import Upsampler
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from telephony.line import FRAME_BYTES, FRAME_SECONDS, LineClosed, TransferFailed
from telephony.mouth import Prompts
from tests.fakes.one_call import Talk, Tape

ECHO_FRAMES, ECHO = 6, 0.1  # 120 ms later, 20 dB softer


@dataclass
class Track:
    """Plays `sound` (8 kHz mu-law) as the patient's side until it ends, then hangs up."""

    sound: bytes
    echo: bool = False
    log: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._queued = bytearray()
        self._marks: list[tuple[int, str]] = []
        self._played = self._handed = 0
        self._late = [bytes([ULAW_SILENCE]) * FRAME_BYTES] * ECHO_FRAMES
        self.closed = False

    def _note(self, what: str) -> None:
        if self.closed:
            raise LineClosed
        self.log.append((asyncio.get_running_loop().time(), what))

    async def play(self, ulaw: bytes) -> None:
        self._note("play")
        self._queued += ulaw
        self._handed += len(ulaw)

    async def mark(self, name: str) -> None:
        self._marks.append((self._handed, name))

    async def clear(self) -> None:
        self._note("clear")
        self._queued.clear()
        self._played = self._handed

    async def hang_up(self) -> None:
        self.closed = True

    async def transfer(self, to: str, ring_seconds: int) -> None:
        raise TransferFailed("no_line")

    async def drive(self, call: PhoneCall) -> None:
        running = asyncio.ensure_future(call.run())
        for number in range(len(self.sound) // FRAME_BYTES):
            if running.done():
                break
            call.heard(self._frame(number), round(number * FRAME_SECONDS * 1000))
            for due, name in [mark for mark in self._marks if mark[0] <= self._played]:
                self._marks.remove((due, name))
                call.marked(name)
            await asyncio.sleep(FRAME_SECONDS)
        self.closed = True
        call.ended()
        await running

    def _frame(self, number: int) -> bytes:
        said = self.sound[number * FRAME_BYTES : (number + 1) * FRAME_BYTES]
        robot = bytes(self._queued[:FRAME_BYTES])
        del self._queued[:FRAME_BYTES]
        self._played += len(robot)
        self._late.append(robot.ljust(FRAME_BYTES, bytes([ULAW_SILENCE])))
        back = decode(self._late.pop(0))
        if not self.echo:
            return said
        mixed = decode(said).astype(np.float64) + ECHO * back
        return encode(np.clip(mixed, -32_768, 32_767).astype(np.int16))

    def stops(self) -> list[float]:
        """When the robot fell silent: a clear that nothing followed at once."""
        return [at for at, what in self.log if what == "clear" and (at, "play") not in self.log]

    def clears(self) -> list[float]:
        return [at for at, what in self.log if what == "clear"]


def call(track: Track, talk: Talk, prompts: Prompts, recogniser: Recogniser) -> None:
    """The whole call with real voice activity and turn-taking, in as much time as the work takes."""

    async def main() -> None:
        parts = CallParts(
            conversation=talk,
            prompts=prompts,
            new_ear=lambda on_change: Ear(recogniser, new_vad(), Segmenter(), Upsampler(), on_change),
            new_recorder=lambda path: Tape(),
            recordings=Path(),
            now=lambda: BEGINNING,
            new_id=iter(f"turn-{n}" for n in range(1000)).__next__,
            apology="",
        )
        await track.drive(PhoneCall(track, "attempt", parts))

    run_virtual(main())
