"""What an answer settles of the findings asked, as a conversation takes it: None is asked again."""

import pytest

from agent.model.finding import Status
from agent.triage.reader import Reader

PRESENT, DENIED = Status.PRESENT, Status.DENIED


@pytest.mark.parametrize(
    ("question", "answer", "words", "wanted"),
    [
        # a no at the end of a clause speaks of what the clause names, and of no other finding of the list
        ("有没有打嗝、烧心？", "嗝一个接一个，烧心没有", ["打嗝", "烧心"], [None, DENIED]),
        ("有没有腹胀、便血？", "胀得像面鼓，血水倒没有", ["腹胀", "便血"], [PRESENT, DENIED]),
        ("有没有便血、腹胀？", "开始有，后来没有了", ["便血", "腹胀"], [DENIED, DENIED]),
        ("便血吗？", "纸上有一点", ["便血"], [PRESENT]),
        ("有没有头痛、接触性出血？", "后者有", ["头痛", "接触性出血"], [None, PRESENT]),
    ],
)
def test_what_is_settled(
    reader: Reader, question: str, answer: str, words: list[str], wanted: list[Status | None]
) -> None:
    assert reader.settled_statuses(answer, question, words) == wanted
