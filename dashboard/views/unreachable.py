"""Contacts whose attempts ran out: whom nobody reached, how often and how it was tried."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.model.contact import Attempt, Callee, Contact, ContactStatus
from agent.model.escalation import NUMBER_DOUBTED, EscalationStatus
from agent.model.insight import Slice
from agent.model.people import Patient
from agent.store.screens import ScreenRecords
from dashboard import times, words
from dashboard.deps import DashboardDeps
from dashboard.views.queue import what_of, who_of

ROWS = 200
DAYS = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class Row:
    """`tried`: how the attempts ended with how many of each; `doubt`: the open card that holds back every call."""

    contact: Contact
    patient: Patient
    who: str
    what: str
    reason: str
    tried: tuple[tuple[str, int], ...]
    last_at: datetime | None
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Unreachable:
    rows: tuple[Row, ...]
    days: int
    more: bool


async def load(records: ScreenRecords, deps: DashboardDeps, days: int) -> Unreachable:
    """Those first due in the last `days` days, the latest first."""
    today = times.day_of(deps.now())
    wanted = Slice(today - timedelta(days=days - 1), today)
    found = await records.contacts_within(wanted, status=ContactStatus.UNREACHABLE, limit=ROWS + 1)
    shown = sorted(found[:ROWS], key=lambda each: each.due_at, reverse=True)
    patients = await records.patients_by_id({each.patient_id for each in shown})
    since = times.day_bounds(wanted.since)[0]
    made = await records.attempts_since(since, set(patients)) if patients else ()
    rows = [await _row(records, deps, each, patients[each.patient_id], made) for each in shown]
    return Unreachable(tuple(rows), days, len(found) > ROWS)


async def _row(
    records: ScreenRecords, deps: DashboardDeps, contact: Contact, patient: Patient, made: Sequence[Attempt]
) -> Row:
    mine = [each for each in made if each.contact_id == contact.id]
    ends = Counter(_end(each) for each in mine)
    cards = await records.escalations(patient_id=patient.id, limit=20)
    open_ones = (card for card in cards if card.status is not EscalationStatus.RESOLVED)
    return Row(
        contact=contact,
        patient=patient,
        who=who_of(patient, deps.now()),
        what=what_of(contact, deps),
        reason=words.reason_word(contact.reason),
        tried=tuple(ends.items()),
        last_at=max((each.ended_at or each.created_at for each in mine), default=None),
        doubt=next((card.id for card in open_ones if card.rule in NUMBER_DOUBTED), None),
    )


def _end(attempt: Attempt) -> str:
    whose = "家属" if attempt.callee is Callee.CAREGIVER else ""
    return f"{whose}{words.OUTCOMES[attempt.outcome]}"
