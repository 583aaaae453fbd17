"""Whoever says goodbye in words that were heard as others is let go; nothing else becomes a goodbye."""

from collections.abc import Sequence

import pytest

from agent.hearing.verifier import Verifier
from agent.hearing.verifying_decoder import VerifyingDecoder
from agent.model.turn import Hypothesis, Origin
from tests.unit.hearing.test_verifying_decoder import OneSentence


def bears(*words: str, loss: float = 2.0) -> "Judge":
    return Judge(words, loss)


class Judge:
    """Finds texts with one of the words by `loss` less likely than what was heard, all others by far."""

    def __init__(self, words: tuple[str, ...], loss: float) -> None:
        self._words, self._loss = words, loss

    def __call__(self, texts: Sequence[str]) -> list[float]:
        return [0.0, *(-self._loss if any(word in text for word in self._words) else -30.0 for text in texts[1:])]


@pytest.mark.parametrize(
    ("heard", "farewell"),
    [
        ("就这样把再紧。", "就这样吧再见。"),
        ("我先管了。", "我先挂了。"),
        ("好的好的再级。", "好的好的再见。"),
        ("不说了挂呢。", "不说了挂了。"),
        ("谢谢在卷。", "谢谢再见。"),
        ("那就这样过了啊。", "那就这样挂了啊。"),
    ],
)
def test_a_farewell_is_heard(verifier: Verifier, heard: str, farewell: str) -> None:
    found = verifier.taking_leave([Hypothesis(heard, 0.6)], bears("挂了", "再见"))
    assert [each.text for each in found] == [farewell, heard] and found[0].confidence == 0.6


@pytest.mark.parametrize(
    "heard",
    [
        "先怪得更好。",  # 先挂得更好: something follows
        "先罐了个号。",
        "在家歇着。",
        "再一家。",
        "我还有事先挂了再见。",  # heard as it was said
        "再看看吧。",
        "大家都好。",
        "我先摔了。",  # a fall, never taken for a farewell
        "胸口疼就这样把再紧。",  # a symptom before it
    ],
)
def test_what_is_no_farewell_stays(verifier: Verifier, heard: str) -> None:
    found = verifier.taking_leave([Hypothesis(heard, 0.6)], bears("挂了", "再见"))
    assert [each.text for each in found] == [heard]


def test_a_farewell_that_the_sound_does_not_bear_is_none(verifier: Verifier) -> None:
    heard = [Hypothesis("我先管了。", 0.6)]
    assert verifier.taking_leave(heard, bears("挂了", loss=6.0)) == heard


def test_where_a_danger_may_have_been_told_nobody_takes_leave(verifier: Verifier) -> None:
    heard = [Hypothesis("我先管了。", 0.6), Hypothesis("我先昏了", 0.3, Origin.VERIFIED)]
    assert verifier.taking_leave(heard, bears("挂了")) == heard


def test_the_decoder_gives_the_farewell_first(verifier: Verifier) -> None:
    texts = [each.text for each in VerifyingDecoder(OneSentence("就这样把再紧。", "再见"), verifier).decode(b"")]
    assert texts[:2] == ["就这样吧再见。", "就这样把再紧。"]
