"""The ear with a recogniser that tells the words before a pause while the pause lasts."""

import asyncio

from agent.model.turn import Expect, Hypothesis, Reply
from agent.speech.ports import Recognised
from agent.speech.segmenter import Segmenter
from telephony.ear import Ear
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
