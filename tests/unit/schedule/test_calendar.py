"""Nobody is called at night, in the midday rest, or on New Year's Eve; a wrong table is refused line by line."""

import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from agent.model.clock import HOSPITAL_ZONE
from agent.schedule.calendar import ALL_DAY, CallingCalendar, NeverOpen, OtherDay, Window, every_day
from agent.schedule.calendar_file import CalendarError, read_calendar
from folders import ROOT
from wiring.calling_hours import HOUSE_TABLE, calendar_of

HOUSE = read_calendar(HOUSE_TABLE.read_bytes(), HOUSE_TABLE.name)
WEEK = "\n".join(f"{day},9:00-12:00 14:00-20:00," for day in ["周一", "周二", "周三", "周四", "周五", "周六", "周日"])


def at(text: str) -> datetime:
    """A moment in hospital time, handed over in UTC as everywhere in the house."""
    return datetime.fromisoformat(text).replace(tzinfo=HOSPITAL_ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T08:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T11:59", True),
        ("2026-11-23T12:00", False),  # the midday rest
        ("2026-11-23T14:00", True),
        ("2026-11-23T19:59", True),
        ("2026-11-23T20:00", False),
        ("2026-11-23T03:00", False),
        ("2026-11-22T09:10", False),  # Sunday begins later
        ("2026-11-22T09:30", True),
        ("2026-02-16T10:30", False),  # New Year's Eve, a Monday
        ("2026-02-18T10:30", True),  # a holiday is called less, not left out
        ("2026-02-18T09:30", False),
        ("2027-02-06T15:00", False),
    ],
)
def test_the_house_table(moment: str, is_open: bool) -> None:
    assert HOUSE.open_at(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T10:15", "2026-11-23T10:15"),
        ("2026-11-23T12:30", "2026-11-23T14:00"),
        ("2026-11-23T21:00", "2026-11-24T09:00"),
        ("2026-11-21T20:30", "2026-11-22T09:30"),
        ("2026-02-15T18:30", "2026-02-18T10:00"),  # over New Year's Eve and Day
    ],
)
def test_the_next_moment_that_is_open(moment: str, opens: str) -> None:
    assert HOUSE.next_open(at(moment)) == at(opens)


def test_the_next_day_is_another_day() -> None:
    assert HOUSE.next_day(at("2026-11-23T08:00")) == at("2026-11-24T09:00")


@pytest.mark.parametrize(
    ("moment", "hours", "since"),
    [
        ("2026-11-23T11:00", 1, "2026-11-23T10:00"),
        ("2026-11-23T15:00", 2, "2026-11-23T11:00"),  # the midday rest does not count
        ("2026-11-23T23:00", 6, "2026-11-23T14:00"),
        ("2026-11-24T09:30", 1, "2026-11-23T19:30"),
        ("2026-02-18T10:30", 1, "2026-02-15T17:30"),  # nor does New Year
    ],
)
def test_hours_that_count_backwards_are_calling_hours(moment: str, hours: float, since: str) -> None:
    assert HOUSE.open_hours_ago(at(moment), hours) == at(since)


def test_all_day_means_all_day() -> None:
    always = CallingCalendar(every_day(*ALL_DAY))
    assert all(always.open_at(at("2026-11-21T00:00") + timedelta(minutes=10 * step)) for step in range(144))


def test_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(NeverOpen):
        CallingCalendar({}).next_open(at("2026-11-23T10:00"))


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        HOUSE.open_at(datetime(2026, 11, 23, 10))


def test_hours_until_midnight_and_a_date_of_its_own() -> None:
    table = f"日期,时段,名称\n{WEEK}\n2026-12-24,18:00-24:00,值班\n2026/12/25,不打,\n".encode()
    calendar = read_calendar(table, "a.csv")
    assert calendar.other_days[date(2026, 12, 24)] == OtherDay("值班", (Window(time(18), time()),))
    assert calendar.open_at(at("2026-12-24T23:59")) and not calendar.open_at(at("2026-12-25T10:00"))


def test_a_table_as_excel_saves_it_in_china() -> None:
    table = f"日期,时段,名称\r\n{WEEK.replace(chr(10), chr(13) + chr(10))}\r\n2026年10月1日,休息,国庆\r\n"
    assert read_calendar(table.encode("gb18030"), "a.csv").other_days[date(2026, 10, 1)].name == "国庆"


@pytest.mark.parametrize(
    ("row", "line", "says"),
    [
        ("周八,9:00-12:00,", 9, "看不懂“周八”"),
        ("周一,9:00-12:00,", 9, "已经在前面出现过"),
        ("2026-13-01,不打,", 9, "看不懂“2026-13-01”"),
        ("2026-10-07 至 2026-10-01,不打,", 9, "不像一个假期"),
        ("2026-10-01 至 2027-10-07,不打,", 9, "不像一个假期"),
        ("2026-10-01,上午,", 9, "看不懂“上午”"),
        ("2026-10-01,12:00-9:00,", 9, "看不懂“12:00-9:00”"),
        ("2026-10-01,9:00-12:00 11:00-13:00,", 9, "两个时段重叠"),
        ("2026-10-01,25:00-26:00,", 9, "看不懂“25:00-26:00”"),
        ('2026-10-01,"9:00-12:00,', 9, "引号没有成对"),
    ],
)
def test_a_wrong_row_is_named_with_its_line_and_a_remedy(row: str, line: int, says: str) -> None:
    with pytest.raises(CalendarError) as refused:
        read_calendar(f"日期,时段,名称\n{WEEK}\n{row}\n".encode(), "hours.csv")
    (problem,) = refused.value.problems
    assert problem.line == line and says in problem.reason and problem.remedy
    assert f"第 {line} 行" in str(refused.value)


def test_a_missing_weekday_and_a_week_without_calls_are_refused() -> None:
    with pytest.raises(CalendarError, match="缺少：周日"):
        read_calendar(f"日期,时段,名称\n{WEEK.rsplit(chr(10), 1)[0]}\n".encode(), "a.csv")
    with pytest.raises(CalendarError, match="没有一天可以打电话"):
        read_calendar(("日期,时段,名称\n" + WEEK.replace("9:00-12:00 14:00-20:00", "不打")).encode(), "a.csv")
    with pytest.raises(CalendarError, match="编码"):
        read_calendar(b"\xff\xff\x00", "a.csv")


def test_a_table_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    from settings import load

    with pytest.raises(CalendarError, match="找不到这张表"):
        calendar_of(load({}, Path(os.devnull), calling_hours=str(tmp_path / "none.csv")))
    assert calendar_of(load({}, Path(os.devnull))).open_at(at("2026-11-23T10:00"))
    assert HOUSE_TABLE.is_relative_to(ROOT)
