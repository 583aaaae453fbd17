"""The patient's side of one line: telephone audio in, utterances out, one after the other."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from agent.model.turn import AudioSpan, Hypothesis
from agent.speech.ports import PCM_RATE_HZ, Recogniser, RecogniserFailed, UtteranceStream
from agent.speech.segmenter import Paused, Segmenter, SpeechEnded, SpeechStarted

PRE_ROLL_SECONDS = 0.35  # audio kept from before the onset, so that the first syllable is not lost


class Upsampling(Protocol):
    def feed(self, ulaw: bytes) -> bytes:
        """8 kHz mu-law in, 16 kHz PCM out."""
        ...


class VoiceActivity(Protocol):
    def feed(self, pcm: bytes) -> list[tuple[float, float]]:
        """16 kHz PCM in; (seconds covered, probability of speech) for each whole chunk."""
        ...


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one stretch of speech was recognised as; `failed` is the recogniser's error code."""

    hypotheses: tuple[Hypothesis, ...]
    audio: AudioSpan
    seconds_to_recognise: float = 0.0
    failed: str | None = None

    @property
    def text(self) -> str:
        return self.hypotheses[0].text if self.hypotheses else ""


class Ear:
    """Feeds voice activity, turn-taking and recogniser; puts finished utterances into `inbox`. Calls `on_change` when
    speech begins and when an utterance is ready."""

    def __init__(
        self,
        recogniser: Recogniser,
        activity: VoiceActivity,
        segmenter: Segmenter,
        upsampler: Upsampling,
        on_change: Callable[[], None],
    ) -> None:
        self._recogniser, self._activity, self._segmenter, self._upsampler = recogniser, activity, segmenter, upsampler
        self._on_change = on_change
        self._before: deque[bytes] = deque()
        self._before_bytes = 0
        self._stream: UtteranceStream | None = None
        self._speech_began: float | None = None
        self._deciphering: set[asyncio.Task[None]] = set()
        self.inbox: deque[Utterance] = deque()
        self.now = 0.0  # seconds of audio heard since the recording began

    @property
    def busy(self) -> bool:
        """Somebody is speaking, or what was said is still being recognised."""
        return self._stream is not None or bool(self._deciphering)

    @property
    def speaking(self) -> bool:
        return self._stream is not None

    @property
    def speech_seconds(self) -> float:
        """How long the present stretch of speech has lasted."""
        return self.now - self._speech_began if self._speech_began is not None else 0.0

    def hear(self, ulaw: bytes, at: float) -> None:
        """One frame of patient audio that began `at` seconds of the recording."""
        pcm = self._upsampler.feed(ulaw)
        self.now = at + len(ulaw) / 8_000
        partial = None
        if self._stream is not None:
            partial = self._stream.feed(pcm)
        else:
            self._remember(pcm)
        for seconds, probability in self._activity.feed(pcm):
            for event in self._segmenter.feed(seconds, probability, partial or ""):
                self._turn_taking(event)

    def expect_patience(self, end_silence_seconds: float | None) -> None:
        """How long a pause ends the next utterance; None for the usual."""
        self._segmenter.end_silence(end_silence_seconds)

    def _remember(self, pcm: bytes) -> None:
        self._before.append(pcm)
        self._before_bytes += len(pcm)
        while self._before_bytes > PRE_ROLL_SECONDS * PCM_RATE_HZ * 2:
            self._before_bytes -= len(self._before.popleft())

    def _turn_taking(self, event: object) -> None:
        if isinstance(event, SpeechStarted):
            self._stream = self._recogniser.utterance()
            self._speech_began = event.at
            self._stream.feed(b"".join(self._before))
            self._before.clear()
            self._before_bytes = 0
            self._on_change()
        elif isinstance(event, Paused) and self._stream is not None:
            self._stream.speculate()
        elif isinstance(event, SpeechEnded) and self._stream is not None:
            stream, self._stream, self._speech_began = self._stream, None, None
            task = asyncio.ensure_future(self._decipher(stream, AudioSpan(event.start, event.end)))
            self._deciphering.add(task)
            task.add_done_callback(self._deciphered)

    async def _decipher(self, stream: UtteranceStream, span: AudioSpan) -> None:
        try:
            recognised = await stream.finish()
        except RecogniserFailed as error:
            self.inbox.append(Utterance((), span, failed=error.code))
        else:
            self.inbox.append(Utterance(recognised.hypotheses, span, recognised.seconds))

    def _deciphered(self, task: asyncio.Task[None]) -> None:
        self._deciphering.discard(task)
        self._on_change()

    async def close(self) -> list[Utterance]:
        """The line is gone: what is still being said is finished too, so that no word is lost. Returns all of it."""
        if self._stream is not None and self._speech_began is not None:
            await self._decipher(self._stream, AudioSpan(self._speech_began, self.now))
            self._stream = None
        if self._deciphering:
            await asyncio.gather(*self._deciphering)
        left = list(self.inbox)
        self.inbox.clear()
        return left
