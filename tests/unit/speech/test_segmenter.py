"""Turn-taking, told as what a caller does on a clock of 32 ms frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.model.turn import Expect
from agent.speech.completeness import Awaited
from agent.speech.segmenter import (
    Paused,
    Resumed,
    Segmenter,
    SpeechEnded,
    SpeechEvent,
    SpeechStarted,
    TurnTaking,
)

FRAME = 0.032


def hear(
    segmenter: Segmenter, *spans: tuple[float, float], until: float, partial: str | None = None
) -> list[SpeechEvent]:
    """Feeds frames up to `until`; within the spans (start, end) somebody speaks."""
    events: list[SpeechEvent] = []
    for number in range(1, round(until / FRAME) + 1):
        at = number * FRAME
        speaking = any(start < at - FRAME / 2 < end for start, end in spans)
        events += segmenter.feed(at, 0.95 if speaking else 0.02, partial)
    return events


def ends(events: list[SpeechEvent]) -> list[SpeechEnded]:
    return [event for event in events if isinstance(event, SpeechEnded)]


def test_one_utterance_from_onset_to_end() -> None:
    events = hear(Segmenter(), (1.0, 2.5), until=4.0)
    assert [type(event) for event in events] == [SpeechStarted, Paused, SpeechEnded]
    started, paused, ended = events
    assert isinstance(started, SpeechStarted) and started.at == pytest.approx(1.0, abs=FRAME)
    assert isinstance(paused, Paused) and paused.at == pytest.approx(2.5, abs=FRAME)
    assert isinstance(ended, SpeechEnded)
    assert (ended.start, ended.end) == (pytest.approx(1.0, abs=FRAME), pytest.approx(2.5, abs=FRAME))
    assert not ended.cut


def test_a_click_is_not_speech() -> None:
    assert hear(Segmenter(), (1.0, 1.06), until=3.0) == []


def test_two_clicks_far_apart_do_not_add_up() -> None:
    assert hear(Segmenter(), (1.0, 1.06), (1.5, 1.56), (2.0, 2.06), until=3.0) == []


def test_a_short_word_is_heard() -> None:
    assert len(ends(hear(Segmenter(), (1.0, 1.15), until=3.0))) == 1


def test_a_pause_within_an_utterance_does_not_end_it() -> None:
    events = hear(Segmenter(), (1.0, 2.0), (2.5, 3.5), until=6.0)
    assert [type(event) for event in events] == [SpeechStarted, Paused, Resumed, Paused, SpeechEnded]
    assert ends(events)[0].end == pytest.approx(3.5, abs=FRAME)


def test_a_longer_pause_makes_two_utterances() -> None:
    assert len(ends(hear(Segmenter(), (1.0, 2.0), (3.0, 4.0), until=6.0))) == 2


FREE = Awaited(Expect.FREE_TEXT)
CLOSED = Awaited(Expect.YES_NO)
PRESSURES = Awaited(Expect.NUMBER, numbers=2)


def utterances(pause: float, awaited: Awaited, partial: str | None = None) -> int:
    """How many utterances two stretches of speech with this pause between them are taken for."""
    segmenter = Segmenter()
    segmenter.listen(awaited)
    return len(ends(hear(segmenter, (1.0, 2.0), (2.0 + pause, 4.0 + pause), until=8.0 + pause, partial=partial)))


def wait(awaited: Awaited, partial: str) -> float:
    """Seconds from the end of speech to the decision that it was the end."""
    segmenter = Segmenter()
    segmenter.listen(awaited)
    for number in range(1, 200):
        at = number * FRAME
        if ends(segmenter.feed(at, 0.95 if 0.5 < at < 1.5 else 0.02, partial)):
            return at - 1.5
    raise AssertionError("it never ended")


def test_an_open_question_allows_longer_pauses_than_a_closed_one() -> None:
    assert utterances(1.2, CLOSED) == 2
    assert utterances(1.2, FREE) == 1


@pytest.mark.parametrize("partial", ["没有。", "好的", "不疼", "都正常"])
def test_a_whole_short_answer_ends_at_once(partial: str) -> None:
    assert wait(CLOSED, partial) <= 0.55
    assert wait(CLOSED, "走路走快了") >= 0.65


@pytest.mark.parametrize(
    ("awaited", "partial"),
    [
        (PRESSURES, "高压一百四"),
        (PRESSURES, "高压一百四十，低压"),
        (CLOSED, "没有，就是"),
        (CLOSED, "嗯，那个"),
        (FREE, "阿司匹林，还有"),
    ],
)
def test_words_in_mid_air_are_waited_for(awaited: Awaited, partial: str) -> None:
    assert utterances(1.5, awaited, partial) == 1


def test_a_whole_pressure_ends_at_once() -> None:
    assert wait(PRESSURES, "高压一百四，低压九十") <= 0.45


def test_an_old_patient_is_given_longer_in_every_case() -> None:
    for partial in ("没有", "胸口那儿", "没有，就是"):
        slow = Awaited(Expect.YES_NO, unhurried=True)
        assert wait(slow, partial) >= 1.2 * wait(CLOSED, partial)


def test_a_sound_that_was_not_understood_is_the_breath_before_the_answer() -> None:
    assert utterances(1.5, CLOSED, "") == 1 and utterances(1.5, CLOSED, None) == 2


def test_words_on_their_way_are_waited_for_but_not_for_ever() -> None:
    segmenter = Segmenter()
    segmenter.listen(CLOSED)
    decided = []
    for number in range(1, 200):
        at = number * FRAME
        if ends(segmenter.feed(at, 0.95 if 0.5 < at < 1.5 else 0.02, coming=True)):
            decided.append(at - 1.5)
    assert decided == [pytest.approx(2.5, abs=2 * FRAME)]


def test_the_words_end_the_waiting_for_them() -> None:
    segmenter = Segmenter()
    segmenter.listen(CLOSED)
    decided = []
    for number in range(1, 200):
        at = number * FRAME
        known = at > 2.4
        events = segmenter.feed(at, 0.95 if 0.5 < at < 1.5 else 0.02, "没有" if known else None, coming=not known)
        decided += [at for _ in ends(events)]
    assert decided == [pytest.approx(2.4, abs=2 * FRAME)]


def test_an_endless_talker_is_cut_and_followed_on() -> None:
    segmenter = Segmenter(TurnTaking(max_utterance_seconds=5.0))
    utterances = ends(hear(segmenter, (1.0, 9.0), until=12.0))
    assert [u.cut for u in utterances] == [True, False]
    assert utterances[0].end - utterances[0].start == pytest.approx(5.0, abs=FRAME)
    assert utterances[1].start - utterances[0].end <= FRAME + 1e-6  # nothing falls between


def test_the_line_closes_in_mid_word() -> None:
    segmenter = Segmenter()
    hear(segmenter, (1.0, 3.0), until=2.0)
    assert segmenter.speaking
    assert [e.cut for e in ends(segmenter.close())] == [True]
    assert segmenter.close() == [] and not segmenter.speaking


def test_lost_frames_count_as_silence_not_as_speech() -> None:
    segmenter = Segmenter()
    assert segmenter.feed(0.032, 0.9) == []
    assert segmenter.feed(5.0, 0.9) == [SpeechStarted(pytest.approx(4.9))]  # the frame, no more of the hole


def test_hysteresis_keeps_a_soft_ending() -> None:
    segmenter = Segmenter()
    for number in range(1, 20):
        segmenter.feed(number * FRAME, 0.9)
    assert segmenter.feed(20 * FRAME, 0.4) == []
    assert Segmenter().feed(FRAME, 0.4) == []


@given(st.lists(st.floats(0, 1), max_size=300))
def test_events_always_alternate_and_lie_in_the_past(probabilities: list[float]) -> None:
    segmenter = Segmenter(TurnTaking(max_utterance_seconds=3.0))
    open_since: float | None = None
    for number, probability in enumerate(probabilities, 1):
        for event in segmenter.feed(number * FRAME, probability):
            if isinstance(event, SpeechStarted):
                assert open_since is None
                open_since = event.at
            else:
                assert open_since is not None
            if isinstance(event, SpeechEnded):
                assert event.start == open_since and open_since < event.end <= number * FRAME + 1e-9
                open_since = None
    assert segmenter.speaking == (open_since is not None)


def test_words_that_a_short_sound_cannot_hold_are_waited_out() -> None:
    """嗯 written down as 对不对 is no answer: the patient goes on after a second, and is not cut off."""
    segmenter = Segmenter()
    segmenter.listen(Awaited(Expect.YES_NO))
    assert ends(hear(segmenter, (1.0, 1.25), (2.3, 2.8), until=3.0, partial="是的没有")) == []
    assert len(ends(hear(Segmenter(), (1.0, 1.25), until=3.0, partial="没有"))) == 1
