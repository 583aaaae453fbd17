"""How often one patient may be disturbed, and when instead (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.attempts.ways import USES_NOTHING_UP
from agent.model.contact import Attempt
from agent.schedule.calendar import CallingCalendar

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Held:
    """A contact that has to wait: until when, and the stored word for why."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Courtesy:
    """At most `per_day` attempts on one calendar day and `per_week` in any seven days, over all channels."""

    calendar: CallingCalendar = field(default_factory=CallingCalendar)
    per_day: int = 3
    per_week: int = 8

    def hold(self, made: Sequence[Attempt], now: datetime) -> Held | None:
        """None when the patient may be contacted now. `made`: this patient's attempts of the last seven days."""
        times = sorted(attempt.created_at for attempt in made if attempt.outcome not in USES_NOTHING_UP)
        if len(times) >= self.per_week:
            free_again = times[-self.per_week] + WEEK
            return Held(self.calendar.next_open(max(free_again, now)), "weekly_cap")
        if sum(time >= self.calendar.day_began(now) for time in times) >= self.per_day:
            return Held(self.calendar.next_day(now), "daily_cap")
        return None
