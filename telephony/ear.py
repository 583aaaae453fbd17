"""The patient's side of one line: telephone audio in, utterances out, one after the other."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from agent.model.turn import AudioSpan, Hypothesis, Reply
from agent.speech.completeness import Awaited
from agent.speech.ports import (
    PCM_RATE_HZ,
    Attentive,
    Foretelling,
    Glimpsed,
    Recogniser,
    UtteranceStream,
)
from agent.speech.segmenter import Paused, Resumed, Segmenter, SpeechEnded, SpeechEvent, SpeechStarted
from agent.speech.ulaw import ULAW_RATE_HZ
from agent.speech.vad import CHUNK_SECONDS, AnyVad
from telephony.deciphering import deciphered
from telephony.playback import ULAW_SILENCE
from telephony.voice_watch import Upsampling, VoiceWatch, Watched

VOICE_PROBABILITY, SUSPECTED_PROBABILITY = 0.5, 0.3
JITTER_SECONDS = 0.01  # of a time stamp; a frame further off lost sound before it, or repeats some
LONGEST_GAP_SECONDS = 10.0
RUN_GAP_SECONDS = 0.2  # a longer silence begins a new run of speech
RESTING_SECONDS = 0.5  # of silence after which nothing hangs on the next frame
PARTIAL_CONFIDENCE = 0.5  # of words whose recogniser does not say how sure it is
SOFT_CHUNKS = 3  # a tenth of a second of hardly any sound: a quick look at the words pays; most gaps are shorter
GLIMPSE_SECONDS = 0.12  # of silence after which it pays where the line's noise hides the former
PRE_ROLL_SECONDS = 0.35  # audio kept from before the onset, so that the first syllable is not lost


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one stretch of speech was recognised as; `failed` is the recogniser's error code."""

    hypotheses: tuple[Hypothesis, ...]
    audio: AudioSpan
    failed: str | None = None

    @property
    def text(self) -> str:
        return self.hypotheses[0].text if self.hypotheses else ""

    @property
    def confidence(self) -> float:
        return self.hypotheses[0].confidence if self.hypotheses else 0.0


def _nobody(words: Utterance) -> None:
    """Whoever overhears nothing."""


def _nothing() -> None:
    """Of those who do not wait for it."""


