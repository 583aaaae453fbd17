"""A patient's readings drawn over time: limits as a band, points outside marked, what happened as flags."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.model.clock import HOSPITAL_ZONE
from dashboard.views.readings import Point, Series, value_text

WIDTH, HEIGHT = 420, 140
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 14, 22  # room for the axes' words
MOST_STEPS = 5  # between the values that the axis names


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that happened, on the time axis."""

    at: datetime
    kind: str  # "alarm"
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    text: str
    title: str
    kind: str = ""  # "outside", or a flag's kind


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything in the drawing's own units, WIDTH by HEIGHT."""

    label: str
    unit: str
    range_text: str
    band: tuple[float, float] | None  # y, height
    lines: tuple[str, ...]
    points: tuple[Mark, ...]
    flags: tuple[Mark, ...]
    values: tuple[Mark, ...]  # of the value axis
    days: tuple[Mark, ...]  # of the time axis
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class _Scale:
    begins: datetime
    seconds: float
    steps: tuple[float, ...]  # of the value axis, even, from its lowest to its highest

    @property
    def low(self) -> float:
        return self.steps[0]

    @property
    def high(self) -> float:
        return self.steps[-1]

    def x(self, at: datetime) -> float:
        share = (at - self.begins).total_seconds() / self.seconds if self.seconds else 0.5
        return round(LEFT + min(share, 1.0) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def charts_of(series: Sequence[Series], flags: Sequence[Flag]) -> tuple[Chart, ...]:
    """One drawing for each series that has more than one point."""
    return tuple(_chart(each, flags) for each in series if len(each.points) > 1)


def _chart(series: Series, flags: Sequence[Flag]) -> Chart:
    points, (low, high) = series.points, series.limits
    scale = _scale(points, [limit for limit in series.limits if limit is not None])
    rows = range(min(len(point.values) for point in points))
    lines = tuple(" ".join(f"{scale.x(p.at)},{scale.y(p.values[row])}" for p in points) for row in rows)
    marks = tuple(_point(point, row, scale, series.unit) for row in rows for point in points)
    within = (each for each in flags if points[0].at <= each.at <= points[-1].at + timedelta(days=1))
    band = None
    if (low, high) != (None, None):
        top = scale.y(high) if high is not None else float(TOP)
        bottom = scale.y(low) if low is not None else float(HEIGHT - BOTTOM)
        band = (top, round(max(0.0, bottom - top), 1))
    return Chart(
        label=series.label,
        unit=series.unit,
        range_text=series.range_text,
        band=band,
        lines=lines,
        points=marks,
        flags=tuple(Mark(scale.x(each.at), float(TOP), "", each.title, each.kind) for each in within),
        values=tuple(Mark(0, scale.y(value), value_text(value), "") for value in scale.steps),
        days=tuple(Mark(scale.x(p.at), float(HEIGHT), _day(p.at), "") for p in (points[0], points[-1])),
    )


def _scale(points: Sequence[Point], limits: Sequence[float]) -> _Scale:
    """A tenth of room above and below; a flat line lies in the middle."""
    numbers = [*(value for point in points for value in point.values), *limits]
    low, high = min(numbers), max(numbers)
    room = (high - low) * 0.1 or 1.0
    begins = points[0].at
    return _Scale(begins, (points[-1].at - begins).total_seconds(), _round_steps(low - room, high + room))


def _round_steps(low: float, high: float) -> tuple[float, ...]:
    """Round numbers around both, at most MOST_STEPS apart: …, 0.5, 1, 2, 5, 10, …"""
    for step in (digit * 10.0**power for power in range(-3, 12) for digit in (1, 2, 5)):
        first, last = math.floor(low / step), math.ceil(high / step)
        if last - first <= MOST_STEPS:
            return tuple(round(number * step, 3) for number in range(first, last + 1))
    return (low, high)


def _point(point: Point, row: int, scale: _Scale, unit: str) -> Mark:
    when = point.at.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d %H:%M")
    title = f"{point.text} {unit} · {when} · “{point.raw}”"
    kind = "outside" if point.outside and row == 0 else ""
    return Mark(scale.x(point.at), scale.y(point.values[row]), point.text if row == 0 else "", title, kind)


def _day(at: datetime) -> str:
    local = at.astimezone(HOSPITAL_ZONE)
    return f"{local.month}月{local.day}日"
