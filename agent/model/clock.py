"""Time and identifiers as arguments; the only module that reads the wall clock."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HOSPITAL_ZONE = ZoneInfo("Asia/Shanghai")

Now = Callable[[], datetime]
NewId = Callable[[], str]


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A 24-character hex id whose order follows creation time (48-bit milliseconds, then 48 random bits)."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(6)}"


def hospital_day(moment: datetime) -> date:
    """The hospital's day of an aware moment."""
    return require_aware(moment).astimezone(HOSPITAL_ZONE).date()


def require_aware(moment: datetime) -> datetime:
    """The same moment; raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment.isoformat()}: attach a time zone")
    return moment
