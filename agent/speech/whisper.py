"""faster-whisper as the fallback recogniser: one model a process, decoding in threads, begun early at a pause.

At a pause two decodings begin: a glimpse, one quick text that is good enough to notice a danger in and for nothing
else, and the whole one, whose words are the utterance's if nothing follows; where nobody else needs the workers both
begin with the last syllable, before the pause is sure."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event

from agent.model.turn import Hypothesis
from agent.speech.decoding import Asking, Decode, Decoder, Decoding, Glimpsing
from agent.speech.ports import PCM_RATE_HZ, Recognised, RecogniserFailed
from agent.speech.silence_since import hardly_a_sound_since, only_silence_since
from agent.speech.whisper_decoder import NotWanted, Wanted, WhisperDecoder, WhisperSettings, always

_LONGEST_BYTES = 60 * PCM_RATE_HZ * 2  # an utterance is cut at 20 s; this only bounds memory

Tell = Callable[[tuple[Hypothesis, ...]], None]
Around = Callable[[WhisperDecoder], Decoder]  # puts more understanding around the bare decoder


class WhisperRecogniser:
    """`workers` utterances decode at once; more wait their turn, and a speculation that waits is given up for them. A
    glimpse, and a decoding begun before the pause was sure, only take a worker that nobody else wants."""

    streaming = False

    def __init__(self, decoder: Decoder, name: str = "whisper:base-int8") -> None:
        self.name = name
        self.settings = decoder.settings
        self._decoder = decoder
        self._pool = ThreadPoolExecutor(decoder.settings.workers, thread_name_prefix="whisper")
        self._pending = 0
        self._glimpses: list[Decoding] = []  # oldest first
        self._early: list[Decoding] = []  # whole ones of a pause that is not sure yet

    @classmethod
    def load(
        cls, folder: Path, settings: WhisperSettings | None = None, around: Around | None = None
    ) -> "WhisperRecogniser":
        """Loads the model (about a second, 390 MB); raises RecogniserFailed("model_unreadable")."""
        try:
            decoder = WhisperDecoder(folder, settings or WhisperSettings())
        except (RuntimeError, ValueError, OSError) as problem:
            raise RecogniserFailed("model_unreadable") from problem
        return cls(around(decoder) if around else decoder, f"whisper:{folder.name}")

    @property
    def idle(self) -> bool:
        """A worker is free right now, or busy with nothing but a glimpse."""
        return self._pending < self.settings.workers

    def submit(self, pcm: bytes, question: str = "", wanted: Wanted = always) -> Decoding:
        """Queues one decoding, given up once it is not `wanted` (asked in the worker's thread). Raises
        RecogniserFailed("closed")."""
        guesses = self._guesses()
        for guess in guesses[: max(0, self._pending + 1 + len(guesses) - self.settings.workers)]:
            guess.give_up()
        decoding = self._begin(self._asked(question).decode, pcm, wanted)
        self._count(decoding)
        return decoding

    def early(self, pcm: bytes, question: str, wanted: Wanted) -> Decoding | None:
        """Like `submit` before the pause is sure: None where anybody's words are being decoded or no worker is free."""
        if self._pending or len(self._early) + len(self._glimpses) >= self.settings.workers:
            return None
        decoding = self._begin(self._asked(question).decode, pcm, wanted)
        self._early.append(decoding)
        decoding.result.add_done_callback(lambda _: self._no_longer_early(decoding))
        return decoding

    def keep(self, early: Decoding) -> None:
        """The pause is sure: it gives way to nobody any more."""
        if self._no_longer_early(early):
            self._count(early)

    def glimpse(self, pcm: bytes, question: str, wanted: Wanted, *, alone: bool) -> Decoding | None:
        """A quick text of the sound, else like `submit`; None where the decoder writes none, no worker is free or, if
        it is to be `alone`, anybody's words are being decoded or glimpsed."""
        decoder = self._asked(question)
        under_way = self._pending + len(self._glimpses) + len(self._early)
        if not isinstance(decoder, Glimpsing) or under_way >= self.settings.workers:
            return None
        if alone and (self._pending or self._guesses()):
            return None
        glimpse = self._begin(decoder.glimpse, pcm, wanted)
        self._glimpses.append(glimpse)
        glimpse.result.add_done_callback(lambda _: self._glimpses.remove(glimpse))
        return glimpse

    def utterance(self) -> "WhisperUtterance":
        return WhisperUtterance(self)

    async def close(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)

    def _asked(self, question: str) -> Decoder:
        decoder = self._decoder
        return decoder.asked(question) if question and isinstance(decoder, Asking) else decoder

    def _guesses(self) -> list[Decoding]:
        """What is under way and may have been begun for nothing, in the order in which it gives way."""
        return [guess for guess in (*self._early, *self._glimpses) if not guess.unwanted.is_set()]

    def _count(self, decoding: Decoding) -> None:
        self._pending += 1
        decoding.result.add_done_callback(self._done)

    def _no_longer_early(self, decoding: Decoding) -> bool:
        """Asked in the worker's thread and in the loop's: one of them takes it out."""
        try:
            self._early.remove(decoding)
        except ValueError:
            return False
        return True

    def _begin(self, decode: Decode, pcm: bytes, wanted: Wanted) -> Decoding:
        unwanted = Event()
        try:
            return Decoding(self._pool.submit(decode, pcm, lambda: not unwanted.is_set() and wanted()), unwanted)
        except RuntimeError as closed:
            raise RecogniserFailed("closed") from closed

    def _done(self, _: Future[tuple[Hypothesis, ...]]) -> None:
        self._pending -= 1


class WhisperUtterance:
    """Collects one utterance's sound; its words so far are known a while after a pause began."""

    def __init__(self, recogniser: WhisperRecogniser, timer: Callable[[], float] = time.perf_counter) -> None:
        self._recogniser = recogniser
        self._timer = timer
        self._pcm = bytearray()
        self._speculation: Decoding | None = None
        self._speculated_bytes = 0
        self._late = False  # a pause lasts for which no worker has been free
        self._told = True  # the words of the present speculation were handed on, or are stale
        self._glimpse: Decoding | None = None
        self._glimpsed_bytes = 0
        self._early: Decoding | None = None
        self._early_bytes = 0
        self._tell: Tell | None = None
        self._question = ""

    def attend(self, question: str) -> None:
        """Tells which question is being answered."""
        self._question = question

    def feed(self, pcm: bytes) -> str | None:
        self._pcm += pcm[: max(0, _LONGEST_BYTES - len(self._pcm))]
        if self._late and self._recogniser.idle:
            self._begin()
        if self._told or self._speculation is None or not self._speculation.result.done():
            return None
        self._told = True
        words = self._speculation.words  # what it raised is raised by `finish`
        if words is None or not self._nothing_said_since(self._speculated_bytes):
            return None
        return words[0].text if words else ""

    @property
    def coming(self) -> bool:
        return self._speculation is not None and not self._told

    def tell_glimpses(self, tell: Tell) -> None:
        self._tell = tell

    def glimpse(self) -> None:
        """With the whole decoding beside it; neither while anybody's words are being decoded, nor again where nothing
        was said since the last time."""
        before = self._glimpse
        self._look(alone=True)
        if self._glimpse is not None and self._glimpse is not before:
            self._begin_early()

    def _begin_early(self) -> None:
        self._give_up_early()
        pcm = bytes(self._pcm)
        self._early_bytes = len(pcm)
        self._early = self._recogniser.early(pcm, self._question, partial(self._nothing_said_since, len(pcm)))

    def _look(self, *, alone: bool) -> None:
        if self._tell is None or (self._glimpse is not None and self._nothing_said_since(self._glimpsed_bytes)):
            return
        self._give_up_glimpse()
        pcm = bytes(self._pcm)
        still = partial(self._nothing_said_since, len(pcm))
        self._glimpse = self._recogniser.glimpse(pcm, self._question, still, alone=alone)
        self._glimpsed_bytes = len(pcm)
        if self._glimpse is not None:
            told, loop = partial(self._glimpsed, self._glimpse, self._tell), asyncio.get_running_loop()
            self._glimpse.result.add_done_callback(lambda _: loop.call_soon_threadsafe(told))

    def speculate(self) -> None:
        """Decodes what is there as soon as a worker is free; a later pause replaces the attempt, unless nothing was
        said in between."""
        if self._speculation is not None and self._nothing_said_since(self._speculated_bytes):
            return
        self._give_up()
        if self._kept_early():
            return
        self._late = not self._recogniser.idle
        if not self._late:
            self._begin()

    def _kept_early(self) -> bool:
        """What was begun with the last syllable becomes the pause's own decoding, unless anything sounded since."""
        early, self._early = self._early, None
        if early is None:
            return False
        if early.unwanted.is_set() or not hardly_a_sound_since(bytes(self._pcm), self._early_bytes):
            early.give_up()
            return False
        self._speculation, self._speculated_bytes, self._told = early, self._early_bytes, False
        self._recogniser.keep(early)
        self._look(alone=False)
        return True

    def resume(self) -> None:
        """The pause is over: nothing is begun for it any more."""
        self._late = False

    async def finish(self) -> Recognised:
        began = self._timer()
        pcm = bytes(self._pcm)
        if self._speculation and not only_silence_since(pcm, self._speculated_bytes):
            self._give_up()
        try:
            async with asyncio.timeout(self._recogniser.settings.deadline_seconds):
                hypotheses = await self._whole(pcm)
        except TimeoutError as late:
            raise RecogniserFailed("too_late") from late
        except NotWanted as given_up:
            raise RecogniserFailed("closed") from given_up
        return Recognised(hypotheses, self._timer() - began)

    async def _whole(self, pcm: bytes) -> tuple[Hypothesis, ...]:
        """What was begun at the pause, or anew where that was given up meanwhile, whoever did it."""
        if self._speculation:
            with contextlib.suppress(NotWanted):
                return await self._speculation.awaited()
        return await self._recogniser.submit(pcm, self._question).awaited()

    def discard(self) -> None:
        self._give_up()
        self._give_up_glimpse()
        self._give_up_early()
        self._pcm.clear()

    def _begin(self) -> None:
        self._late, self._told, self._speculated_bytes = False, False, len(self._pcm)
        pcm = bytes(self._pcm)
        still = partial(self._nothing_said_since, len(pcm))
        self._speculation = self._recogniser.submit(pcm, self._question, still)
        self._look(alone=False)

    def _nothing_said_since(self, mark: int) -> bool:
        """Also asked in the workers' threads: what nobody can use any more is not decoded to its end."""
        return only_silence_since(bytes(self._pcm), mark)

    def _glimpsed(self, glimpse: Decoding, tell: Tell) -> None:
        if glimpse is self._glimpse and glimpse.words and self._nothing_said_since(self._glimpsed_bytes):
            tell(glimpse.words)

    def _give_up(self) -> None:
        self._late = False
        if self._speculation:
            self._speculation.give_up()
        self._speculation = None

    def _give_up_early(self) -> None:
        if self._early:
            self._early.give_up()
        self._early = None

    def _give_up_glimpse(self) -> None:
        if self._glimpse:
            self._glimpse.give_up()
        self._glimpse = None
