"""Questions whether something is done or lasts: the verb said back, whatever follows it."""

import pytest

from agent.dialog.echo import echoed, echoed_first, half_denied

BOOKED, DONE, LASTS, GOT = (
    "复诊的号约好了吗？",
    "要复查的项目查了吗？",
    "剩下的药还够吃两周吗？",
    "您的体检报告拿到了吗？",
)


@pytest.mark.parametrize(
    ("question", "words", "answer"),
    [
        (BOOKED, "约好了下周二", True),
        (BOOKED, "约了没约上", False),
        (DONE, "已经弄好了", True),
        (DONE, "查了一半", None),
        (LASTS, "够吃一个月的", True),
        (LASTS, "能吃半个月", True),
        (LASTS, "就够一个礼拜了", False),
        (LASTS, "够吃三天", False),
        (LASTS, "不够了", False),
        (GOT, "拿到了看不太懂", True),
        ("今年秋冬的流感疫苗，您打过了吗？", "前年打过", None),
        ("今年秋冬的流感疫苗，您打过了吗？", "打了新冠的算不算", None),
        ("嘴里有没有溃疡、破的地方？", "嘴里好好的呀", None),
    ],
)
def test_echo(question: str, words: str, answer: bool | None) -> None:
    assert echoed(question, words) is answer


def test_what_follows_the_first_clause_is_beside_the_point() -> None:
    assert echoed_first(GOT, "拿到了，看不太懂") is True


@pytest.mark.parametrize(
    ("words", "half"),
    [("有点肿，不疼", True), ("不肿，就是疼", True), ("又肿又疼", False), ("又肿又疼，肚子不疼", False), ("有", False)],
)
def test_a_question_for_two_things_together_is_denied_by_one(words: str, half: bool) -> None:
    assert half_denied("有没有一条小腿又肿又疼？", words) is half
    assert not half_denied("小腿肿不肿？", words)
