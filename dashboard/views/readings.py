"""A patient's numbers over time, and the small line drawn through them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.model.answer import Answer, AnswerType, numbers_of
from agent.model.contact import Contact
from dashboard.deps import DashboardDeps

WIDTH, HEIGHT, PAD = 132, 32, 4


@dataclass(frozen=True, slots=True)
class Point:
    """One answer: `values` has one number, or systolic and diastolic."""

    at: datetime
    values: tuple[float, ...]
    text: str
    outside: bool
    raw: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    outside: bool
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    path: str  # SVG polyline points
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """`band` is (y, height) of the unremarkable range inside the drawing, or None."""

    label: str
    unit: str
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    band: tuple[float, float] | None
    range_text: str
    limits: tuple[float | None, float | None] = (None, None)

    @property
    def last(self) -> Point:
        return self.points[-1]


def value_text(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def series_of(
    answered: Sequence[tuple[Contact, Sequence[Answer]]],
    times_of: Mapping[str, datetime],
    deps: DashboardDeps,
) -> tuple[Series, ...]:
    """One series for each numeric question, oldest answer first; `times_of` gives a contact's time."""
    points: dict[tuple[str, str], list[Point]] = {}
    ranges: dict[tuple[str, str], tuple[float | None, float | None]] = {}
    for contact, answers in answered:
        for answer in answers:
            numbers = numbers_of(answer)
            if not numbers or answer.unconfirmed:  # what may be misheard is no point of a line
                continue
            where = (contact.pathway, contact.pathway_version, answer.question)
            unit = answer.unit or ("mmHg" if answer.type is AnswerType.BLOOD_PRESSURE else "")
            key = (deps.question_labels(*where), unit)
            ranges[key] = deps.reading_ranges(*where)
            outside = _outside(numbers[0], ranges[key])
            text = "/".join(value_text(number) for number in numbers)
            point = Point(times_of.get(contact.id, contact.due_at), numbers, text, outside, answer.raw)
            points.setdefault(key, []).append(point)
    return tuple(
        _series(label, unit, sorted(found, key=lambda point: point.at), ranges[label, unit])
        for (label, unit), found in points.items()
    )


def _outside(value: float, limits: tuple[float | None, float | None]) -> bool:
    low, high = limits
    return (low is not None and value < low) or (high is not None and value > high)


def _range_text(limits: tuple[float | None, float | None]) -> str:
    low, high = limits
    if low is not None and high is not None:
        return f"{value_text(low)}–{value_text(high)}"
    if high is not None:
        return f"≤ {value_text(high)}"
    return f"≥ {value_text(low)}" if low is not None else ""


def _series(label: str, unit: str, points: Sequence[Point], limits: tuple[float | None, float | None]) -> Series:
    values = [value for point in points for value in point.values]
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    first, last = points[0].at.timestamp(), points[-1].at.timestamp()

    def x(point: Point) -> float:
        share = (point.at.timestamp() - first) / (last - first) if last > first else 0.5
        return round(PAD + share * (WIDTH - 2 * PAD), 1)

    def y(value: float) -> float:
        clipped = min(max(value, low), high)
        return round(HEIGHT - PAD - (clipped - low) / (high - low) * (HEIGHT - 2 * PAD), 1)

    lines: list[Line] = []
    for row in range(min(len(point.values) for point in points)):
        places = [(x(point), y(point.values[row])) for point in points]
        dots = tuple(
            Dot(place[0], place[1], point.outside and row == 0, f"{point.text} {unit}")
            for place, point in zip(places, points, strict=True)
        )
        lines.append(Line(" ".join(f"{px},{py}" for px, py in places), dots))
    band = None
    if limits != (None, None):
        top = y(limits[1]) if limits[1] is not None else 0.0
        bottom = y(limits[0]) if limits[0] is not None else float(HEIGHT)
        band = (top, max(0.0, bottom - top))
    return Series(label, unit, tuple(points), tuple(lines), band, _range_text(limits), limits)
