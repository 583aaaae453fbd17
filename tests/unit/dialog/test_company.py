"""Who is with the patient after a red flag, in words that are neither yes nor no."""

import pytest

from agent.dialog.echo import company
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.pathway import Respondent
from folders import PATHWAYS

ASKED = "您现在身边有人吗？"


@pytest.mark.parametrize("words", ["老伴在", "女儿在旁边", "我妈陪着我", "儿子刚回来", "我爸走了，我妈在"])
def test_somebody_is_there(words: str) -> None:
    assert company(ASKED, words) is True


@pytest.mark.parametrize(
    "words",
    ["我爸走了", "我爸刚走", "老伴走了好几年了", "老伴去世了", "闺女一会儿就来", "孩子上班去了", "就我一个", "我自己"],
)
def test_nobody_is_there(words: str) -> None:
    assert company(ASKED, words) is False


@pytest.mark.parametrize("words", ["拉了一回", "白天", "在家"])
def test_what_names_nobody_tells_nothing(words: str) -> None:
    assert company(ASKED, words) is None
    assert company("复诊的号约好了吗？", "老伴在") is None


def test_a_parent_is_never_asked_whether_anybody_is_near() -> None:
    """Whoever answers about a child is with the child; shared red flags would ask otherwise."""
    shelf = PathwayShelf(PATHWAYS)
    pathways = [shelf.get(name) for name in shelf.names()]
    asked = {one.respondent for one in pathways for flag in one.red_flags if "someone_near" in flag.closing}
    assert asked == {Respondent.PATIENT}
    assert any(one.respondent is Respondent.PARENT for one in pathways)
