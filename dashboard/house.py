"""What the pages about the house itself are given: lines, calling hours, pathways."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from agent.model.education import LessonPicture


@dataclass(frozen=True, slots=True)
class Line:
    """A trunk as the settings have it; `reached` asks whether a call made now would reach the carrier."""

    name: str
    title: str
    number: str
    max_calls: int
    per_second: float
    reached: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One line of the table as somebody writes it; a remark begins with # and has no other cells."""

    days: str
    hours: str = ""
    name: str = ""


class HoursTable(Protocol):
    """The house's table of calling hours."""

    @property
    def fixed_by(self) -> str:
        """The setting that names another table, which is changed there and not here; "" where it can be changed."""
        ...

    def rows(self) -> Sequence[HoursRow]: ...
    def save(self, rows: Sequence[HoursRow]) -> None:
        """From now on calls are placed by it. Raises CalendarError, and nothing has changed."""
        ...


@dataclass(frozen=True, slots=True)
class PathwayRow:
    """`wrong`: what is the matter with a file that cannot be used, in Chinese; `runs` is what its contacts show."""

    name: str
    title: str = ""
    version: str = ""
    days: tuple[int, ...] = ()
    draft: bool = True
    signed_by: str = ""
    signed_on: str = ""
    wrong: str = ""


class PathwayBook(Protocol):
    def rows(self) -> Sequence[PathwayRow]: ...
    def page(self, name: str, version: str | None, *, stylesheet: str, before: str) -> str | None:
        """The whole readable document; None for a pathway there is not."""
        ...

    def picture(self, name: str, lesson: str) -> LessonPicture | None:
        """Today's picture of a lesson; None where it has none."""
        ...

    def style(self) -> str: ...


@dataclass(frozen=True, slots=True)
class House:
    """Empty parts hide their pages."""

    lines: Sequence[Line] = field(default=())
    hours: HoursTable | None = None
    pathways: PathwayBook | None = None
