"""The calling hours that a settings value names, and how the house introduces itself."""

import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from agent.schedule.calendar import ALL_DAY, CallingCalendar, every_day
from agent.schedule.calendar_file import CalendarError, CalendarProblem, read_calendar
from agent.turn.ports import Hospital
from folders import ROOT
from settings import Settings
from wiring.transfers import nurse_hours

PASSED_OVER_HOURS = 9.0  # a contact due that many calling hours ago and never dialled is adrift: a day of them
Key = TypeVar("Key")
Value = TypeVar("Value", covariant=True)
log = logging.getLogger("suifang.server")
HOUSE_TABLE = ROOT / "agent" / "schedule" / "calling_hours.csv"


def own_table(settings: Settings) -> Path:
    """Where the table is kept that the workstation's page changes; it need not exist."""
    return settings.data / "calling_hours.csv"


def table_of(settings: Settings) -> Path | None:
    """The file calls go by now: the one the setting names, else the house's own, else the one that came with us. None
    where calls are allowed at any time."""
    if settings.calling_hours:
        return None if settings.calling_hours == "always" else Path(settings.calling_hours)
    own = own_table(settings)
    return own if own.is_file() else HOUSE_TABLE


def calendar_of(settings: Settings) -> CallingCalendar:
    """Follows its file: a change holds from the next call on. Raises CalendarError naming line, field and remedy."""
    if table_of(settings) is None:
        return CallingCalendar(every_day(*ALL_DAY))
    table = _Table(settings)
    return CallingCalendar(_Now(lambda: table.now().weekdays), _Now(lambda: table.now().other_days))


class _Table:
    """The file as it was last read. One that somebody broke is told in the log, and the last good one stays in use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stamp = self._written()
        self._calendar = self._read()

    def now(self) -> CallingCalendar:
        written = self._written()
        if written != self._stamp:
            self._stamp = written
            try:
                self._calendar = self._read()
            except (CalendarError, OSError) as error:
                log.error("calling hours not read again: %s", type(error).__name__)
        return self._calendar

    def _read(self) -> CallingCalendar:
        path = table_of(self._settings) or HOUSE_TABLE
        if not path.is_file():
            remedy = f"请核对 SUIFANG_CALLING_HOURS；样表是 {HOUSE_TABLE.relative_to(ROOT)}"
            raise CalendarError(path.name, [CalendarProblem(1, "文件", "找不到这张表", remedy)])
        return read_calendar(path.read_bytes(), path.name)

    def _written(self) -> tuple[str, int]:
        path = table_of(self._settings) or HOUSE_TABLE
        return str(path), path.stat().st_mtime_ns if path.is_file() else 0


class _Now(Mapping[Key, Value]):
    """A mapping that is looked up anew each time."""

    def __init__(self, of: Callable[[], Mapping[Key, Value]]) -> None:
        self._of = of

    def __getitem__(self, key: Key) -> Value:
        return self._of()[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._of())

    def __len__(self) -> int:
        return len(self._of())


def hospital_of(settings: Settings, message: tuple[str, ...], calendar: CallingCalendar) -> Hospital:
    """`message`: what a machine that takes messages hears."""
    return Hospital(
        settings.hospital,
        settings.callback_number,
        settings.allow_drafts,
        message,
        calendar.next_open,
        nurse_hours(settings),
        sends_education=settings.sms != "none",
    )
