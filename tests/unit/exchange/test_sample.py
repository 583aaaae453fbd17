"""The sample list: right in every row, and as good as new on any day."""

from collections import Counter
from datetime import UTC, date, datetime, time

import pytest

from agent.dialog.pathway_loader import load_all
from agent.exchange.discharge_csv import parse
from agent.exchange.discharge_import import RowReport, import_discharges
from agent.exchange.sample import freshen
from agent.model.clock import HOSPITAL_ZONE, new_id
from agent.model.contact import ContactStatus
from agent.model.plan_rules import PlanRules
from agent.planning.planner import RulePlanner
from agent.planning.when import When
from folders import PATHWAYS, SAMPLE_LIST
from tests.fakes.memory_store import MemoryStore

SAMPLE = SAMPLE_LIST.read_bytes()


def due_now(row: RowReport, now: datetime) -> bool:
    return any(contact.status is ContactStatus.DUE and contact.due_at <= now for contact in row.contacts)


@pytest.mark.parametrize("hour", [0, 9, 10, 23])
async def test_six_patients_are_due_on_any_day_at_any_hour(hour: int) -> None:
    today = date(2027, 3, 1)
    now = datetime.combine(today, time(hour, 30), HOSPITAL_ZONE).astimezone(UTC)
    parsed = parse(freshen(SAMPLE, today), today)
    planner = RulePlanner(PlanRules(), load_all(PATHWAYS))
    report = await import_discharges(MemoryStore(), parsed, planner, When(now, new_id))
    assert report.problems == ()
    assert Counter(name for row in report.rows for name in row.pathways) == {
        "heart_failure": 3,
        "hypertension": 1,
        "coronary_stent": 4,
        "general_surgery": 4,
    }
    assert sum(due_now(row, now) for row in report.rows) == 6
    assert all(any(c.status is ContactStatus.DUE for c in row.contacts) for row in report.rows)


def test_a_list_without_a_day_of_its_own_cannot_be_freshened() -> None:
    with pytest.raises(ValueError, match="no day"):
        freshen("姓名,电话".encode(), date(2027, 3, 1))
