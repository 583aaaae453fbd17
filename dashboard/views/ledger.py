"""The day's contacts as a table, and the list of patients."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agent.model.contact import Attempt, Contact, ContactStatus
from agent.model.people import Patient
from agent.store.screens import ScreenRecords
from dashboard import times, words
from dashboard.deps import DashboardDeps
from dashboard.views.queue import UNKNOWN_NAME, what_of, who_of

ROWS = 200
PATIENTS = 50


@dataclass(frozen=True, slots=True)
class Row:
    contact: Contact
    patient_id: str
    name: str
    who: str
    what: str
    status: str
    reason: str
    last: Attempt | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ledger:
    day: date
    rows: tuple[Row, ...]
    tally: tuple[tuple[ContactStatus, str, int], ...]
    cut: bool  # there are more rows than shown


@dataclass(frozen=True, slots=True)
class PatientRow:
    patient: Patient
    who: str
    plan: str
    done: int
    total: int
    next: Contact | None
    last: Contact | None
    last_status: str


async def load_day(records: ScreenRecords, deps: DashboardDeps, day: date) -> Ledger:
    since, until = times.day_bounds(day)
    contacts = await records.contacts_due(since=since, until=until, limit=ROWS + 1)
    shown = contacts[:ROWS]
    patients = await records.patients_by_id({contact.patient_id for contact in shown})
    attempts = await records.last_attempts({contact.id for contact in shown})
    rows = [_row(contact, patients.get(contact.patient_id), attempts.get(contact.id), deps) for contact in shown]
    counted = Counter(row.contact.status for row in rows)
    tally = tuple(
        (status, words.CONTACT_STATUS[status], counted[status]) for status in ContactStatus if counted[status]
    )
    return Ledger(day, tuple(rows), tally, len(contacts) > ROWS)


def _row(contact: Contact, patient: Patient | None, last: Attempt | None, deps: DashboardDeps) -> Row:
    return Row(
        contact=contact,
        patient_id=contact.patient_id,
        name=patient.name if patient else UNKNOWN_NAME,
        who=who_of(patient, deps.now()),
        what=what_of(contact, deps),
        status=words.CONTACT_STATUS[contact.status],
        reason=words.reason_word(contact.reason),
        last=last,
        last_at=(last.ended_at or last.answered_at or last.created_at) if last else None,
    )


async def load_patients(records: ScreenRecords, deps: DashboardDeps, text: str) -> tuple[PatientRow, ...]:
    """The patients whose name or phone contains `text`, at most a page of them."""
    patients = await records.search_patients(text, limit=PATIENTS)
    contacts: dict[str, list[Contact]] = {}
    for contact in await records.contacts_of([patient.id for patient in patients]):
        contacts.setdefault(contact.patient_id, []).append(contact)
    return tuple(_patient_row(patient, contacts.get(patient.id, []), deps) for patient in patients)


def _patient_row(patient: Patient, contacts: Sequence[Contact], deps: DashboardDeps) -> PatientRow:
    pending = (ContactStatus.DUE, ContactStatus.IN_PROGRESS)
    ordered = sorted(contacts, key=lambda contact: contact.due_at)
    past = [contact for contact in ordered if contact.status not in pending]
    last = past[-1] if past else None
    return PatientRow(
        patient=patient,
        who=who_of(patient, deps.now()),
        plan=" · ".join(dict.fromkeys(deps.pathway_titles(contact.pathway) for contact in ordered)),
        done=sum(1 for contact in ordered if contact.status is ContactStatus.COMPLETED),
        total=len(ordered),
        next=next((contact for contact in ordered if contact.status in pending), None),
        last=last,
        last_status=words.CONTACT_STATUS[last.status] if last else "",
    )
