"""When a reading was taken, by the words around it: 130/85今早, 昨晚量的一百四, 刚量的. Pure.

A part of the day stands for one hour of it, so that a line of readings keeps days and their order apart.
"""

import re
from datetime import datetime, time, timedelta

from agent.model.clock import HOSPITAL_ZONE

_DAYS = {"今": 0, "昨": 1, "前": 2, "大前": 3}
_PARTS = (
    ("凌晨|后半夜", time(4)),
    ("早饭后", time(9)),
    ("早|清晨|起床|起来|今晨|空腹", time(7)),
    ("上午|前晌", time(10)),
    ("中午|晌午", time(12)),
    ("下午|后晌", time(15)),
    ("傍晚|晚饭前", time(18)),
    ("晚|夜|睡前", time(20)),
)
_DAY = re.compile("(今|昨|大前|前)(?=[天日儿早晚晨夜])")
_TIME = re.compile("|".join(pattern for pattern, _ in _PARTS))
_CLOCK = re.compile(
    r"(?<![\d一二三四五六七八九十])(\d{1,2}|[一二三四五六七八九两]|十[一二]?)点(半)?(?![\d一二三四五六七八九])"
)
_NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "十": 10,
    "十一": 11,
    "十二": 12,
}
_CLAUSES = re.compile(r"[，。；;！!？?\n]+")
_OF_MEASURING = re.compile(r"[量测称查夹]|\d{2}|\d\.\d|[百十][一二三四五六七八九零]|[一二三四五六七八九]十")
_LATE = time(12)


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
    hour = _hour(clause, next(iter(parts), ""))
    back = _DAYS[days.pop()] if days else 0
    if hour is None:
        return None if back == 0 else (local - timedelta(days=back)).astimezone(said_at.tzinfo)
    moment = datetime.combine(local.date() - timedelta(days=back), hour, HOSPITAL_ZONE)
    if not days and back == 0 and moment > local and hour >= _LATE:
        moment -= timedelta(days=1)  # 晚上量的, said in the morning
    return moment.astimezone(said_at.tzinfo)


def _hour(clause: str, part: str) -> time | None:
    if not part:
        return None
    usual = next(hour for pattern, hour in _PARTS if re.fullmatch(pattern, part))
    clock = _CLOCK.search(clause)
    if clock is None:
        return usual
    told = _NUMERALS.get(clock[1]) or (int(clock[1]) if clock[1].isdigit() else 0)
    told += 12 if usual >= _LATE and told < 12 else 0
    return time(told, 30 if clock[2] else 0) if told < 24 else usual
