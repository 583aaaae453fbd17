"""The red-flag rules and limits of one file of nlu_data/red_flags."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from agent.model.finding import Level, Manner, Status
from agent.model.reading_context import Limit, LimitSide
from agent.triage.yaml_source import YamlSource


@dataclass(frozen=True, slots=True)
class Rule:
    """A red-flag rule: one of `any_of`, or all of `all_of` (an entry may name a group of concepts). `despite` are
    statuses other than present that alarm all the same; `manners` are the levels of what is there in a certain
    manner, where they differ; `recent_past` is the level of what happened in the last days and is over."""

    id: str
    level: Level
    reason: str
    any_of: frozenset[str]
    all_of: tuple[frozenset[str], ...]
    recent_past: Level
    despite: frozenset[Status]
    unsure: Level
    manners: Mapping[Manner, Level]
    file: str
    line: int


_BOUNDS = ("above", "at_least", "below")


def rules_in(source: YamlSource, concepts: Collection[str]) -> list[Rule]:
    groups = {key: frozenset(value) for key, value in source.section("groups", optional=True).items()}

    def resolve(rule: str, name: str) -> frozenset[str]:
        found = groups.get(name, frozenset({name}))
        if unknown := found.difference(concepts):
            names = ", ".join(sorted(unknown))
            raise source.error(rule, f"rule {rule} names unknown {names}", "define the concept or correct the name")
        return found

    return [
        Rule(
            id=key,
            level=Level(value["level"]),
            reason=source.text_field(key, value, "reason"),
            any_of=frozenset(c for name in value.get("any", ()) for c in resolve(key, name)),
            all_of=tuple(resolve(key, name) for name in value.get("all", ())),
            recent_past=_recent_past(value),
            despite=frozenset(Status(status) for status in value.get("despite", ())),
            unsure=Level(value.get("unsure", "none")),
            manners={manner: Level(value[manner]) for manner in Manner if manner in value},
            file=source.name,
            line=source.line_of_key(key),
        )
        for key, value in source.section("rules").items()
    ]


def _recent_past(rule: Mapping[str, Any]) -> Level:
    """`true` is the rule's own level."""
    told = rule.get("recent_past", "none")
    return Level(rule["level"]) if told is True else Level(told)


def limits_in(source: YamlSource, concepts: Collection[str]) -> list[Limit]:
    limits = source.section("limits", optional=True)
    return [_limit(source, key, value, concepts) for key, value in limits.items()]


def _limit(source: YamlSource, key: str, value: dict[str, Any], concepts: Collection[str]) -> Limit:
    beside = frozenset(value.get("beside", ()))
    if unknown := beside.difference(concepts):
        raise source.error(key, f"limit {key} names unknown {', '.join(sorted(unknown))}", "correct the name")
    bound = next((word for word in _BOUNDS if word in value), None)
    if bound is None:
        raise source.error(key, f"limit {key} has no bound", "write above:, at_least: or below:")
    return Limit(
        id=key,
        measurement=source.text_field(key, value, "measurement"),
        side=LimitSide.BELOW if bound == "below" else LimitSide.ABOVE,
        value=float(value[bound]),
        level=Level(value["level"]),
        reason=source.text_field(key, value, "reason"),
        itself=bound == "at_least",
        beside=beside,
    )
