"""A patient's readings of some days as they are drawn: on the page and as a picture alike."""

from dataclasses import dataclass
from datetime import datetime

from agent.model.reading_context import Limit


@dataclass(frozen=True, slots=True)
class Spot:
    """One value; `level` is that of the gravest limit it crosses ("red" | "yellow"), "" for none."""

    at: datetime
    value: float
    level: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """One kind of reading: two lines for a pressure, else one, each oldest first. `limits` are those worth drawing,
    `low` and `high` the ends of the scale, `words` all of it in words: 21日130/85，22日128/80."""

    label: str
    unit: str
    since: datetime
    until: datetime
    lines: tuple[tuple[Spot, ...], ...]
    limits: tuple[Limit, ...]
    low: float
    high: float
    words: str

    @property
    def last(self) -> str:
        """The newest value as it is written: 130/85."""
        return "/".join(f"{line[-1].value:g}" for line in self.lines)

    @property
    def level(self) -> str:
        """That of the newest value."""
        levels = {line[-1].level for line in self.lines}
        return next((level for level in ("red", "yellow") if level in levels), "")
