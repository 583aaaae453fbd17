"""Answers taken back in one breath."""

import pytest

from agent.model.last_word import last_word


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("停了，不对不对，天天吃", "天天吃"),
        ("有人…哎，我记错了，就我一个人", "就我一个人"),
        ("没有，我刚才说错了，有一点", "有一点"),
        ("左边，哦不，右边", "右边"),
        ("疼，不是不是，不疼", "不疼"),
        ("吃了。不对，忘了", "忘了"),
    ],
)
def test_what_was_said_last_counts(said: str, left: str) -> None:
    assert last_word(said) == left


@pytest.mark.parametrize(
    "said", ["不对，没有", "有，不是，没有", "感觉不对劲，胸口疼", "没事，就是觉得哪里不对，说不上来", "药停了，不对"]
)
def test_a_mere_no_takes_nothing_back(said: str) -> None:
    assert last_word(said) == said
