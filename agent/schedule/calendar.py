"""When patients may be called: hours of each weekday at the hospital, and the days that differ (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from agent.model.clock import HOSPITAL_ZONE, require_aware

MIDNIGHT = time()
_LOOK_AHEAD_DAYS = 400


class NeverOpen(Exception):
    """No day of more than a year allows a call."""


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` until `end`, hospital time; `end` at midnight is the day's end."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        return self.start <= at and (self.end == MIDNIGHT or at < self.end)


@dataclass(frozen=True, slots=True)
class OtherDay:
    """A date with hours of its own; no windows means that nobody is called."""

    name: str
    windows: tuple[Window, ...] = ()


ALL_DAY = (Window(MIDNIGHT, MIDNIGHT),)


def every_day(*windows: Window) -> dict[int, tuple[Window, ...]]:
    return dict.fromkeys(range(7), windows)


@dataclass(frozen=True, slots=True)
class CallingCalendar:
    """`weekdays` by Monday = 0. A date in `other_days` follows its own hours whatever its weekday."""

    weekdays: Mapping[int, tuple[Window, ...]] = field(default_factory=lambda: every_day(Window(time(9), time(20))))
    other_days: Mapping[date, OtherDay] = field(default_factory=dict)

    def windows(self, day: date) -> tuple[Window, ...]:
        other = self.other_days.get(day)
        return other.windows if other is not None else self.weekdays.get(day.weekday(), ())

    def open_at(self, now: datetime) -> bool:
        local = require_aware(now).astimezone(HOSPITAL_ZONE)
        return any(window.holds(local.time()) for window in self.windows(local.date()))

    def next_open(self, after: datetime) -> datetime:
        """The first moment from `after` on at which calls are allowed. Raises NeverOpen."""
        local = require_aware(after).astimezone(HOSPITAL_ZONE)
        if self.open_at(after):
            return after
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = local.date() + timedelta(days=ahead)
            starts = sorted(window.start for window in self.windows(day))
            opening = next((start for start in starts if ahead or start > local.time()), None)
            if opening is not None:
                return datetime.combine(day, opening, HOSPITAL_ZONE).astimezone(after.tzinfo)
        raise NeverOpen(f"no calling hours within {_LOOK_AHEAD_DAYS} days: give a weekday some hours")

    def open_hours_ago(self, now: datetime, hours: float) -> datetime:
        """The moment since which calls were allowed for `hours` in all; what was due before it has been passed over."""
        left = timedelta(hours=hours)
        local = require_aware(now).astimezone(HOSPITAL_ZONE)
        for back in range(_LOOK_AHEAD_DAYS):
            day = local.date() - timedelta(days=back)
            for start, end in reversed(self._moments(day)):
                end = min(end, local)
                if start >= end:
                    continue
                if end - start >= left:
                    return (end - left).astimezone(now.tzinfo)
                left -= end - start
        raise NeverOpen(f"not {hours} calling hours in {_LOOK_AHEAD_DAYS} days: give a weekday some hours")

    def open_hours_between(self, begin: datetime, end: datetime) -> float:
        """How many hours calls were, or will be, allowed between two moments."""
        day, last = (require_aware(each).astimezone(HOSPITAL_ZONE).date() for each in (begin, end))
        total = 0.0
        while day <= last:
            spans = ((max(start, begin), min(close, end)) for start, close in self._moments(day))
            total += sum(max((close - start).total_seconds(), 0.0) for start, close in spans)
            day += timedelta(days=1)
        return total / 3600

    def after_open_hours(self, begin: datetime, hours: float) -> datetime:
        """The moment by which calls will have been allowed for `hours` from `begin` on. Raises NeverOpen."""
        left, day = timedelta(hours=hours), require_aware(begin).astimezone(HOSPITAL_ZONE).date()
        for ahead in range(_LOOK_AHEAD_DAYS * 3):
            for start, close in self._moments(day + timedelta(days=ahead)):
                start = max(start, begin)
                if close - start >= left:
                    return (start + left).astimezone(begin.tzinfo)
                left -= max(close - start, timedelta())
        raise NeverOpen(f"not {hours} calling hours in the years to come: give a weekday more hours")

    def _moments(self, day: date) -> list[tuple[datetime, datetime]]:
        """The day's windows as moments, in order."""
        ends = ((window, day + timedelta(days=window.end == MIDNIGHT)) for window in self.windows(day))
        moments = (
            (datetime.combine(day, window.start, HOSPITAL_ZONE), datetime.combine(last, window.end, HOSPITAL_ZONE))
            for window, last in ends
        )
        return sorted(moments)

    def next_day(self, now: datetime) -> datetime:
        """The first moment of a later day at which calls are allowed. Raises NeverOpen."""
        tomorrow = require_aware(now).astimezone(HOSPITAL_ZONE).date() + timedelta(days=1)
        return self.next_open(datetime.combine(tomorrow, MIDNIGHT, HOSPITAL_ZONE))

    def day_began(self, now: datetime) -> datetime:
        """Midnight at the hospital before `now`."""
        day = require_aware(now).astimezone(HOSPITAL_ZONE).date()
        return datetime.combine(day, MIDNIGHT, HOSPITAL_ZONE)
