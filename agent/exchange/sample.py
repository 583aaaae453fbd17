"""The sample list, made to look as if it had been written today."""

import re
from datetime import date, timedelta

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def freshen(data: bytes, today: date) -> bytes:
    """Every YYYY-MM-DD of a UTF-8 list moved by the days between the list's own day, the first date in it, and
    `today`. Raises ValueError where there is none."""
    text = data.decode("utf-8")
    written = _DAY.search(text)
    if written is None:
        raise ValueError("the list names no day of its own")
    passed = today - date.fromisoformat(written[0])
    return _DAY.sub(lambda found: _moved(found[0], passed), text).encode("utf-8")


def _moved(day: str, passed: timedelta) -> str:
    return (date.fromisoformat(day) + passed).isoformat()
