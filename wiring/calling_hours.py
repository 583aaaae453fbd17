"""The calling hours that a settings value names, and how the house introduces itself."""

from pathlib import Path

from agent.conversation_ports import Hospital
from agent.schedule.calendar import ALL_DAY, CallingCalendar, every_day
from agent.schedule.calendar_file import CalendarError, CalendarProblem, read_calendar
from settings import ROOT, Settings
from wiring.transfers import nurse_hours

PASSED_OVER_HOURS = 9.0  # a contact due that many calling hours ago and never dialled is adrift: a day of them
HOUSE_TABLE = ROOT / "agent" / "schedule" / "calling_hours.csv"


def calendar_of(settings: Settings) -> CallingCalendar:
    """Raises CalendarError naming line, field and remedy."""
    if settings.calling_hours == "always":
        return CallingCalendar(every_day(*ALL_DAY))
    path = Path(settings.calling_hours) if settings.calling_hours else HOUSE_TABLE
    if not path.is_file():
        remedy = f"请核对 SUIFANG_CALLING_HOURS；样表是 {HOUSE_TABLE.relative_to(ROOT)}"
        raise CalendarError(path.name, [CalendarProblem(1, "文件", "找不到这张表", remedy)])
    return read_calendar(path.read_bytes(), path.name)


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
