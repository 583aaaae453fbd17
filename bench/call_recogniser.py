"""A recogniser on the call's own clock: it really decodes, and what that costs of one processor passes as call time."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from agent.hearing.verifier import Verifier
from agent.hearing.verifying_decoder import VerifyingDecoder
from agent.model.turn import Hypothesis
from agent.speech.choose import plan_recogniser
from agent.speech.decoding import Asking, Decoder
from agent.speech.ports import PCM_RATE_HZ, Recognised
from agent.speech.silence_since import hardly_a_sound_since, only_silence_since
from agent.speech.weights import WHISPER_BASE, ensure
from agent.speech.whisper_decoder import WhisperDecoder, WhisperSettings
from agent.triage import content
from agent.triage.reader import Reader
from folders import NLU_DATA


def whisper(data: Path) -> Decoder | None:
    """The product's own fallback recogniser with everything around it, or None where it is not installed."""
    choice = plan_recogniser(data, wanted="whisper")
    if choice.folder is None:
        return None
    bare = WhisperDecoder(ensure(WHISPER_BASE, data), WhisperSettings(workers=1))
    return VerifyingDecoder(bare, Verifier(Reader(content.load(NLU_DATA))))


class TimedRecogniser:
    """One decoding after the other on the spot; its processor time then passes on the loop's clock."""

    streaming = False

    def __init__(self, decoder: Decoder) -> None:
        self.name = "whisper on call time"
        self._decoder = decoder
        self.seconds: list[float] = []  # of processor time, each decoding

    def utterance(self) -> "_Stream":
        return _Stream(self)

    async def close(self) -> None:
        return None

    def decode(self, pcm: bytes, question: str) -> tuple[tuple[Hypothesis, ...], float]:
        decoder = self._decoder
        if question and isinstance(decoder, Asking):
            decoder = decoder.asked(question)
        began = time.process_time()
        found = decoder.decode(pcm)
        self.seconds.append(time.process_time() - began)
        return found, self.seconds[-1]


class _Stream:
    def __init__(self, recogniser: TimedRecogniser) -> None:
        self._recogniser, self._pcm, self._question = recogniser, bytearray(), ""
        self._found: tuple[Hypothesis, ...] | None = None
        self._at = 0  # bytes that were decoded
        self._due = 0.0  # seconds of sound at which they would have been
        self._told = True
        self._early: tuple[tuple[Hypothesis, ...], float] | None = None  # words of a gap, and at which seconds
        self._early_at = 0

    @property
    def _fed(self) -> float:
        return len(self._pcm) / 2 / PCM_RATE_HZ

    @property
    def coming(self) -> bool:
        return not self._told

    def attend(self, question: str) -> None:
        self._question = question

    def feed(self, pcm: bytes) -> str | None:
        self._pcm += pcm
        if self._told or self._fed < self._due:
            return None
        self._told = True
        if not only_silence_since(bytes(self._pcm), self._at):
            return None
        return self._found[0].text if self._found else ""

    def tell_glimpses(self, tell: Callable[[tuple[Hypothesis, ...]], None]) -> None:
        """Nobody listens to them here."""

    def glimpse(self) -> None:
        """The whole decoding begins with the last syllable, as in a process that has nothing else to do."""
        if self._early is not None and only_silence_since(bytes(self._pcm), self._early_at):
            return
        found, seconds = self._recogniser.decode(bytes(self._pcm), self._question)
        self._early, self._early_at = (found, self._fed + seconds), len(self._pcm)

    def speculate(self) -> None:
        if self._early is not None and hardly_a_sound_since(bytes(self._pcm), self._early_at):
            (self._found, self._due), self._at, self._told = self._early, self._early_at, False
            return
        self._found, seconds = self._recogniser.decode(bytes(self._pcm), self._question)
        self._at, self._due, self._told = len(self._pcm), self._fed + seconds, False

    def resume(self) -> None: ...

    async def finish(self) -> Recognised:
        wait = max(0.0, self._due - self._fed)
        if self._found is None or not only_silence_since(bytes(self._pcm), self._at):
            self._found, wait = self._recogniser.decode(bytes(self._pcm), self._question)
        await asyncio.sleep(wait)
        return Recognised(self._found, wait)

    def discard(self) -> None:
        self._pcm.clear()
