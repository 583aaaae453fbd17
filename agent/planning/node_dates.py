"""When each node of a pathway falls due, and which ones a late import still makes up for. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import ContactStatus
from agent.model.discharge import PlannedPathway

IMPORTED_LATE = "imported_late"
EDUCATION_ONLY = "education_only"

NextOpen = Callable[[datetime], datetime]
"""The first moment from the given one on at which the house may call."""


@dataclass(frozen=True, slots=True)
class NodeDate:
    day: int
    due_at: datetime
    status: ContactStatus
    reason: str | None = None


def any_time(moment: datetime) -> datetime:
    return moment


def due_on(day: date, call_at: time, next_open: NextOpen) -> datetime:
    """That hospital day at that time, or the first calling hour after it."""
    return next_open(datetime.combine(day, call_at, HOSPITAL_ZONE))


def node_dates(
    planned: PlannedPathway, discharge_date: date, now: datetime, next_open: NextOpen = any_time
) -> list[NodeDate]:
    """In order of day. Of the nodes already past, the latest is due at once if it is within the grace; the others are
    waived as imported late: a patient is not called twice in a day to make up for two."""
    days = sorted(set(planned.node_days))
    dated = [(day, due_on(discharge_date + timedelta(days=day), planned.call_at, next_open)) for day in days]
    past = [day for day, due in dated if due <= now]
    latest = past[-1] if past else None
    return [_node(planned, day, due, now, day == latest) for day, due in dated]


def education_dates(
    planned: PlannedPathway, discharge_date: date, now: datetime, next_open: NextOpen = any_time
) -> list[NodeDate]:
    """The same days for a patient who is not called: every node still to come is waived in favour of education."""
    found = node_dates(planned, discharge_date, now, next_open)
    return [
        NodeDate(node.day, node.due_at, ContactStatus.WAIVED, EDUCATION_ONLY)
        if node.status is ContactStatus.DUE
        else node
        for node in found
    ]


def _node(planned: PlannedPathway, day: int, due: datetime, now: datetime, latest_past: bool) -> NodeDate:
    if due > now:
        return NodeDate(day, due, ContactStatus.DUE)
    late_days = (now.astimezone(HOSPITAL_ZONE).date() - due.date()).days
    if latest_past and late_days <= planned.grace_days:
        return NodeDate(day, now, ContactStatus.DUE)
    return NodeDate(day, due, ContactStatus.WAIVED, IMPORTED_LATE)
