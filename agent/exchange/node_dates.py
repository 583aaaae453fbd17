"""When each node of a pathway falls due, and which ones a late import still makes up for. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import ContactStatus
from agent.model.discharge import PlannedPathway

IMPORTED_LATE = "imported_late"


@dataclass(frozen=True, slots=True)
class NodeDate:
    day: int
    due_at: datetime
    status: ContactStatus
    reason: str | None = None


def node_dates(planned: PlannedPathway, discharge_date: date, now: datetime) -> list[NodeDate]:
    """In order of day. Of the nodes already past, the latest is due at once if it is within the grace; the others are
    waived as imported late: a patient is not called twice in a day to make up for two."""
    dated = [(day, _due(planned, discharge_date, day)) for day in sorted(set(planned.node_days))]
    past = [day for day, due in dated if due <= now]
    latest = past[-1] if past else None
    return [_node(planned, day, due, now, day == latest) for day, due in dated]


def _due(planned: PlannedPathway, discharge_date: date, day: int) -> datetime:
    return datetime.combine(discharge_date + timedelta(days=day), planned.call_at, HOSPITAL_ZONE)


def _node(planned: PlannedPathway, day: int, due: datetime, now: datetime, latest_past: bool) -> NodeDate:
    if due > now:
        return NodeDate(day, due, ContactStatus.DUE)
    late_days = (now.astimezone(HOSPITAL_ZONE).date() - due.date()).days
    if latest_past and late_days <= planned.grace_days:
        return NodeDate(day, now, ContactStatus.DUE)
    return NodeDate(day, due, ContactStatus.WAIVED, IMPORTED_LATE)
