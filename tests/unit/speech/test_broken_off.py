"""A decoding that ended after a syllable is made once more with another length of silence behind the words."""

import pytest

from agent.model.turn import Hypothesis
from agent.speech.broken_off import broken_off, likelier


@pytest.mark.parametrize(
    ("text", "confidence", "seconds", "again"),
    [
        ("层", 0.13, 1.3, True),
        ("以下。", 0.11, 1.3, True),
        ("对", 0.6, 1.3, False),  # sure
        ("层", 0.13, 0.7, False),  # a syllable may be all there was
        ("你", 0.44, 1.3, True),
        ("你的没", 0.13, 1.0, True),
        ("你的没", 0.3, 1.0, False),
        ("听得没错。", 0.1, 1.3, False),
    ],
)
def test_hardly_a_word_of_much_sound_is_heard_again(text: str, confidence: float, seconds: float, again: bool) -> None:
    assert broken_off((Hypothesis(text, confidence),), seconds) is again


def test_silence_is_not_heard_again() -> None:
    assert not broken_off((), 2.0)


def test_the_surer_of_two_decodings_goes_first_and_no_text_is_lost_to_the_better_one() -> None:
    first, second = (Hypothesis("层", 0.13),), (Hypothesis("这个没错", 0.4), Hypothesis("层", 0.1))
    assert likelier(first, second) == second
    assert likelier(first, ()) == first
    assert likelier((Hypothesis("疼", 0.2),), (Hypothesis("层", 0.1),)) == (Hypothesis("疼", 0.2),)
    assert [h.text for h in likelier((Hypothesis("疼", 0.2), Hypothesis("痛", 0.1)), (Hypothesis("好疼", 0.3),))] == [
        "好疼",
        "疼",
    ]
