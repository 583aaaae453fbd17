"""Plan rules as a coordinator writes them: what they choose, and what is said about a wrong line."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.dialog.pathway_loader import load_all
from agent.model.discharge import Discharge
from agent.model.people import Tier
from agent.model.plan_rules import Every, PlanRules
from agent.model.problem import ContentError
from agent.planning.plan_rules_file import load_rules, rule_problems
from agent.planning.planner import RulePlanner
from folders import PATHWAYS

HOUSE = PATHWAYS.parents[1] / "plans" / "rules.yml"
ALL = load_all(PATHWAYS)
RULES = """
其余分层: 中
分层规则:
  - {名称: 高龄心衰, 诊断: [心衰], 编码: [I50], 年龄: {从: 80}, 定为: 高}
路径规则:
  - {名称: 支架, 手术: [支架], 不含: [脑], 用: [coronary_stent]}
  - {名称: 吸烟的高危, 标签: [吸烟], 分层: [高], 加上: [copd]}
加密联系: {高: {每: 7, 到: 28}}
只做宣教: [低]
"""


def discharge(diagnosis: str, tier: Tier | None = None, **changes: Any) -> Discharge:
    return Discharge("王秀兰", "+8613490000001", diagnosis, date(2026, 11, 18), tier, **changes)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rules.yml"
    path.write_text(text, encoding="utf-8")
    return path


def chosen(path: Path, one: Discharge) -> tuple[Tier, list[str]]:
    planned = RulePlanner(load_rules(path, ALL), ALL).plan_for(one)
    return planned.tier, [each.pathway for each in planned.pathways]


@pytest.mark.parametrize(
    ("one", "tier", "pathways"),
    [
        (discharge("心力衰竭", icd10=("I50.0",), birth_year=1940), Tier.HIGH, ["heart_failure"]),
        (discharge("慢性心衰", birth_year=1947), Tier.MIDDLE, ["heart_failure"]),  # 79
        (discharge("慢性心衰"), Tier.MIDDLE, ["heart_failure"]),  # nobody knows the age
        (discharge("心绞痛", procedure="冠脉支架置入术"), Tier.MIDDLE, ["coronary_stent"]),
        (discharge("高血压", Tier.HIGH, tags=("吸烟", "独居")), Tier.HIGH, ["hypertension", "copd"]),
        (discharge("高血压", Tier.MIDDLE, tags=("吸烟",)), Tier.MIDDLE, ["hypertension"]),
        (discharge("骨折"), Tier.MIDDLE, []),
    ],
)
def test_rules_choose_tier_and_pathways(tmp_path: Path, one: Discharge, tier: Tier, pathways: list[str]) -> None:
    assert chosen(written(tmp_path, RULES), one) == (tier, pathways)


@pytest.mark.parametrize(
    ("diagnosis", "tier"),
    [
        ("急性前壁心肌梗死", Tier.MIDDLE),  # in words the rule does not know: the middle one
        ("I21.0", Tier.MIDDLE),
        ("急性心肌梗死", Tier.HIGH),
        ("陈旧性心肌梗死，急性心肌梗死病史", Tier.MIDDLE),
        ("结肠癌，结肠部分切除术后", Tier.HIGH),
        ("结肠癌", Tier.MIDDLE),
        ("慢性心力衰竭", Tier.HIGH),
    ],
)
def test_the_houses_own_rules(diagnosis: str, tier: Tier) -> None:
    assert load_rules(HOUSE, ALL).tier_of(discharge(diagnosis)) is tier


def test_the_source_knows_the_tier_better_than_a_rule() -> None:
    assert load_rules(HOUSE, ALL).tier_of(discharge("急性心肌梗死", Tier.LOW)) is Tier.LOW


def test_low_is_education_only_and_high_is_called_more_often() -> None:
    planner = RulePlanner(load_rules(HOUSE, ALL), ALL)
    assert planner.plan_for(discharge("心力衰竭", Tier.LOW)).education_only
    high = planner.plan_for(discharge("心绞痛，支架术后", Tier.HIGH))
    assert high.pathways[0].node_days == (7, 14, 21, 30, 90, 180)
    assert planner.days_of("coronary_stent", Tier.MIDDLE) == (7, 30, 90, 180)
    assert planner.days_of("no_such", Tier.HIGH) == ()


def test_a_closer_contact_is_not_made_beside_a_node() -> None:
    rules = PlanRules(closer={Tier.HIGH: Every(7, 28)})
    assert rules.node_days((3, 10, 25), Tier.HIGH) == (3, 10, 14, 21, 25)  # 7 and 28 have one within three days
    assert rules.node_days((30, 7), Tier.MIDDLE) == (7, 30)


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        ("其余分层: 很高\n", 1, "很高"),
        ("分层规则: []\n", 1, "其余分层"),
        ("其余分层: 中\n路径规则:\n  - 名称: 甲\n    诊断: [心衰]\n    用: [heart_failur]\n", 5, "heart_failure"),
        ("其余分层: 中\n路径规则:\n  - 名称: 甲\n    诊断: [心衰]\n", 3, "用"),
        ("其余分层: 中\n分层规则:\n  - {名称: 甲, 定为: 高}\n", 3, "every patient"),
        ("其余分层: 中\n分层规则:\n  - 名称: 甲\n    年龄: {从: 80, 到: 60}\n    定为: 高\n", 4, "lower"),
        ("其余分层: 中\n读数规则:\n  - {名称: 甲, 读数: 血压, 目标低于: 140, 连续: 2, 几天内再联系: 7}\n", 3, "140/90"),
        ("其余分层: 中\n读数规则:\n  - {名称: 甲, 读数: 血糖, 连续: 2, 几天内再联系: 7}\n", 3, "目标低于"),
        ("其余分层：中\n", 1, "："),
        ("其余分层: 中\n分层规责: []\n", 1, "分层规则"),
    ],
)
def test_a_wrong_line_is_named_with_what_to_write(tmp_path: Path, text: str, line: int, named: str) -> None:
    (problem,) = rule_problems(written(tmp_path, text), ALL)
    assert problem.line in (line, 0), problem
    assert named in f"{problem.message} {problem.remedy}"
    with pytest.raises(ContentError):
        load_rules(written(tmp_path, text), ALL)


def test_the_house_validates() -> None:
    assert rule_problems(HOUSE, ALL) == []
