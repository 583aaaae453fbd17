"""A written talk is said again turn by turn, and replies that differ are shown with what they were."""

from pathlib import Path

import pytest

from agent.model.problem import ContentError
from agent.model.turn import TurnKind
from commands.talk_again import Again, read_script

CASE = """
node: 7
patient: {birth_year: 1955}
turns:
- {says: 是我, move: affirm, expect: {reply: 请说出生年份。}}
- {kind: silence}
- {says: 不喘, move: deny, expect: {reply: 好的。}}
"""


def test_the_words_come_in_order_and_what_differs_is_told(tmp_path: Path) -> None:
    path = tmp_path / "talk.yml"
    path.write_text(CASE, encoding="utf-8")
    script = read_script(path, TurnKind.SPEECH)
    again = Again(script)
    assert (script.node, script.birth_year) == (7, 1955)
    assert again.otherwise("您好。") is None  # the opening belongs to no turn
    assert again.next() == (TurnKind.SPEECH, "是我") and again.otherwise("请说出生年份。") is None
    assert again.next() == (TurnKind.SILENCE, "") and again.otherwise("听得到吗？") is None
    assert again.next() == (TurnKind.SPEECH, "不喘") and again.otherwise("没听清。") == "好的。"
    assert again.next() == (TurnKind.HANGUP, "")
    assert (again.heard, again.different) == (2, 1)


@pytest.mark.parametrize("text", ["", "turns: []\nturns: []", "turns: 3", "- a\n- b", "turns: [{kind: dance}]"])
def test_a_file_that_is_no_talk_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError):
        read_script(path, TurnKind.SPEECH)
