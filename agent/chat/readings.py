"""Readings of the last days, as they are answered and drawn (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from agent.model.clock import HOSPITAL_ZONE
from agent.model.observation import Observation
from agent.model.pathway import Pathway
from agent.model.reading_context import Limit
from agent.observed import LABELS

TREND = timedelta(days=7)


def limits_of(pathway: Pathway) -> tuple[Limit, ...]:
    return tuple(limit for question in pathway.questions.values() for limit in question.limits)


def series(readings: Sequence[Observation], now: datetime) -> Mapping[str, list[tuple[datetime, str]]]:
    """Label → (moment, value as it is written) of the last days, oldest first; the two pressures as one."""
    found: dict[str, dict[datetime, str]] = {}
    for each in sorted(readings, key=lambda each: (each.at, each.name != "systolic")):
        if each.at < now - TREND:
            continue
        mine = found.setdefault(LABELS[each.name][0], {})
        mine[each.at] = (
            f"{mine[each.at]}/{each.value:g}" if each.name == "diastolic" and each.at in mine else (f"{each.value:g}")
        )
    return {label: sorted(values.items()) for label, values in found.items()}


def trend_text(readings: Sequence[Observation], labels: Iterable[str], now: datetime) -> str:
    """ "体重：21日61，22日61.5。" of the last seven days; "" without any."""
    known = series(readings, now)
    said = []
    for label in dict.fromkeys(labels):
        days = day_words(known.get(label, []))
        said += [f"{label}：{days}。"] if days else []
    return "".join(said)


def day_words(points: Iterable[tuple[datetime, str]]) -> str:
    """ "21日61，22日61.5", by the hospital's days."""
    return "，".join(f"{at.astimezone(HOSPITAL_ZONE).day}日{value}" for at, value in points)
