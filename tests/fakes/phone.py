"""A scripted caller on a telephone line, for calls on virtual time: who speaks when is data."""

import asyncio
from dataclasses import dataclass, field

import numpy as np

from agent.model.turn import Hypothesis
from agent.speech.ports import PCM_RATE_HZ, Recognised, RecogniserFailed
from agent.speech.ulaw import decode, encode
from agent.speech.vad import CHUNK_SAMPLES, CHUNK_SECONDS, VadFrame
from telephony.line import FRAME_BYTES, FRAME_SECONDS, CallHandler, LineClosed, TransferFailed

ECHO_FRAMES = 6
SOFTER = encode((decode(bytes(range(256))) * 0.1).astype(np.int16))
VOICE, QUIET = b"\x10" * FRAME_BYTES, b"\xff" * FRAME_BYTES


@dataclass(frozen=True)
class Says:
    """The caller speaks from `start` for `seconds`; the recogniser understands `text` ("" nothing, None fails), and
    `so_far` after so many seconds of the utterance, pauses included."""

    start: float
    seconds: float
    text: str | None = ""
    so_far: tuple[tuple[float, str], ...] = ()


class ScriptedLine:
    """Plays robot audio in real (virtual) time, answers marks, and brings the caller's sound every 20 ms."""

    def __init__(
        self,
        script: list[Says],
        *,
        hangs_up_at: float | None = None,
        digits: dict[float, str] | None = None,
        echo: bool = False,
    ):
        self.script, self.hangs_up_at, self.digits = script, hangs_up_at, dict(digits or {})
        self.echo = echo  # the robot's own sound comes back 20 dB softer, 120 ms later
        self._sound = bytearray()  # what is queued at the carrier
        self._late = [QUIET] * ECHO_FRAMES
        self.refuses_transfer = False
        self.robot_until = 0.0
        self.closed = False
        self.log: list[tuple[float, str]] = []
        self._marks: list[tuple[float, str]] = []

    @property
    def _time(self) -> float:
        return asyncio.get_running_loop().time()

    def _check(self) -> None:
        if self.closed:
            raise LineClosed

    async def play(self, ulaw: bytes) -> None:
        self._check()
        self.log.append((self._time, "play"))
        self.robot_until = max(self.robot_until, self._time) + len(ulaw) / 8000
        self._sound += ulaw

    async def mark(self, name: str) -> None:
        self._check()
        self._marks.append((max(self.robot_until, self._time), name))

    async def clear(self) -> None:
        self._check()
        self.log.append((self._time, "clear"))
        self.robot_until = self._time
        self._sound.clear()
        self._marks = [(self._time, name) for _, name in self._marks]

    async def hang_up(self) -> None:
        self.log.append((self._time, "hang_up"))
        self.closed = True

    def _echo(self) -> bytes:
        frame = bytes(self._sound[:FRAME_BYTES]).ljust(FRAME_BYTES, b"\xff")
        del self._sound[:FRAME_BYTES]
        self._late.append(frame.translate(SOFTER))
        late = self._late.pop(0)
        return late if self.echo else QUIET

    async def transfer(self, to: str, ring_seconds: int) -> None:
        """The carrier takes the call and closes the line half a second later, or refuses."""
        self._check()
        self.log.append((self._time, f"transfer {to} {ring_seconds}"))
        if self.refuses_transfer:
            raise TransferFailed("carrier_down")
        self.hangs_up_at = self._time + 0.5

    async def drive(self, call: CallHandler) -> None:
        """The wire: 20 ms frames until somebody hangs up."""
        running = asyncio.ensure_future(call.run())
        while not self.closed and not running.done():
            now = self._time
            if self.hangs_up_at is not None and now >= self.hangs_up_at:
                self.closed = True
                call.ended()
                break
            speaks = any(say.start <= now < say.start + say.seconds for say in self.script)
            echo = self._echo()
            call.heard(VOICE if speaks else echo, round(now * 1000))
            for at in [at for at in self.digits if at <= now]:
                call.digit(self.digits.pop(at))
            for due, name in [mark for mark in self._marks if mark[0] <= now]:
                self._marks.remove((due, name))
                call.marked(name)
            await asyncio.sleep(FRAME_SECONDS)
        await running


class LoudVad:
    """Speech is whatever is not silence: for scripted sound only."""

    def __init__(self) -> None:
        self._rest, self._chunks = b"", 0

    def feed(self, pcm: bytes) -> list[VadFrame]:
        self._rest += pcm
        frames = []
        while len(self._rest) >= CHUNK_SAMPLES * 2:
            chunk, self._rest = self._rest[: CHUNK_SAMPLES * 2], self._rest[CHUNK_SAMPLES * 2 :]
            self._chunks += 1
            frames.append(VadFrame(self._chunks * CHUNK_SECONDS, 1.0 if any(chunk) else 0.0))
        return frames


class PlainUpsampler:
    """Doubles the bytes and keeps silence silent; no filter, no delay."""

    def feed(self, ulaw: bytes) -> bytes:
        return b"".join(b"\0\0\0\0" if byte == 0xFF else b"\x10\x10\x10\x10" for byte in ulaw)


class ScriptedRecogniser:
    """Understands the script's texts, one an utterance, after `seconds` of decoding."""

    name, streaming = "scripted", False

    def __init__(self, script: list[Says], seconds: float = 0.3) -> None:
        self._says = script
        self._seconds = seconds
        self.utterances = 0

    def utterance(self) -> "_ScriptedStream":
        say = self._says[self.utterances] if self.utterances < len(self._says) else Says(0.0, 0.0)
        self.utterances += 1
        return _ScriptedStream(say.text, self._seconds, list(say.so_far))

    async def close(self) -> None:
        return None


@dataclass
class _ScriptedStream:
    text: str | None
    seconds: float
    so_far: list[tuple[float, str]] = field(default_factory=list)
    fed: int = field(default=0)

    def feed(self, pcm: bytes) -> str | None:
        self.fed += len(pcm)
        told = None
        while self.so_far and self.so_far[0][0] <= self.fed / (2 * PCM_RATE_HZ):
            told = self.so_far.pop(0)[1]
        return told

    def speculate(self) -> None:
        return None

    async def finish(self) -> Recognised:
        await asyncio.sleep(self.seconds)
        if self.text is None:
            raise RecogniserFailed("scripted")
        return Recognised((Hypothesis(self.text, 0.9),) if self.text else (), self.seconds)

    def discard(self) -> None:
        return None
