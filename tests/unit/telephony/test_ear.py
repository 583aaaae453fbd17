"""The ear with a recogniser that tells the words before a pause while the pause lasts."""

import asyncio
from collections.abc import Callable

import pytest

from agent.model.turn import Expect, Hypothesis, Reply
from agent.speech.ports import Recognised
from agent.speech.segmenter import Segmenter
from agent.speech.vad import VadFrame
from telephony.ear import Ear, Utterance
from tests.fakes.phone import QUIET, VOICE, LoudVad, PlainUpsampler


class Foretold:
    """Tells "没有" at the first pause; at the next its decoder has no time."""

    name, streaming = "foretold", False

    def __init__(self) -> None:
        self._speculations = 0
        self._told = True

    @property
    def coming(self) -> bool:
        return not self._told

    def utterance(self) -> "Foretold":
        return self

    def speculate(self) -> None:
        self._speculations += 1
        self._told = self._speculations > 1

    def feed(self, pcm: bytes) -> str | None:
        if self._told:
            return None
        self._told = True
        return "没有"

    async def finish(self) -> Recognised:
        return Recognised((Hypothesis("没有，走路", 0.9),), 0.0)

    def resume(self) -> None: ...

    def discard(self) -> None: ...

    async def close(self) -> None: ...


async def ended_after(*spans: tuple[float, float]) -> float:
    """Seconds from the end of the last span to the decision that it was the end."""
    ear = Ear(Foretold(), LoudVad(), Segmenter(), PlainUpsampler(), lambda: None)
    ear.expect(Reply(("胸口疼吗？",), Expect.YES_NO))
    heard = False
    for number in range(400):
        at = number * 0.02
        ear.hear(VOICE if any(start <= at < end for start, end in spans) else QUIET, at)
        await asyncio.sleep(0)
        heard = heard or ear.speaking
        if heard and not ear.speaking and at > spans[-1][1]:
            return at - spans[-1][1]
    raise AssertionError("it never ended")


async def test_a_whole_answer_told_in_its_pause_ends_it() -> None:
    assert await ended_after((0.5, 1.0)) <= 0.56


async def test_words_from_before_the_last_speech_say_nothing_about_its_end() -> None:
    assert await ended_after((0.5, 1.0), (1.3, 2.0)) >= 0.66


class Glimpses(Foretold):
    """Glimpses "心口疼" at each pause; the whole words come later."""

    def tell_glimpses(self, tell: Callable[[tuple[Hypothesis, ...]], None]) -> None:
        self._tell = tell

    def speculate(self) -> None:
        super().speculate()
        self.glimpse()

    def glimpse(self) -> None:
        self._tell((Hypothesis("心口疼", 0.6), Hypothesis("胸口疼", 0.8)))


async def test_a_glimpse_is_told_in_the_pause_with_all_its_texts_and_ends_nothing() -> None:
    told: list[tuple[float, Utterance]] = []
    ear = Ear(Glimpses(), LoudVad(), Segmenter(), PlainUpsampler(), lambda: None)
    ear.overhears = lambda words: told.append((ear.now, words))
    for number in range(70):
        at = number * 0.02
        ear.hear(VOICE if 0.5 <= at < 1.0 else QUIET, at)
    (at, words), *later = told
    assert [each.text for each in words.hypotheses] == ["心口疼", "胸口疼"] and 1.08 <= at <= 1.14
    assert words.audio.start < 0.55 and abs(words.audio.end - 1.0) < 0.05
    assert ear.partial != "心口疼" and [each.text for _, each in later] == ["没有"]


async def test_hanging_up_with_the_last_word_still_glimpses_it() -> None:
    told: list[str] = []
    ear = Ear(Glimpses(), LoudVad(), Segmenter(), PlainUpsampler(), lambda: None)
    ear.overhears = lambda words: told.append(words.text)
    for number in range(50):
        ear.hear(VOICE if number >= 25 else QUIET, number * 0.02)
    assert not told
    assert [each.text for each in await ear.close()] == ["没有，走路"] and told == ["心口疼"]


class LingeringVad(LoudVad):
    """Takes the quarter of a second after a voice for speech too, as the network does."""

    def __init__(self) -> None:
        super().__init__()
        self._heard = -1.0

    def feed(self, pcm: bytes) -> list[VadFrame]:
        frames = []
        for frame in super().feed(pcm):
            self._heard = frame.at if frame.probability >= 0.5 else self._heard
            frames.append(VadFrame(frame.at, 1.0 if frame.at - self._heard < 0.25 else 0.0))
        return frames


async def test_a_glimpse_begins_with_the_last_syllable_not_with_the_end_of_the_voice() -> None:
    told: list[float] = []
    ear = Ear(Glimpses(), LingeringVad(), Segmenter(), PlainUpsampler(), lambda: None)
    ear.overhears = lambda words: told.append(ear.now)
    for number in range(60):
        ear.hear(VOICE if 25 <= number < 50 else QUIET, number * 0.02)
        if told:
            break
    assert told and told[0] <= 1.14


class Breaks(Foretold):
    def __init__(self, failure: BaseException) -> None:
        super().__init__()
        self._failure = failure

    def utterance(self) -> "Breaks":
        return self

    async def finish(self) -> Recognised:
        raise self._failure


@pytest.mark.parametrize("failure", [ValueError("no such token"), asyncio.CancelledError()])
async def test_an_utterance_is_handed_on_whatever_its_recogniser_raises(failure: BaseException) -> None:
    ear = Ear(Breaks(failure), LoudVad(), Segmenter(), PlainUpsampler(), lambda: None)
    for number in range(150):
        ear.hear(VOICE if 25 <= number < 50 else QUIET, number * 0.02)
        await asyncio.sleep(0)
    assert [(each.text, each.failed) for each in await ear.close()] == [("", "unexpected")]
