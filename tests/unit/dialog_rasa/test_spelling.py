import pytest

from agent.dialog.spelling import normalise


@pytest.mark.parametrize(
    ("said", "one_spelling"),
    [
        ("我 今天 有点 头晕", "我今天有点头晕"),
        ("不对，我刚才说错了，是一百六！", "不对 我刚才说错了 是一百六".replace(" ", "")),
        ("ＯＫ", "ok"),
        ("who are you?", "who are you"),
        ("血压 145 90", "血压145 90"),
        ("呜呜呜呜呜呜", "呜呜呜"),
        ("。。。", ""),
        ("145/90", "145/90"),
        ("please please please 我这两天喘得厉害", "我这两天喘得厉害"),
        ("我这两天喘得厉害 please please", "我这两天喘得厉害"),
        ("please please help", "please please help"),
        ("行那先这样 bye bye", "行那先这样 bye bye"),
    ],
)
def test_one_spelling(said: str, one_spelling: str) -> None:
    assert normalise(said) == one_spelling


def test_spelling_is_stable() -> None:
    once = normalise("喂， 喂喂 喂 , Hello  你好")
    assert normalise(once) == once
