"""Readings of the last days with the limits a nurse hears of, ready to be drawn (pure)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from agent.chat.readings import TREND, day_words, series
from agent.model.observation import Observation
from agent.model.reading_context import Limit, LimitSide
from agent.model.trend import Spot, Trend
from agent.observed import LABELS

UNITS = {"血压": "mmHg", "心率": "次/分", "体重": "公斤", "体温": "℃", "血糖": "mmol/L", "血氧": "%"}
NEAR = 0.25  # of the line's mean: a limit further off would flatten the line
AIR = 0.12  # of the scale, above and below
LEAST = 0.05  # of the mean: so much the scale spans at least, so that half a kilogram looks no more than it is


def trends_of(readings: Sequence[Observation], limits: Iterable[Limit], now: datetime) -> tuple[Trend, ...]:
    """One for each kind of reading of the last seven days; the one measured last comes first."""
    known, fresh = tuple(limits), [each for each in readings if each.at >= now - TREND]
    written = series(fresh, now)
    names = dict.fromkeys(LABELS[each.name][0] for each in sorted(fresh, key=lambda each: each.at, reverse=True))
    return tuple(_trend(label, day_words(written[label]), fresh, known, now) for label in names)


def _trend(label: str, words: str, readings: Sequence[Observation], limits: Sequence[Limit], now: datetime) -> Trend:
    lines: list[tuple[Spot, ...]] = []
    drawn: list[Limit] = []
    names = [name for name in LABELS if LABELS[name][0] == label and any(each.name == name for each in readings)]
    for name in names:
        own = tuple(limit for limit in limits if limit.measurement == name)
        found = sorted((each.at, each.value) for each in readings if each.name == name)
        lines.append(tuple(Spot(at, value, _level(value, own)) for at, value in found))
        drawn += _worth_drawing(own, [value for _, value in found], both_sides=len(names) == 1)
    values = [spot.value for line in lines for spot in line] + [limit.value for limit in drawn]
    low, high = _scale(values)
    return Trend(label, UNITS[label], now - TREND, now, tuple(lines), tuple(drawn), low, high, words)


def _scale(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    air = max((high - low) * AIR, (LEAST * abs(sum(values) / len(values)) - (high - low)) / 2)
    return low - air, high + air


def _level(value: float, limits: Sequence[Limit]) -> str:
    crossed = {limit.level for limit in limits if limit.crossed_by(value)}
    return next((level for level in ("red", "yellow") if level in crossed), "")


def _worth_drawing(limits: Sequence[Limit], values: Sequence[float], *, both_sides: bool) -> list[Limit]:
    """Every limit that was crossed; of the others the nearest on each side. Between two lines none is drawn that
    nobody crossed: below the upper one it would be taken for the lower one's."""
    found = [limit for limit in limits if any(limit.crossed_by(value) for value in values)]
    reach = NEAR * abs(sum(values) / len(values))
    for side in LimitSide:
        if side is LimitSide.BELOW and not both_sides:
            continue
        edge = max(values) if side is LimitSide.ABOVE else min(values)
        beyond = [limit for limit in limits if limit.side is side and not limit.crossed_by(edge)]
        near = [limit for limit in beyond if abs(limit.value - edge) <= reach]
        if not any(limit.side is side for limit in found):
            found += sorted(near, key=lambda limit: abs(limit.value - edge))[:1]
    return found
