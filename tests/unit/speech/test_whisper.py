"""Speculation and the queue, with a decoder that waits to be told."""

import asyncio
from collections.abc import Callable

import numpy as np
import pytest

from agent.model.turn import Hypothesis
from agent.speech.ports import RecogniserFailed
from agent.speech.silence_since import only_silence_since
from agent.speech.whisper import WhisperRecogniser, WhisperUtterance
from agent.speech.whisper_decoder import NotWanted, Wanted, WhisperSettings, always
from tests.fakes.speech import GatedDecoder, GlimpsingDecoder


def sound(seconds: float, level: int) -> bytes:
    noise = np.random.default_rng(1).normal(0, level, round(seconds * 16_000))
    return noise.clip(-32_768, 32_767).astype(np.int16).tobytes()


SPEECH, QUIET = sound(1.0, 3_000), sound(0.4, 60)


async def test_decoding_begun_at_the_pause_is_used() -> None:
    decoder = GatedDecoder(["心口疼"])
    utterance = WhisperRecogniser(decoder).utterance()
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    utterance.feed(QUIET)
    decoder.gate.set()
    assert (await utterance.finish()).text == "心口疼"
    assert decoder.sizes == [len(QUIET + SPEECH + QUIET)]


async def test_the_words_before_a_pause_are_told_while_it_lasts() -> None:
    decoder = GatedDecoder(["高压一百四"])
    recogniser = WhisperRecogniser(decoder)
    utterance = recogniser.utterance()
    assert utterance.feed(QUIET + SPEECH + QUIET) is None and not utterance.coming
    utterance.speculate()
    assert utterance.coming and utterance.feed(QUIET) is None
    decoder.gate.set()
    await asyncio.wrap_future(recogniser.submit(b"").result)  # the one worker has come past the attempt
    assert utterance.feed(QUIET) == "高压一百四" and not utterance.coming
    assert utterance.feed(QUIET) is None  # told once


async def test_words_that_do_not_know_what_followed_are_not_told() -> None:
    decoder = GatedDecoder(["没有", "", "没有，就是心口疼"])
    recogniser = WhisperRecogniser(decoder)
    utterance = recogniser.utterance()
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    decoder.gate.set()
    await asyncio.wrap_future(recogniser.submit(b"").result)
    assert utterance.feed(SPEECH) is None
    assert (await utterance.finish()).text == "没有，就是心口疼"


async def test_words_after_the_pause_are_not_lost() -> None:
    decoder = GatedDecoder(["没有", "没有，就是心口疼"])
    utterance = WhisperRecogniser(decoder).utterance()
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    decoder.gate.set()
    utterance.feed(SPEECH)
    assert (await utterance.finish()).text == "没有，就是心口疼"


async def test_a_second_pause_replaces_the_first_attempt() -> None:
    decoder = GatedDecoder(["没有", "", "没有，就是心口疼"], WhisperSettings(workers=1))
    recogniser = WhisperRecogniser(decoder)
    utterance = recogniser.utterance()
    utterance.feed(QUIET + SPEECH)
    utterance.speculate()
    decoder.gate.set()
    await asyncio.wrap_future(recogniser.submit(b"").result)  # the one worker has come past the first attempt
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    assert (await utterance.finish()).text == "没有，就是心口疼"
    assert len(decoder.sizes) == 3


async def test_a_guess_does_not_stand_before_a_finished_utterance() -> None:
    decoder = GatedDecoder(["一", "三", "二"], WhisperSettings(workers=1))
    recogniser = WhisperRecogniser(decoder)
    first, second, third = recogniser.utterance(), recogniser.utterance(), recogniser.utterance()
    for utterance, sound_fed in ((first, SPEECH), (second, SPEECH * 2), (third, SPEECH * 3)):
        utterance.feed(sound_fed)
    first.speculate()
    second.speculate()  # the one worker is busy: given up
    ending = asyncio.ensure_future(third.finish())
    await asyncio.sleep(0)
    decoder.gate.set()
    assert (await ending).text == "三"
    assert [(await first.finish()).text, (await second.finish()).text] == ["一", "二"]
    assert decoder.sizes == [len(SPEECH), 3 * len(SPEECH), 2 * len(SPEECH)]


