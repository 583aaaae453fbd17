"""Nobody is called at night."""

from datetime import UTC, datetime

import pytest

from agent.schedule.hours import CallingHours


@pytest.mark.parametrize(
    ("utc_hour", "is_open"), [(0, False), (1, True), (11, True), (12, False), (19, False)]
)  # 08:59, 09:59, 19:59, 20:59 and 03:59 at the hospital
def test_calls_are_made_in_the_daytime_of_the_hospital_only(utc_hour: int, is_open: bool) -> None:
    assert CallingHours().open_at(datetime(2026, 11, 21, utc_hour, 59, tzinfo=UTC)) is is_open


def test_all_day_means_all_day() -> None:
    hours = CallingHours(0, 24)
    assert all(hours.open_at(datetime(2026, 11, 21, hour, tzinfo=UTC)) for hour in range(24))