class Ear:
    """Feeds voice activity, turn-taking and recogniser; puts finished utterances into `inbox`. Calls `on_change` when
    speech begins and when an utterance is ready, and `overhears` with words of an utterance under way once they are
    known in a pause: they may go on."""

    def __init__(
        self,
        recogniser: Recogniser,
        vad: AnyVad,
        segmenter: Segmenter,
        upsampler: Upsampling,
        on_change: Callable[[], None],
    ) -> None:
        self._recogniser, self._watch, self._segmenter = recogniser, VoiceWatch(vad, upsampler), segmenter
        self._on_change = on_change
        self._before: deque[bytes] = deque()
        self._before_bytes = 0
        self._stream: UtteranceStream | None = None
        self._speech_began: float | None = None
        self._known: str | None = None  # words of the utterance under way, where they are known
        self._foretelling: Foretelling | None = None
        self._glimpsing: Glimpsed | None = None
        self._glimpsed_until = 0.0  # the last voice before the latest glimpse
        self._paused_at: float | None = None  # since when the utterance under way pauses
        self._overheard = ""  # words of its present pause that were told
        self.overhears: Callable[[Utterance], None] = _nobody
        self.listened: Callable[[], None] = _nothing
        self._question = ""
        self._awaited = Awaited()
        self._last_voice = self._run_began = self._looked = 0.0
        self._unfed = 0.0  # seconds of long gaps that voice activity was not fed
        self._deciphering: set[asyncio.Task[None]] = set()
        self.own_voice: Callable[[], bool] = lambda: False  # the line's sound is the robot's own, come back
        self.inbox: deque[Utterance] = deque()
        self.held_seconds = 0.0  # of sound that has come and is not fed yet
        self._fed = 0.0  # the recording's seconds up to the end of what was fed

    @property
    def now(self) -> float:
        """Seconds of audio since the recording began."""
        return self._fed + self.held_seconds

    @property
    def busy(self) -> bool:
        """Somebody is speaking, or what was said is still being recognised."""
        return self._stream is not None or bool(self._deciphering)

    @property
    def speaking(self) -> bool:
        return self._stream is not None

    @property
    def partial(self) -> str:
        """Words of the utterance under way, as far as they are known."""
        return self._known or ""

    @property
    def saying(self) -> str:
        """The same with what was only glimpsed of them: to be shown, not to be acted on."""
        return self._known or self._overheard

    @property
    def run_seconds(self) -> float:
        """How long somebody has been speaking without a gap."""
        return self._last_voice - self._run_began

    @property
    def silent_seconds(self) -> float:
        return self._looked - self._last_voice

    @property
    def last_voice(self) -> float:
        """When a voice was heard last, seconds since the recording began; 0 before the first."""
        return self._last_voice

    def can_wait(self, ulaw: bytes) -> bool:
        """Nobody has spoken for a while, and nobody does in this sound, which is not fed yet."""
        resting = self.silent_seconds >= RESTING_SECONDS and not self.busy and not self._watch.judging
        return resting and self._watch.still(ulaw)

    def hear(self, ulaw: bytes, at: float) -> None:
        """Patient audio that began `at` seconds into the recording; lost sound is heard as silence. Calls `listened`
        when all of it was judged."""
        self._watch.feed(self._in_time(ulaw, at), self)

    def watched(self, watched: Watched) -> None:
        """The next stretch of the sound fed."""
        if watched.rested:
            self._forget_before()
        if watched.pcm:
            self._take(watched.pcm)
        for until, probability in watched.voice:
            self._follow(until + self._unfed, probability)
        self._perhaps_glimpse()

    def caught_up(self) -> None:
        """All of the sound fed was judged."""
        self.listened()

    def _take(self, pcm: bytes) -> None:
        if self._stream is None:
            self._remember(pcm)
            return
        told = self._stream.feed(pcm)
        self._known = self._known if told is None else told
        self._known_in_pause()

    def _overhear(self, words: tuple[Hypothesis, ...], span: AudioSpan) -> None:
        """What was said may end here or go on: it is told as soon as it is known, a glimpse of it first."""
        if words[0].text and words[0].text != self._overheard:
            self._overheard = words[0].text
            self.overhears(Utterance(words, span))

    def _glimpsed(self, began: float, words: tuple[Hypothesis, ...]) -> None:
        self._overhear(words, AudioSpan(began, self._last_voice))

    def _known_in_pause(self) -> None:
        if self._paused_at is not None and self._speech_began is not None and self._known:
            span = AudioSpan(self._speech_began, self._paused_at)
            self._overhear((Hypothesis(self._known, PARTIAL_CONFIDENCE),), span)

    def _follow(self, at: float, probability: float) -> None:
        self._looked = at
        if probability >= SUSPECTED_PROBABILITY and self.own_voice():
            probability = 0.0
        if probability >= VOICE_PROBABILITY:
            if self.silent_seconds > RUN_GAP_SECONDS:
                self._run_began = at - CHUNK_SECONDS
            self._last_voice = at
        coming = self._foretelling is not None and self._foretelling.coming
        for event in self._segmenter.feed(at, probability, self._known, coming=coming):
            self._turn_taking(event)

    def _perhaps_glimpse(self) -> None:
        """With the last syllable, not with the end of the voice, which is known a sixth of a second later."""
        if self._glimpsing is None:
            return
        silent = self.silent_seconds >= GLIMPSE_SECONDS and self._last_voice > self._glimpsed_until
        if silent:
            self._glimpsed_until = self._last_voice
        if silent or self._watch.soft_chunks == SOFT_CHUNKS:
            self._glimpsing.glimpse()

    def _in_time(self, ulaw: bytes, at: float) -> bytes:
        """The frame with silence for what was lost before it, or without what it repeats, so that the seconds fed are
        the recording's seconds however many frames go missing."""
        gap, seconds = at - self._fed, len(ulaw) / ULAW_RATE_HZ
        if abs(gap) <= JITTER_SECONDS:
            self._fed += seconds
            return ulaw
        self._fed = max(self._fed, at + seconds)
        if gap < 0:
            return ulaw[round(-gap * ULAW_RATE_HZ) :]
        fed = min(gap, LONGEST_GAP_SECONDS)
        if gap > fed:
            self._watch.settle()  # what came before the gap is not moved by it
            self._unfed += gap - fed
        return ULAW_SILENCE * round(fed * ULAW_RATE_HZ) + ulaw

    def expect(self, reply: Reply) -> None:
        """What the next utterance answers: how long its pauses may be, which question the recogniser is told."""
        self._awaited = Awaited(reply.expect, reply.numbers, unhurried=reply.slower)
        self._segmenter.listen(self._awaited)
        self._question = reply.sentences[-1] if reply.sentences else ""

    def silence_allowed(self, text: str) -> float:
        """Seconds that may pass after these words before they are taken for all of the answer."""
        return self._segmenter.turn_taking.enough_silence(text, self._awaited)

    def _remember(self, pcm: bytes) -> None:
        self._before.append(pcm)
        self._before_bytes += len(pcm)
        while self._before_bytes > PRE_ROLL_SECONDS * PCM_RATE_HZ * 2:
            self._before_bytes -= len(self._before.popleft())

    def _forget_before(self) -> None:
        self._before.clear()
        self._before_bytes = 0

    def _turn_taking(self, event: SpeechEvent) -> None:
        if isinstance(event, SpeechStarted):
            self._stream = self._recogniser.utterance()
            if isinstance(self._stream, Attentive):
                self._stream.attend(self._question)
            self._glimpsing = self._stream if isinstance(self._stream, Glimpsed) else None
            if self._glimpsing is not None:
                self._glimpsing.tell_glimpses(partial(self._glimpsed, event.at))
            self._foretelling = self._stream if isinstance(self._stream, Foretelling) else None
            self._speech_began = event.at
            self._known, self._overheard = None, ""
            self._stream.feed(b"".join(self._before))
            self._forget_before()
            self._on_change()
        elif isinstance(event, Paused) and self._stream is not None:
            self._paused_at = event.at
            self._stream.speculate()
            self._known_in_pause()
        elif isinstance(event, Resumed):
            self._paused_at = None
            if self._foretelling is not None:
                self._known = None  # it did not know what follows the pause
                self._foretelling.resume()
        elif isinstance(event, SpeechEnded) and self._stream is not None:
            stream, self._stream, self._speech_began = self._stream, None, None
            self._foretelling = self._glimpsing = None
            self._known, self._overheard, self._paused_at = None, "", None
            task = asyncio.ensure_future(self._decipher(stream, AudioSpan(event.start, event.end)))
            self._deciphering.add(task)
            task.add_done_callback(self._deciphered)

    async def _decipher(self, stream: UtteranceStream, span: AudioSpan) -> None:
        hypotheses, failed = await deciphered(stream)
        self.inbox.append(Utterance(hypotheses, span, failed))

    def _deciphered(self, task: asyncio.Task[None]) -> None:
        self._deciphering.discard(task)
        self._on_change()

    async def close(self) -> list[Utterance]:
        """The line is gone: what is still being said is finished too, so that no word is lost. Returns all of it."""
        self._watch.settle()
        if self._stream is not None and self._speech_began is not None:
            self._stream.feed(self._watch.rest())
            self._stream.speculate()  # a danger in the last words is noticed before they are decoded to the end
            await self._decipher(self._stream, AudioSpan(self._speech_began, self.now))
            self._stream = None
        if self._deciphering:
            await asyncio.gather(*self._deciphering)
        self.overhears, self.listened = _nobody, _nothing  # the call and its ear would hold each other
        left = list(self.inbox)
        self.inbox.clear()
        return left
