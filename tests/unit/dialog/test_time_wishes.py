"""When patients want to be called, and when the house may: every form as people say it, on a Tuesday at 10:07."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.dialog.time_wishes import allowed_moment, read_wish
from agent.model.clock import HOSPITAL_ZONE
from agent.schedule.calendar import CallingCalendar

NOW = datetime(2026, 3, 10, 10, 7, tzinfo=HOSPITAL_ZONE)  # a Tuesday
NINE_TO_EIGHT = CallingCalendar()


def told(words: str, now: datetime = NOW) -> str | None:
    """Day, hour and minute at which the patient will be called."""
    wish = read_wish(words, now)
    return allowed_moment(wish, now, NINE_TO_EIGHT.next_open).strftime("%d %H:%M") if wish else None


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("今晚七点", "10 19:00"),
        ("明天上午九点半", "11 09:30"),
        ("下午三点一刻", "10 15:15"),
        ("三点半吧", "10 15:30"),
        ("下午两三点", "10 14:00"),
        ("七八点吧", "10 19:00"),
        ("晚上7:30", "10 19:30"),
        ("14:30", "10 14:30"),
        ("明天下午", "11 15:00"),
        ("明儿个晌午", "11 12:00"),
        ("大后天中午", "13 12:00"),
        ("后天吧", "12 10:00"),
        ("礼拜天上午", "15 10:00"),
        ("星期一下午三点", "16 15:00"),
        ("礼拜二", "17 10:00"),  # today's morning has gone by
        ("周末", "14 10:00"),
        ("下个礼拜", "16 10:00"),
        ("下个礼拜三下午", "18 15:00"),
        ("二十号上午", "20 10:00"),
        ("月底", "30 10:00"),
        ("过两天", "12 10:00"),
        ("一个礼拜以后", "17 10:00"),
        ("半个月以后", "25 10:00"),
        ("明天别打，后天打", "12 10:00"),
    ],
)
def test_a_day_or_an_hour(words: str, wanted: str) -> None:
    assert told(words) == wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("过两个小时", "10 12:10"),
        ("过俩钟头再打", "10 12:10"),
        ("半个小时以后", "10 10:40"),
        ("二十分钟后", "10 10:30"),
        ("一刻钟以后", "10 10:30"),
        ("三个半小时以后", "10 13:40"),
        ("待会儿", "10 10:40"),
        ("晚点再打", "10 12:10"),  # later, not in the evening
        ("今天晚一点", "10 12:10"),  # nor at one o'clock
    ],
)
def test_so_much_later(words: str, wanted: str) -> None:
    assert told(words) == wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("晚饭后", "10 19:00"),
        ("吃过晚饭再打", "10 19:00"),
        ("吃了午饭", "10 13:30"),
        ("等我吃完饭", "10 13:30"),
        ("等我儿子回来", "10 18:30"),
        ("等我女儿下班", "10 18:30"),
        ("孩子放学以后", "10 17:30"),
        ("午睡起来", "10 15:00"),
        ("天黑以后", "10 19:00"),
    ],
)
def test_by_what_happens_at_home(words: str, wanted: str) -> None:
    assert told(words) == wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("晚上八点", "10 19:30"),  # the last half hour before closing
        ("晚上九点", "10 19:30"),
        ("八点以后", "11 09:00"),  # from eight on: earlier would not do
        ("早上八点", "11 09:00"),
        ("夜里十一点", "11 09:00"),
        ("九点", "11 09:00"),  # gone by today, and nobody is called at nine in the evening
        ("五点以前", "10 16:30"),
    ],
)
def test_a_wish_outside_the_hours_is_moved_into_them(words: str, wanted: str) -> None:
    assert told(words) == wanted


@pytest.mark.parametrize("words", ["改天吧", "回头再说", "随便", "没空", "昨天", "在忙"])
def test_no_time_is_named(words: str) -> None:
    assert read_wish(words, NOW) is None


def test_late_in_the_evening_the_next_day_is_meant() -> None:
    late = NOW.replace(hour=19, minute=50)
    assert told("晚饭后", late) == "11 19:00"
    assert told("过半个小时", late) == "11 09:00"
    assert told("明天早上", late) == "11 09:00"


@given(st.integers(0, 60 * 24 - 1), st.sampled_from(["", "以后", "以前", "左右"]))
def test_a_named_hour_lies_ahead_and_within_the_hours(minutes: int, tail: str) -> None:
    hour, minute = divmod(minutes, 60)
    wish = read_wish((f"{hour}点{minute}分" if minute else f"{hour}点") + tail, NOW)
    assert wish is not None
    moment = allowed_moment(wish, NOW, NINE_TO_EIGHT.next_open)
    assert moment > NOW and NINE_TO_EIGHT.open_at(moment)
