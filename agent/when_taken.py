"""When a reading was taken, by the words around it: 130/85今早, 昨晚量的一百四, 刚量的. Pure.

A part of the day stands for one hour of it, so that a line of readings keeps days and their order apart.
"""

import re
from datetime import datetime, time, timedelta

from agent.dialog.dates import NUMBER, chinese_integer
from agent.model.clock import HOSPITAL_ZONE

_DAYS = {"今": 0, "昨": 1, "前": 2, "大前": 3}
_BEFORE_DAWN, _NOON, _EVENING = timedelta(hours=4), timedelta(hours=12), timedelta(hours=20)
_PARTS = (
    ("凌晨|后半夜", _BEFORE_DAWN),
    ("早饭后", timedelta(hours=9)),
    ("早|清晨|起床|起来|今晨|空腹", timedelta(hours=7)),
    ("上午|前晌", timedelta(hours=10)),
    ("中午|晌午", _NOON),
    ("下午|后晌", timedelta(hours=15)),
    ("傍晚|晚饭前", timedelta(hours=18)),
    ("晚|夜|睡前", _EVENING),
)
_DAY = re.compile("(今|昨|大前|前)(?=[天日儿早晚晨夜])")
_TIME = re.compile("|".join(pattern for pattern, _ in _PARTS))
_CLOCK = re.compile(rf"(?<![\d一二三四五六七八九十高低多少]){NUMBER}点(半)?(?![\d一二三四五六七八九])")
_CLAUSES = re.compile(r"[，。；;！!？?\n]+")
_OF_MEASURING = re.compile(r"[量测称查夹]|\d{2}|\d\.\d|[百十][一二三四五六七八九零]|[一二三四五六七八九]十")
_DAY_LONG = timedelta(days=1)
_LEAST_NOON, _LEAST_EVENING = 10, 5  # o'clock: 中午一点 is 13, 夜里两点 before dawn


def taken_at(text: str, said_at: datetime) -> datetime:
    """The aware moment the words give the reading, never after `said_at`; `said_at` itself where they name none, or
    more than one."""
    clauses = [clause for clause in _CLAUSES.split(text) if _OF_MEASURING.search(clause)]
    named = {moment for clause in clauses if (moment := _named(clause, said_at)) is not None}
    return min(named.pop(), said_at) if len(named) == 1 else said_at


def _named(clause: str, said_at: datetime) -> datetime | None:
    local = said_at.astimezone(HOSPITAL_ZONE)
    days, parts = set(_DAY.findall(clause)), {part for part in _TIME.findall(clause)}
    if len(days) > 1 or len(parts) > 1 or not (days or parts):
        return None
    hours = _hours(clause, next(iter(parts), ""))
    back = _DAYS[days.pop()] if days else 0
    if hours is None:
        return None if back == 0 else (local - timedelta(days=back)).astimezone(said_at.tzinfo)
    moment = datetime.combine(local.date() - timedelta(days=back), time(), HOSPITAL_ZONE) + hours
    if moment > local and (hours >= _DAY_LONG or (back == 0 and hours >= _NOON)):
        moment -= timedelta(days=1)  # 晚上量的, said in the morning; 今天夜里两点
    return moment.astimezone(said_at.tzinfo)


def _hours(clause: str, part: str) -> timedelta | None:
    """From the midnight that begins the named day: 夜里两点 of a day comes after its evening."""
    if not part:
        return None
    usual = next(hours for pattern, hours in _PARTS if re.fullmatch(pattern, part))
    clock = _CLOCK.search(clause)
    told = chinese_integer(clock[1]) if clock else None
    if clock is None or told is None or told >= 24:
        return usual
    if usual == _BEFORE_DAWN:
        told %= 12  # 凌晨十二点半
    elif usual == _NOON:
        told += 12 if told < _LEAST_NOON else 0
    elif usual == _EVENING and (told == 12 or told < _LEAST_EVENING):
        told = told % 12 + 24
    elif usual > _NOON:
        told += 12 if told < 12 else 0
    return timedelta(hours=told, minutes=30 if clock[2] else 0)
