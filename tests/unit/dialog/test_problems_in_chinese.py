"""No message of the content checks reaches a clinician in English."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.dialog.problems_in_chinese import in_chinese

AGENT = Path(__file__).parents[3] / "agent"
CHECKS = (
    "content_schema", "content_yaml", "points_file", "planning/plan_rules_file", "triage/check", "triage/content",
    "triage/red_flag_rules", "triage/yaml_source", "triage/second_opinion/check", "triage/second_opinion/sentences",
    "answering/content", "chat/content", "wechat/content", "dialog/pathway_versions",
    "dialog/pathway_checks", "dialog/pathway_crosscheck", "dialog/pathway_loader",
    "dialog/pathway_pictures", "dialog/nlu_check", "dialog/faq",
)  # fmt: skip
REPORTS = {"error", "ContentError", "Problem", "_problem", "_at", "nearest"}
STANDS_FOR = "7"  # any name or number


def written(node: ast.expr) -> str | None:
    """The text of a literal with `7` for each value put into it; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else STANDS_FOR for part in node.values)
    return None


def sayings() -> Iterator[str]:
    """Messages and remedies as the checks write them, in calls or in variables that go into those."""
    for name in CHECKS:
        for node in ast.walk(ast.parse((AGENT / f"{name}.py").read_text(encoding="utf-8"))):
            texts: list[ast.expr] = []
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in REPORTS:
                texts = node.args
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("message", "remedy"):
                texts = [node.value]
            for text in filter(None, map(written, texts)):
                if " " in text and not text.endswith(".yml") and "%s" not in text and text != "7: 7":
                    yield text


@pytest.mark.parametrize("saying", sorted(set(sayings())))
def test_every_saying_is_there_in_chinese(saying: str) -> None:
    said = in_chinese(saying)
    assert said != saying
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)


def test_names_and_numbers_stay() -> None:
    assert in_chinese("node 7 asks brethe, which is not written") == "第 7 天的节点要问 brethe，但没有写这个问题"
    said = in_chinese("Perhaps you mean breath; otherwise: Add it under `questions:`; written are breath, swelling")
    assert said == "是不是想写 breath？不是的话：请在 `questions:` 下面补写；已经写了的有：breath, swelling"
    assert in_chinese("questions.breath.wording.voice: 52 characters, at most 40 are spoken") == (
        "questions.breath.wording.voice：有 52 个字，一句最多说 40 个字"
    )
