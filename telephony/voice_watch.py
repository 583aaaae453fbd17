"""Sound in by blocks, voice activity out. The line's own steady noise is neither upsampled nor judged: it is most of
what a call brings, and the work on it most of what a call costs."""

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from agent.speech.ports import PCM_RATE_HZ
from agent.speech.stillness import Stillness
from agent.speech.ulaw import ULAW_RATE_HZ, energy
from agent.speech.vad import CHUNK_SECONDS, AnyVad, PatientVad, VadFrame

BLOCK_BYTES = round(CHUNK_SECONDS * ULAW_RATE_HZ)  # of mu-law: what voice activity judges at once
_SAME_SECONDS = 0.001
_KEPT_BLOCKS = 6  # of the noise before a sound: upsampled and judged with it, so that it does not come out of nothing


class Upsampling(Protocol):
    def feed(self, ulaw: bytes) -> bytes:
        """8 kHz mu-law in, 16 kHz PCM out."""
        ...


@dataclass(frozen=True, slots=True)
class Watched:
    """`voice`: for each stretch judged its end, seconds of sound fed, and the probability of speech. `pcm` (16 kHz)
    follows that of the one before, unless `rested`: noise was left out between them."""

    pcm: bytes
    voice: tuple[tuple[float, float], ...]
    rested: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """A block, and what the upsampler gave for it where it was wanted all the same: nothing or the sound of several
    blocks, since it gives out in lumps."""

    ulaw: bytes
    pcm: bytes | None = None


class Listener(Protocol):
    """Whom the watch tells, in the order of the sound."""

    @property
    def speaking(self) -> bool:
        """All of the sound is wanted, be it noise."""
        ...

    def watched(self, watched: Watched) -> None: ...

    def caught_up(self) -> None:
        """All that was fed was told."""
        ...


class VoiceWatch:
    """One line's; time counts what was fed, so a gap in the sound must be fed as silence."""

    def __init__(self, vad: AnyVad, upsampler: Upsampling) -> None:
        self._patient = vad if isinstance(vad, PatientVad) else None
        self._prompt = None if isinstance(vad, PatientVad) else vad
        self._upsampler, self._stillness = upsampler, Stillness()
        self._waiting = bytearray()  # less than a block, or what follows a block that is being judged
        self.judging = False  # the last block fed is not told yet
        self._kept: deque[_Kept] = deque()  # still blocks that a sound may yet need
        self._left_out = 0.0  # seconds of still sound that were never judged
        self._rested = False
        self._told = 0.0  # seconds that were spoken about

    def feed(self, ulaw: bytes, listener: Listener) -> None:
        """Tells what the blocks that are whole now hold, at once or as soon as it is known."""
        self._waiting += ulaw
        self._go_on(listener)

    def settle(self) -> None:
        """What is being judged is told now."""
        if self._patient is not None:
            self._patient.settle()

    def _go_on(self, listener: Listener) -> None:
        while len(self._waiting) >= BLOCK_BYTES and not self.judging:
            block = bytes(self._waiting[:BLOCK_BYTES])
            del self._waiting[:BLOCK_BYTES]
            still = self._stillness.holds(energy(block))
            if not still:
                self._judge(block, listener)
            elif listener.speaking:
                listener.watched(self._keep(_Kept(block, self._upsampler.feed(block))))
            else:
                listener.watched(self._keep(_Kept(block)))
        if not self.judging:
            listener.caught_up()

    @property
    def soft_chunks(self) -> int:
        """How many blocks in a row up to the latest are hardly louder than the line's noise; unlike the probability of
        speech this falls with the last syllable."""
        return self._stillness.soft_chunks

    def still(self, ulaw: bytes) -> bool:
        """Only the line's own noise is in the sound, which is not fed yet."""
        return self._stillness.would_hold(energy(ulaw))

    def rest(self) -> bytes:
        """PCM of what is less than a block, at the end of the line."""
        pcm = self._upsampler.feed(bytes(self._waiting))
        self._waiting.clear()
        return pcm

    def _keep(self, still: _Kept) -> Watched:
        if len(self._kept) == _KEPT_BLOCKS:
            self._leave_out(self._kept.popleft())
        self._kept.append(still)
        self._told += CHUNK_SECONDS
        return Watched(still.pcm or b"", ((self._told, 0.0),))

    def _leave_out(self, kept: _Kept) -> None:
        self._rested |= kept.pcm is None
        self._left_out += CHUNK_SECONDS if kept.pcm is None else len(kept.pcm) / (2 * PCM_RATE_HZ)

    def _judge(self, block: bytes, listener: Listener) -> None:
        known = b"".join(kept.pcm or b"" for kept in self._kept)
        pcm = self._upsampler.feed(b"".join([*(kept.ulaw for kept in self._kept if kept.pcm is None), block]))
        self._kept.clear()
        if self._patient is not None and self._patient.ask(known + pcm, partial(self._judged_later, pcm, listener)):
            self.judging = True
        else:
            self._judged(pcm, listener, self._prompt.feed(known + pcm) if self._prompt is not None else [])

    def _judged_later(self, pcm: bytes, listener: Listener, frames: list[VadFrame]) -> None:
        self.judging = False
        self._judged(pcm, listener, frames)
        self._go_on(listener)

    def _judged(self, pcm: bytes, listener: Listener, frames: list[VadFrame]) -> None:
        voice = []
        for frame in frames:
            at = frame.at + self._left_out
            self._stillness.judged(frame.probability)
            if at > self._told + _SAME_SECONDS:
                self._told = at
                voice.append((at, frame.probability))
        rested, self._rested = self._rested, False
        listener.watched(Watched(pcm, tuple(voice), rested))
