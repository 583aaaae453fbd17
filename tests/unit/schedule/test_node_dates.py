"""When contacts fall due, and what a late import makes up for."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from agent.model.contact import ContactStatus
from agent.model.discharge import PlannedPathway
from agent.planning.node_dates import IMPORTED_LATE, NodeDate, node_dates

PLANNED = PlannedPathway("heart_failure", "1", (3, 7, 14))
DISCHARGED = date(2026, 11, 1)


def ten(day: int) -> datetime:
    """Ten in the morning at the hospital, `day` days after the discharge."""
    return datetime(2026, 11, 1, 2, 0, tzinfo=UTC) + timedelta(days=day)


def planned(now: datetime, planned: PlannedPathway = PLANNED) -> list[tuple[int, datetime, str, str | None]]:
    return [(n.day, n.due_at, n.status.value, n.reason) for n in node_dates(planned, DISCHARGED, now)]


def test_ahead_of_time_every_node_is_due_at_ten_hospital_time() -> None:
    assert planned(ten(1)) == [(day, ten(day), "due", None) for day in (3, 7, 14)]


@pytest.mark.parametrize("late", [timedelta(), timedelta(hours=5), timedelta(days=3, hours=13)])
def test_a_node_missed_by_up_to_three_days_is_due_at_once(late: timedelta) -> None:
    now = ten(3) + late
    assert planned(now)[0] == (3, now, "due", None)


def test_a_node_missed_by_four_days_is_waived_and_keeps_its_date() -> None:
    only = PlannedPathway("x", "1", (3,))
    assert planned(ten(7), only) == [(3, ten(3), "waived", IMPORTED_LATE)]


def test_of_two_missed_nodes_only_the_later_is_made_up_for() -> None:
    near = PlannedPathway("x", "1", (5, 7, 14))
    now = ten(7) + timedelta(hours=1)
    assert planned(now, near) == [
        (5, ten(5), "waived", IMPORTED_LATE),
        (7, now, "due", None),
        (14, ten(14), "due", None),
    ]


def test_days_come_in_order_and_once_at_the_pathways_own_hour() -> None:
    odd = PlannedPathway("x", "1", (7, 3, 7), call_at=time(19, 30))
    assert node_dates(odd, DISCHARGED, ten(0)) == [
        NodeDate(day, ten(day) + timedelta(hours=9, minutes=30), ContactStatus.DUE) for day in (3, 7)
    ]
