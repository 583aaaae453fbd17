"""What the robot does while somebody speaks over it, moment by moment."""

import pytest

from agent.speech.backchannels import is_backchannel, is_murmur, is_murmur_over_a_question, is_sure
from agent.speech.barge_in import Manners, Overlap, manners

GO_ON, LOWER, STOP = Manners.GO_ON, Manners.LOWER, Manners.STOP


@pytest.mark.parametrize(
    ("overlap", "does"),
    [
        (Overlap(0.10, 0.0), GO_ON),
        (Overlap(0.30, 0.0), LOWER),
        (Overlap(0.50, 0.1), LOWER),
        (Overlap(0.50, 0.3), GO_ON),
        (Overlap(0.70, 0.0), STOP),
        (Overlap(0.70, 0.0, "嗯嗯"), LOWER),
        (Overlap(1.30, 0.0, "嗯嗯"), STOP),
        (Overlap(0.30, 0.0, "我想问"), STOP),
        (Overlap(0.30, 0.0, "我"), LOWER),
        (Overlap(0.90, 0.0, near=False), GO_ON),
    ],
)
def test_manners(overlap: Overlap, does: Manners) -> None:
    assert manners(overlap) is does


@pytest.mark.parametrize("text", ["嗯", "哦。", "好的好的", "对对", "知道了"])
def test_murmurs(text: str) -> None:
    assert is_backchannel(text) and is_murmur(text, 0.99) and not is_sure(text, 0.99)


@pytest.mark.parametrize("text", ["", "不好", "没有", "好疼", "对了我想问"])
def test_no_murmurs(text: str) -> None:
    assert not is_backchannel(text) and not is_murmur(text, 0.9)


def test_what_is_made_up_for_a_murmur_stops_nothing_and_is_dropped_only_when_wild() -> None:
    assert is_murmur("你呢？", 0.27) and not is_sure("你呢？", 0.27)
    assert not is_murmur("胸疼", 0.4) and not is_sure("胸疼", 0.4)
    assert is_sure("等一下", 0.7) and is_sure("我胸口疼得厉害", 0.2) and not is_sure("你认得吗？", 0.4)


def test_over_a_question_a_short_guess_is_a_murmur_unless_it_may_tell_something() -> None:
    assert all(is_murmur_over_a_question(text, 0.47) for text in ("以下。", "我。", "您的。", "嗯"))
    telling = ("没有", "有点", "心疼", "憋", "3 3", "我想问一下")
    assert not any(is_murmur_over_a_question(text, 0.31) for text in telling)
    assert not is_murmur_over_a_question("我。", 0.6) and not is_murmur("我。", 0.47)
