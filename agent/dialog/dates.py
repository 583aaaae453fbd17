"""Days as patients say them: 后天, 上周三, 十二月一号, 三天以前, 下个月. Pure."""

import re
from datetime import date, datetime, timedelta

from agent.dialog.numerals import DIGITS
from agent.model.clock import HOSPITAL_ZONE

NUMBER = r"(\d{1,4}|[零〇一二两三四五六七八九十]{1,3})"
NEAR_DAYS = (
    ("大前天", -3),
    ("大后天", 3),
    ("前天", -2),
    ("后天", 2),
    ("昨[天日晚儿]", -1),
    ("明[天日早晚儿]", 1),
    ("今[天日早晚儿]", 0),
)
WEEKDAYS = {char: index for index, char in enumerate("一二三四五六")} | {"日": 6, "天": 6}


def chinese_integer(text: str) -> int | None:
    """二十三 → 23, 十 → 10, 8 → 8; None for anything else."""
    if text.isdigit():
        return int(text)
    head, ten, tail = text.partition("十")
    if ten:
        tens, ones = DIGITS.get(head, 1 if not head else None), DIGITS.get(tail, 0 if not tail else None)
        return None if tens is None or ones is None else tens * 10 + ones
    return DIGITS.get(text)


def read_date(text: str, now: datetime) -> date | None:
    """The day the words name, seen from `now`; None when they name none."""
    today = now.astimezone(HOSPITAL_ZONE).date()
    near = next((days for word, days in NEAR_DAYS if re.search(word, text)), None)
    if near is not None:
        return today + timedelta(days=near)
    return _counted(text, today) or _weekday(text, today) or _calendar(text, today) or _month(text, today)


def _counted(text: str, today: date) -> date | None:
    found = re.search(NUMBER + r"个?(天|周|星期|礼拜)(之?前|以前|之?后|以后)", text)
    count = chinese_integer(found[1]) if found else None
    if not found or count is None:
        return None
    days = count * (1 if found[2] == "天" else 7)
    return today + timedelta(days=-days if "前" in found[3] else days)


def _weekday(text: str, today: date) -> date | None:
    found = re.search(r"(上|下|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天])", text)
    if not found:
        return None
    monday = today - timedelta(days=today.weekday())
    weeks = {"上": -1, "下": 1}.get(found[1] or "", 0)
    return monday + timedelta(days=WEEKDAYS[found[2]], weeks=weeks)


def _calendar(text: str, today: date) -> date | None:
    iso = re.search(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})", text)
    if iso:
        return _safe_date(int(iso[1]), int(iso[2]), int(iso[3]))
    found = re.search(NUMBER + "月" + NUMBER + "[日号]?", text)
    if found:
        year = today.year + (1 if "明年" in text else -1 if "去年" in text else 0)
        return _safe_date(year, chinese_integer(found[1]), chinese_integer(found[2]))
    only = re.search(NUMBER + "[日号]", text)
    return _safe_date(today.year, today.month, chinese_integer(only[1])) if only else None


def _month(text: str, today: date) -> date | None:
    """The first day of a month to come: 下个月, 三月份, 明年三月, 两个月以后, 半年后."""
    named = re.search(NUMBER + "月份?(?![前内零一二三四五六七八九十0-9])", text)
    ahead = re.search("(半|" + NUMBER + ")(个月|年)(?:之?后|以后)", text)
    count: int | None = None
    if ahead and ahead[1] == "半":
        return today + timedelta(days=15 if ahead[3] == "个月" else 182)
    if ahead:
        count = (chinese_integer(ahead[1]) or 1) * (12 if ahead[3] == "年" else 1)
    elif "下个月" in text or "下月" in text:
        count = 1
    if count is not None:
        months = today.year * 12 + today.month - 1 + count
        return date(months // 12, months % 12 + 1, 1)
    month = chinese_integer(named[1]) if named else None
    if month is None:
        return None
    next_year = "明年" in text or ("今年" not in text and month < today.month)
    first = _safe_date(today.year + next_year, month, 1)
    return None if first is None else max(first, today)


def _safe_date(year: int, month: int | None, day: int | None) -> date | None:
    try:
        return date(year, month or 0, day or 0)
    except ValueError:
        return None
