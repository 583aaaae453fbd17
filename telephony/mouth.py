"""The robot's voice on one line: plays sentences, knows what the patient has really heard, lowers its voice or stops at
once, and goes on from the phrase it was cut in."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from agent.speech.pace import LOWERED, delivered
from agent.speech.phrase_cut import phrase_start
from telephony.line import FRAME_BYTES, Line
from telephony.playback import ULAW_SILENCE, Playback

BYTES_PER_SECOND = 8_000
MARK_GRACE_SECONDS = 3.0  # a carrier that loses a mark must not leave the call waiting
QUESTION_OUT = 0.5  # of the last sentence: whoever speaks after that has understood what is asked
_ENDS = ("。", "！", "？", "!", "?", "；", ";")


class Prompts(Protocol):
    async def ulaw(self, text: str) -> bytes:
        """8 kHz mu-law of one sentence."""
        ...


@dataclass(frozen=True, slots=True)
class _Manner:
    slow: bool = False
    loud: bool = False


class Mouth:
    """Says one reply at a time; `playback` mirrors what the carrier plays of it. A mark stands behind each sentence:
    what the carrier has not reported as played counts as unheard, whatever the mirror says. A sentence may come in
    pieces (您说的是 + 高压一百三十六， + 对吗？): behind its first piece the others follow without a gap."""

    def __init__(self, line: Line, prompts: Prompts) -> None:
        self._line, self._prompts = line, prompts
        self.playback = Playback()
        self.talking = False
        self._sentences: list[bytes] = []  # of the reply, as far as they are rendered
        self._texts: Sequence[str] = ()  # all of its sentences
        self._manner = _Manner()
        self._sent = 0  # bytes of the reply handed to the line
        self._lowered = False
        self._round = 0  # counts what was handed over anew; marks of an earlier round mean nothing
        self._marked = 0  # sentences the carrier has reported as played
        self._changed = asyncio.Event()
        self._stopped = asyncio.Event()
        self._handing_over = asyncio.Lock()
        self.question_out_at: float | None = None  # line time from which the reply's last sentence is known

    @property
    def heard(self) -> int:
        """Bytes of the reply that the patient has heard."""
        return self._believed(self._sent - self.playback.waiting)

    async def say(self, sentences: Sequence[str], *, slow: bool = False, loud: bool = False) -> bool:
        """Plays the sentences in order; True when all was played, False when interrupted. Raises LineClosed and
        the prompt source's own errors."""
        self._begin(sentences, _Manner(slow, loud))
        return await self._speak()

    async def resume(self) -> bool:
        """After a stop for nothing: says what was unheard, from the phrase that was cut. As `say`."""
        self._stopped, self._lowered = asyncio.Event(), False
        async with self._handing_over:
            await self._again(phrase_start(b"".join(self._sentences), self._sent))
        return await self._speak()

    async def stop(self) -> None:
        """Barge-in: drops what the patient has not heard yet."""
        self._stopped.set()
        self._changed.set()
        async with self._handing_over:
            await self._drop()

    async def lower(self, lowered: bool) -> None:
        """Goes on more softly, or as before; at the same place."""
        async with self._handing_over:
            if self._lowered == lowered or self._stopped.is_set() or not self.talking:
                return
            self._lowered = lowered
            await self._drop()
            await self._again(self._sent)

    def marked(self, name: str) -> None:
        turn, _, sentence = name.partition(".")
        if turn == f"said-{self._round}" and sentence.isdigit():
            self._marked = max(self._marked, int(sentence))
            self._changed.set()

    def tick(self, now: float) -> None:
        """Line time has come to `now`: notes when the question is out."""
        if self.question_out_at is None and self._sentences and len(self._sentences) == len(self._texts):
            before = sum(len(each) for each in self._sentences[:-1])
            unforeseen = QUESTION_OUT if _begins(len(self._texts) - 1, self._texts) else 0.0  # 对吗 says nothing new
            if self.heard >= before + unforeseen * len(self._sentences[-1]):
                self.question_out_at = now

    def _begin(self, sentences: Sequence[str], manner: "_Manner") -> None:
        self._texts, self._manner, self._sentences = sentences, manner, []
        self._sent = self._marked = 0
        self._stopped, self._lowered = asyncio.Event(), False
        self._round += 1
        self.question_out_at = None
        self.playback.expect()

    async def _speak(self) -> bool:
        """Hands over the sentences that are not rendered yet, one after the other, and waits until all was heard."""
        self.talking = True
        first = len(self._sentences)
        renders = [asyncio.ensure_future(self._prompts.ulaw(text)) for text in self._texts[first:]]
        try:
            for at, render in enumerate(renders, first):
                for needed in renders[at - first : _needed(at, self._texts) - first]:
                    if not await self._before_stop(needed):
                        return False
                ulaw = delivered(render.result(), slow=self._manner.slow, loud=self._manner.loud)  # 4 ms a second
                async with self._handing_over:
                    self._sentences.append(_whole_frames(ulaw))
                    if self._stopped.is_set():
                        return False
                    await self._hand_over(len(self._sentences) - 1, self._sentences[-1])
            return await self._played()
        finally:
            self.talking = False
            for render in renders:
                render.cancel()

    async def _before_stop(self, render: asyncio.Future[bytes]) -> bool:
        """True once the sentence is rendered, False if the patient was faster."""
        if not render.done():
            stop = asyncio.ensure_future(self._stopped.wait())
            stop_or_render: list[asyncio.Future[Any]] = [stop, render]
            try:
                await asyncio.wait(stop_or_render, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stop.cancel()
        return render.done() and not self._stopped.is_set()

    async def _hand_over(self, sentence: int, ulaw: bytes) -> None:
        sound = ulaw.translate(LOWERED) if self._lowered else ulaw
        self.playback.add(sound)
        self._sent += len(sound)
        await self._line.play(sound)
        await self._line.mark(f"said-{self._round}.{sentence + 1}")

    async def _drop(self) -> None:
        """Takes back what was not heard; `_sent` is then what was."""
        was_sent, dropped = self._sent, self.playback.clear()
        self._sent = self._believed(was_sent - dropped)
        self._round += 1  # the marks that come back now were not played
        await self._line.clear()

    async def _again(self, start: int) -> None:
        """Hands over the reply's sound from `start` on, as far as it is rendered."""
        self._round += 1
        self._sent, self._marked, end = start, 0, 0
        for number, ulaw in enumerate(self._sentences):
            end += len(ulaw)
            if end <= start:
                self._marked = number + 1
            else:
                await self._hand_over(number, ulaw[max(0, len(ulaw) - (end - start)) :])

    def _believed(self, mirrored: int) -> int:
        """Not before the last sentence reported as played, not beyond the end of the one after it."""
        ends = [0]
        for ulaw in self._sentences:
            ends.append(ends[-1] + len(ulaw))
        return min(max(mirrored, ends[self._marked]), ends[min(self._marked + 1, len(ends) - 1)])

    async def _played(self) -> bool:
        """Waits for the last mark; a carrier that loses it is not waited for."""
        while not self._stopped.is_set() and self._marked < len(self._texts):
            self._changed.clear()
            waited = self._round
            try:
                async with asyncio.timeout(self.playback.waiting / BYTES_PER_SECOND + MARK_GRACE_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                if waited == self._round:
                    break
        return not self._stopped.is_set()


def _begins(at: int, texts: Sequence[str]) -> bool:
    """Whether a sentence begins with the piece `at`."""
    return at == 0 or texts[at - 1].endswith(_ENDS)


def _needed(at: int, texts: Sequence[str]) -> int:
    """How many pieces must be rendered before the piece `at` is handed over."""
    if _begins(at, texts):
        return at + 1
    return next((later for later in range(at + 1, len(texts)) if _begins(later, texts)), len(texts))


def _whole_frames(ulaw: bytes) -> bytes:
    """Filled up as a line fills it up, so that what is mirrored is as long as what is played."""
    return ulaw + ULAW_SILENCE * (-len(ulaw) % FRAME_BYTES)
