"""plans/rules.yml → plan rules; everything wrong in it with its line and what to write instead."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from agent.content_schema import schema_errors
from agent.content_yaml import Source, nearest, read_source
from agent.model.people import Tier
from agent.model.plan_rules import AfterRed, Every, PathwayRule, PlanRules, ReadingRule, TierRule, Who
from agent.model.problem import ContentError

SCHEMA = Path(__file__).resolve().parents[2] / "plans" / "schema.json"
TIERS = {"高": Tier.HIGH, "中": Tier.MIDDLE, "低": Tier.LOW}
READINGS = {
    "血压": "blood_pressure", "血糖": "glucose", "体重": "weight", "心率": "heart_rate", "血氧": "spo2",
}  # fmt: skip


def load_rules(path: Path, pathways: Collection[str]) -> PlanRules:
    """Raises the first ContentError; `pathways` are the ids a rule may name."""
    for error in rule_problems(path, pathways):
        raise error
    return _build(read_source(path).data)


def rule_problems(path: Path, pathways: Collection[str]) -> list[ContentError]:
    """Everything wrong in the file, in its order; empty when all is well."""
    try:
        source = read_source(path)
    except ContentError as broken:
        return [broken]
    by_schema = schema_errors(source, SCHEMA)
    return by_schema or sorted(_checked(source, pathways), key=lambda error: error.line)


def _checked(source: Source, pathways: Collection[str]) -> Iterator[ContentError]:
    for index, rule in enumerate(source.data.get("路径规则", [])):
        where = ("路径规则", index)
        if "用" not in rule and "加上" not in rule:
            yield source.error(where, "this rule names no pathway", "Add `用: [路径]` or `加上: [路径]`")
        for key in ("用", "加上"):
            for name in rule.get(key, []):
                if name not in pathways:
                    remedy = nearest(name, pathways, f"there are: {', '.join(sorted(pathways))}")
                    yield source.error((*where, key), f"there is no pathway {name}", remedy)
    for key in ("分层规则", "路径规则"):
        for index, rule in enumerate(source.data.get(key, [])):
            yield from _about_nobody(source, (key, index), rule)
    for index, rule in enumerate(source.data.get("读数规则", [])):
        yield from _bounds(source, ("读数规则", index), rule)


def _about_nobody(source: Source, where: tuple[str, int], rule: dict[str, Any]) -> Iterator[ContentError]:
    if not {"诊断", "编码", "手术", "标签", "年龄", "分层"} & rule.keys():
        yield source.error(where, "this rule fits every patient", "Say whom it is about: 诊断 编码 手术 标签 年龄")
    age = rule.get("年龄", {})
    if age.get("从", 0) > age.get("到", 130):
        yield source.error((*where, "年龄"), "从 is above 到", "Write the lower age first")


def _bounds(source: Source, where: tuple[str, int], rule: dict[str, Any]) -> Iterator[ContentError]:
    given = [key for key in ("目标低于", "目标高于") if key in rule]
    if not given:
        yield source.error(where, "no target", "Add `目标低于:` or `目标高于:`")
    wanted = 2 if rule["读数"] == "血压" else 1
    for key in given:
        if len(_numbers(rule[key])) != wanted:
            form = "140/90" if wanted == 2 else "7.0"
            yield source.error((*where, key), f"{rule[key]!r} is no such target", f"Write it like {form}")


def _numbers(written: object) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in str(written).split("/"))
    except ValueError:
        return ()


def _build(data: dict[str, Any]) -> PlanRules:
    red = data.get("红色预警后")
    return PlanRules(
        default_tier=TIERS[data["其余分层"]],
        tiers=tuple(TierRule(rule["名称"], _who(rule), TIERS[rule["定为"]]) for rule in data.get("分层规则", [])),
        pathways=tuple(
            PathwayRule(rule["名称"], _who(rule), tuple(rule.get("用", ())), tuple(rule.get("加上", ())))
            for rule in data.get("路径规则", [])
        ),
        closer={TIERS[tier]: Every(each["每"], each["到"]) for tier, each in data.get("加密联系", {}).items()},
        education_only=frozenset(TIERS[tier] for tier in data.get("只做宣教", [])),
        after_red=AfterRed(TIERS.get(red.get("分层", "")), Every(red["每"], red["共"])) if red else None,
        readings=tuple(_reading(rule) for rule in data.get("读数规则", [])),
    )


def _who(rule: dict[str, Any]) -> Who:
    age = rule.get("年龄", {})
    return Who(
        diagnosis=tuple(rule.get("诊断", ())),
        icd10=tuple(code.upper() for code in rule.get("编码", ())),
        procedure=tuple(rule.get("手术", ())),
        tags=tuple(rule.get("标签", ())),
        without=tuple(rule.get("不含", ())),
        tiers=tuple(TIERS[tier] for tier in rule.get("分层", ())),
        age_from=age.get("从"),
        age_to=age.get("到"),
    )


def _reading(rule: dict[str, Any]) -> ReadingRule:
    return ReadingRule(
        name=rule["名称"],
        reading=READINGS[rule["读数"]],
        times=rule["连续"],
        within_days=rule["几天内再联系"],
        below=_numbers(rule["目标低于"]) if "目标低于" in rule else (),
        above=_numbers(rule["目标高于"]) if "目标高于" in rule else (),
    )
