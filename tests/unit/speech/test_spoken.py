import pytest

from agent.speech.spoken import breaths, spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("请立刻拨打120。", "请立刻拨打幺二零。"),
        ("急救电话120", "急救电话幺二零"),
        ("血压120/80mmHg", "血压120，80毫米汞柱"),
        ("高压120。", "高压120。"),
        ("叫115床", "叫115床"),
        ("请拨0571-88000000", "请拨零五七幺，八八零零零零零零"),
        ("热线12320", "热线幺二三二零"),
        ("上午9:30来", "上午9点30分来"),
        ("14:05", "14点零5分"),
        ("8:00", "8点"),
        ("体温38.5℃", "体温38.5度"),
        ("胖了2kg", "胖了2公斤"),
        ("您在2026年出院", "您在2026年出院"),
    ],
)
def test_numbers_are_said_as_people_say_them(written: str, said: str) -> None:
    assert spoken(written) == said


def test_breaths_are_sentences_and_long_ones_break_at_commas() -> None:
    assert breaths("您好。我是随访助手！方便吗？") == ["您好。", "我是随访助手！", "方便吗？"]
    long = "，".join(["这是一个很长的分句内容"] * 12) + "。"
    pieces = breaths(long)
    assert "".join(pieces) == long and all(len(piece) <= 60 for piece in pieces) and len(pieces) > 1


@pytest.mark.parametrize("nothing", ["", "。。。", " \n", "——"])
def test_nothing_to_say_is_no_breath(nothing: str) -> None:
    assert breaths(nothing) == []
