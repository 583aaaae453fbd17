"""The day's contacts as a table, and the list of patients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agent.model.contact import Attempt, Contact, ContactStatus
from agent.model.ledger import LedgerDay
from agent.model.message_account import STUCK_AFTER, MessageAccount
from agent.model.people import Patient
from agent.model.trunk import Circuit, Trunk
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
    next_at: datetime | None  # of a contact that was put off: tried before, or to another day
    to_check: int  # answers that read differently when the recording was heard again


@dataclass(frozen=True, slots=True)
class Ledger:
    """`rows`: what was first due on the day; `carried`: what earlier days put off to it; `adrift`: contacts of any day
    that nothing moves any more."""

    day: date
    account: LedgerDay
    rows: tuple[Row, ...]
    carried: tuple[Row, ...]
    adrift: tuple[Row, ...]
    tally: tuple[tuple[ContactStatus, str, int], ...]
    cut: bool  # there are more rows than shown
    broken: tuple[Trunk, ...]  # trunks over which nobody is called now
    messages: MessageAccount


@dataclass(frozen=True, slots=True)
class PatientRow:
    patient: Patient
    who: str
    plan: str
    done: int
    total: int
    next: Contact | None
    last: Contact | None


async def load_day(records: ScreenRecords, deps: DashboardDeps, day: date) -> Ledger:
    since, until = times.day_bounds(day)
    overdue = deps.overdue_before(deps.now())
    messages = await records.message_account(since=since, until=until, stuck_before=deps.now() - STUCK_AFTER)
    account = await records.ledger(day, since=since, until=until, overdue_before=overdue)
    planned = await records.contacts_planned(day, limit=ROWS + 1)
    carried = await records.contacts_carried(day, since=since, until=until, limit=ROWS)
    adrift = await records.contacts_adrift(overdue_before=overdue, limit=ROWS)
    shown = (planned[:ROWS], carried, adrift)
    patients = await records.patients_by_id({contact.patient_id for group in shown for contact in group})
    attempts = await records.last_attempts({contact.id for group in shown for contact in group})
    to_check = await records.differences({contact.id for group in shown for contact in group})

    def row(contact: Contact) -> Row:
        person, last = patients.get(contact.patient_id), attempts.get(contact.id)
        return _row(contact, person, last, to_check.get(contact.id, 0), deps)

    rows, put_off, stuck = (tuple(map(row, group)) for group in shown)
    tally = tuple(
        (status, words.CONTACT_STATUS[status], account.planned[status])
        for status in ContactStatus
        if account.planned.get(status)
    )
    broken = tuple(trunk for trunk in await records.trunks() if trunk.circuit is not Circuit.CLOSED)
    return Ledger(day, account, rows, put_off, stuck, tally, len(planned) > ROWS, broken, messages)


def _row(contact: Contact, patient: Patient | None, last: Attempt | None, to_check: int, deps: DashboardDeps) -> Row:
    waits = contact.status is ContactStatus.DUE
    put_off = contact.attempts_made > 0 or times.day_of(contact.due_at) != contact.planned_for
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
        next_at=contact.due_at if waits and put_off else None,
        to_check=to_check,
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
    )