async def until(condition: Callable[[], object]) -> None:
    """Waits for other threads, as long as a slow machine may need."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110  the threads set no event
            await asyncio.sleep(0.005)


async def test_a_pause_without_a_free_worker_is_decoded_once_there_is_one() -> None:
    decoder = GatedDecoder(["", "心口疼"])
    recogniser = WhisperRecogniser(decoder)
    busy, utterance = recogniser.submit(b""), recogniser.utterance()
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    assert not utterance.coming
    decoder.gate.set()
    await until(lambda: busy.result.done() and recogniser.idle)
    assert utterance.feed(QUIET) is None
    await until(lambda: utterance.feed(b"") == "心口疼")


async def test_a_breath_in_a_pause_does_not_begin_the_decoding_anew() -> None:
    decoder = GatedDecoder(["心口疼"])
    utterance = WhisperRecogniser(decoder).utterance()
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    utterance.resume()
    utterance.feed(QUIET)
    utterance.speculate()
    decoder.gate.set()
    assert (await utterance.finish()).text == "心口疼" and len(decoder.sizes) == 1


def heard_by(utterance: WhisperUtterance) -> list[str]:
    told: list[str] = []
    utterance.tell_glimpses(lambda words: told.extend(each.text for each in words))
    return told


async def test_a_glimpse_is_told_once_and_is_not_the_words() -> None:
    decoder = GlimpsingDecoder(["就是心口疼"], WhisperSettings(workers=2), quick="心口疼")
    utterance = WhisperRecogniser(decoder).utterance()
    told = heard_by(utterance)
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    decoder.quick_gate.set()
    await until(lambda: told)
    assert told == ["心口疼"] and utterance.feed(b"") is None
    decoder.gate.set()
    assert (await utterance.finish()).text == "就是心口疼" and told == ["心口疼"]


async def test_a_glimpse_is_told_also_while_the_whole_words_are_waited_for() -> None:
    decoder = GlimpsingDecoder(["就是心口疼"], WhisperSettings(workers=2), quick="心口疼")
    utterance = WhisperRecogniser(decoder).utterance()
    told = heard_by(utterance)
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    ending = asyncio.ensure_future(utterance.finish())
    await asyncio.sleep(0)
    decoder.quick_gate.set()
    await until(lambda: told)
    assert not ending.done()
    decoder.gate.set()
    assert (await ending).text == "就是心口疼"


async def test_a_glimpse_of_what_went_on_is_not_told() -> None:
    decoder = GlimpsingDecoder(["没有"], WhisperSettings(workers=2), quick="心口疼")
    utterance = WhisperRecogniser(decoder).utterance()
    told = heard_by(utterance)
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    utterance.feed(SPEECH)
    decoder.quick_gate.set()
    decoder.gate.set()
    await until(lambda: decoder.glimpsed)
    await utterance.finish()
    assert told == []


async def test_a_glimpse_begins_before_the_pause_is_sure_and_is_kept_when_it_is() -> None:
    decoder = GlimpsingDecoder(["就是心口疼"], WhisperSettings(workers=2), quick="心口疼")
    utterance = WhisperRecogniser(decoder).utterance()
    told = heard_by(utterance)
    utterance.feed(QUIET + SPEECH)
    utterance.feed(QUIET[: len(QUIET) // 4])
    utterance.glimpse()
    utterance.feed(QUIET)
    utterance.speculate()
    decoder.quick_gate.set()
    await until(lambda: told)
    decoder.gate.set()
    await utterance.finish()
    assert (decoder.glimpsed, decoder.given_up, told) == (1, 0, ["心口疼"])


async def test_a_glimpse_gives_way_to_another_call_s_words() -> None:
    decoder = GlimpsingDecoder(["一"], WhisperSettings(workers=2), quick="心口疼")
    recogniser = WhisperRecogniser(decoder)
    first, second = recogniser.utterance(), recogniser.utterance()
    told = heard_by(first)
    first.feed(QUIET + SPEECH + QUIET)
    first.speculate()
    second.feed(QUIET + SPEECH + QUIET)
    second.speculate()
    assert second.coming
    await until(lambda: decoder.given_up == 1)
    decoder.gate.set()
    assert [(await each.finish()).text for each in (first, second)] == ["一", "一"] and not told


async def test_a_glimpse_before_the_pause_is_sure_waits_while_anybody_s_words_are_decoded() -> None:
    decoder = GlimpsingDecoder(["一"], WhisperSettings(workers=3), quick="心口疼")
    recogniser = WhisperRecogniser(decoder)
    busy, utterance = recogniser.submit(b""), recogniser.utterance()
    told = heard_by(utterance)
    utterance.feed(QUIET + SPEECH + QUIET)
    decoder.quick_gate.set()
    utterance.glimpse()
    utterance.speculate()  # sure now
    await until(lambda: told)
    decoder.gate.set()
    await asyncio.wrap_future(busy.result)
    await utterance.finish()
    assert decoder.glimpsed == 1


async def test_what_is_decoded_of_a_pause_is_given_up_once_speech_goes_on() -> None:
    decoder = GlimpsingDecoder(["就是心口疼"], WhisperSettings(workers=2), quick="心口疼")
    recogniser = WhisperRecogniser(decoder)
    utterance = recogniser.utterance()
    told = heard_by(utterance)
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    utterance.feed(SPEECH)
    await until(lambda: decoder.given_up == 1)  # the glimpse, by itself
    decoder.gate.set()
    assert (await utterance.finish()).text == "就是心口疼" and not told


def at_the_last_syllable(decoder: GatedDecoder) -> tuple[WhisperRecogniser, WhisperUtterance]:
    """An utterance whose glimpse, and with it the whole decoding, began in a gap that may become a pause."""
    recogniser = WhisperRecogniser(decoder)
    utterance = recogniser.utterance()
    heard_by(utterance)
    utterance.feed(QUIET + SPEECH + QUIET[: len(QUIET) // 4])
    utterance.glimpse()
    return recogniser, utterance


async def test_the_whole_decoding_begins_with_the_last_syllable_and_is_the_pause_s_own() -> None:
    decoder = GlimpsingDecoder(["没有"], WhisperSettings(workers=2), quick="没有")
    _, utterance = at_the_last_syllable(decoder)
    assert not utterance.coming  # nothing is awaited of a gap
    utterance.feed(QUIET)
    utterance.speculate()
    assert utterance.coming
    decoder.gate.set()
    assert (await utterance.finish()).text == "没有"
    assert decoder.sizes == [len(QUIET + SPEECH) + len(QUIET) // 4]
    utterance.discard()


@pytest.mark.parametrize("after", [SPEECH[:8_000], sound(0.2, 150)])
async def test_a_syllable_behind_the_gap_is_decoded_too_however_soft(after: bytes) -> None:
    decoder = GlimpsingDecoder(["没", "没有"], WhisperSettings(workers=2), quick="没")
    _, utterance = at_the_last_syllable(decoder)
    utterance.feed(after + QUIET)
    utterance.speculate()
    decoder.quick_gate.set()
    decoder.gate.set()
    assert (await utterance.finish()).text in ("没", "没有")
    assert max(decoder.sizes) >= len(QUIET + SPEECH + after)


async def test_words_of_a_gap_that_was_none_are_not_told() -> None:
    decoder = GlimpsingDecoder(["没", "没有"], WhisperSettings(workers=2), quick="没")
    _, utterance = at_the_last_syllable(decoder)
    decoder.gate.set()
    await until(lambda: decoder.sizes)
    assert utterance.feed(QUIET) is None
    utterance.discard()


async def test_another_call_s_words_come_before_what_was_begun_in_a_gap() -> None:
    decoder = GlimpsingDecoder(["一"], WhisperSettings(workers=2), quick="一")
    recogniser, first = at_the_last_syllable(decoder)
    second = recogniser.utterance()
    second.feed(QUIET + SPEECH + QUIET)
    second.speculate()
    assert second.coming
    first.feed(QUIET)
    first.speculate()  # begins anew: what it had has given way
    decoder.gate.set()
    assert [(await each.finish()).text for each in (first, second)] == ["一", "一"]
    assert decoder.given_up == 0  # the quick look goes on
    first.discard()


async def test_too_late_is_a_failure_not_a_hang() -> None:
    decoder = GatedDecoder(["一"], WhisperSettings(deadline_seconds=0.05))
    utterance = WhisperRecogniser(decoder).utterance()
    utterance.feed(SPEECH)
    with pytest.raises(RecogniserFailed, match="too_late"):
        await utterance.finish()
    decoder.gate.set()


class GivesUpOnce(GatedDecoder):
    """Its first decoding is given up by its worker, whoever waits for it."""

    def decode(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        found = super().decode(pcm, wanted)
        if len(self.sizes) == 1:
            raise NotWanted
        return found


async def test_words_whose_decoding_its_worker_gave_up_are_decoded_anew() -> None:
    decoder = GivesUpOnce(["", "我胸口疼"])
    utterance = WhisperRecogniser(decoder).utterance()
    utterance.feed(QUIET + SPEECH + QUIET)
    utterance.speculate()
    decoder.gate.set()
    assert (await utterance.finish()).text == "我胸口疼"


async def test_a_recogniser_closed_while_words_wait_for_a_worker_says_so() -> None:
    decoder = GatedDecoder(["一"], WhisperSettings(workers=1))
    recogniser = WhisperRecogniser(decoder)
    recogniser.submit(b"")
    utterance = recogniser.utterance()
    utterance.feed(SPEECH)
    ending = asyncio.ensure_future(utterance.finish())
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(recogniser.close())
    with pytest.raises(RecogniserFailed, match="closed"):
        await ending
    decoder.gate.set()
    await closing


async def test_a_closed_recogniser_says_so() -> None:
    recogniser = WhisperRecogniser(GatedDecoder(["一"]))
    await recogniser.close()
    with pytest.raises(RecogniserFailed, match="closed"):
        await recogniser.utterance().finish()


@pytest.mark.parametrize(
    ("tail", "silent"),
    [(b"", True), (QUIET, True), (SPEECH, False), (sound(0.1, 900), False), (QUIET + sound(0.05, 3_000), False)],
)
def test_silence_is_told_from_speech_by_this_utterance_s_own_loudness(tail: bytes, silent: bool) -> None:
    before = QUIET + SPEECH + QUIET
    assert only_silence_since(before + tail, len(before)) is silent


def test_in_doubt_it_is_speech() -> None:
    assert not only_silence_since(SPEECH + SPEECH[:2_048], 100)  # nothing before to compare with
    steady = sound(2.0, 500)  # no quiet part: speech and noise cannot be told apart
    assert not only_silence_since(steady + sound(0.3, 900), len(steady))
