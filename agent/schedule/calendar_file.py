"""The coordinator's table of calling hours (CSV as Excel saves it) → calendar. Every wrong line is named."""

import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import pairwise

from agent.exchange.csv_text import NotText, decode, records
from agent.schedule.calendar import MIDNIGHT, CallingCalendar, OtherDay, Window

WEEKDAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
CLOSED = ("不打", "休息", "关闭", "")
LONGEST_HOLIDAY_DAYS = 31
_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~到至]\s*(\d{1,2})[:：](\d{2})")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class CalendarProblem:
    line: int
    field: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"第 {self.line} 行 {self.field}：{self.reason}；{self.remedy}"


class CalendarError(Exception):
    """The table cannot be used; every problem names line, field and remedy."""

    def __init__(self, name: str, problems: list[CalendarProblem]) -> None:
        super().__init__("\n".join([f"{name} 不能用："] + [f"  {problem}" for problem in problems]))
        self.problems = problems


@dataclass(slots=True)
class _Table:
    weekdays: dict[int, tuple[Window, ...]] = field(default_factory=dict)
    other_days: dict[date, OtherDay] = field(default_factory=dict)
    problems: list[CalendarProblem] = field(default_factory=list)

    def read(self, line: int, cells: list[str]) -> None:
        days, hours, name = (*(cell.strip() for cell in cells[:3]), "", "", "")[:3]
        windows = self._windows(line, hours)
        if windows is None:
            return
        if days in WEEKDAYS:
            self._weekday(line, WEEKDAYS.index(days), windows)
            return
        dates = self._dates(line, days)
        for day in dates:
            if day in self.other_days:
                self._wrong(line, "日期", f"{day} 已经在前面出现过", "每一天只留一行")
                return
            self.other_days[day] = OtherDay(name or days, windows)

    def _weekday(self, line: int, weekday: int, windows: tuple[Window, ...]) -> None:
        if weekday in self.weekdays:
            self._wrong(line, "日期", f"{WEEKDAYS[weekday]} 已经在前面出现过", "每个星期几只留一行")
        self.weekdays[weekday] = windows

    def _windows(self, line: int, text: str) -> tuple[Window, ...] | None:
        """None after a problem; nothing for a day without calls."""
        if text in CLOSED:
            return ()
        found = [_window(match) for match in _HOURS.finditer(text)]
        rest = _HOURS.sub("", text).strip(" 、,，;；和")
        if rest or not found or None in found:
            self._wrong(line, "时段", f"看不懂“{text}”", "请写成 9:00-12:00 14:00-20:00，或写“不打”")
            return None
        windows = sorted((window for window in found if window), key=lambda window: window.start)
        if any(earlier.end == MIDNIGHT or later.start < earlier.end for earlier, later in pairwise(windows)):
            self._wrong(line, "时段", "两个时段重叠", "请把重叠的时段合成一个")
            return None
        return tuple(windows)

    def _dates(self, line: int, text: str) -> list[date]:
        """One date, or all from one to another; nothing after a problem."""
        found = [_day(match) for match in _DATE.finditer(text)]
        rest = _DATE.sub("", text).strip(" .-–—~到至")
        if rest or None in found or not 1 <= len(found) <= 2:
            remedy = "请写“周一”，或“2026-10-01”，或“2026-10-01 至 2026-10-07”"
            self._wrong(line, "日期", f"看不懂“{text}”", remedy)
            return []
        ends = [day for day in found if day]
        days = (ends[-1] - ends[0]).days + 1
        if not 1 <= days <= LONGEST_HOLIDAY_DAYS:
            self._wrong(line, "日期", f"从 {ends[0]} 到 {ends[-1]} 不像一个假期", "请核对年份和先后")
            return []
        return [ends[0] + timedelta(days=ahead) for ahead in range(days)]

    def _wrong(self, line: int, name: str, reason: str, remedy: str) -> None:
        self.problems.append(CalendarProblem(line, name, reason, remedy))


def read_calendar(data: bytes, name: str) -> CallingCalendar:
    """Rows of 日期, 时段, 名称 under one heading row; all seven weekdays must be there. Raises CalendarError."""
    try:
        text = decode(data)
    except NotText:
        problem = CalendarProblem(1, "文件", "认不出文件的编码", "请在 Excel 里另存为“CSV UTF-8”")
        raise CalendarError(name, [problem]) from None
    table = _Table()
    for record in records(text, ","):
        if record.cells is None:
            table.problems.append(CalendarProblem(record.line, "引号", "引号没有成对", "请去掉多余的引号"))
        elif record.line > 1 and not record.cells[0].lstrip().startswith("#"):
            table.read(record.line, record.cells)
    missing = [day for number, day in enumerate(WEEKDAYS) if number not in table.weekdays]
    if missing and not table.problems:
        reason = f"缺少：{'、'.join(missing)}"
        table.problems.append(CalendarProblem(1, "日期", reason, "每个星期几写一行，不打电话的写“不打”"))
    if not table.problems and not any(table.weekdays.values()):
        table.problems.append(CalendarProblem(1, "时段", "没有一天可以打电话", "请至少给一个星期几写上时段"))
    if table.problems:
        raise CalendarError(name, table.problems)
    return CallingCalendar(table.weekdays, table.other_days)


def _window(match: re.Match[str]) -> Window | None:
    first, second, third, fourth = (int(part) for part in match.groups())
    if (third, fourth) == (24, 0):
        third = 0
    if max(first, third) > 23 or max(second, fourth) > 59:
        return None
    start, end = time(first, second), time(third, fourth)
    return Window(start, end) if start < end or end == MIDNIGHT else None


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
