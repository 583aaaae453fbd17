"""Right rows of a discharge list → patients, plans and dated contacts. One transaction a patient: a crash leaves whole
patients behind, and reading the list again goes on where it stopped."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from agent.exchange.discharge_list import Parsed, Problem, Row
from agent.exchange.node_dates import NodeDate, node_dates
from agent.model.clock import NewId, require_aware
from agent.model.contact import Contact, ContactStatus
from agent.model.discharge import Discharge, PlannedPathway, Planner
from agent.model.people import Patient, Plan, PlanStatus
from agent.model.record import Event

ACTOR = "import"
READMITTED = "readmitted"


class ImportRecords(Protocol):
    """What importing needs of the store's records."""

    async def find_patient(self, *, name: str, phone: str) -> Patient | None: ...
    async def add_patient(self, patient: Patient) -> None: ...
    async def save_patient(self, patient: Patient) -> None: ...
    async def plans(self, patient_id: str) -> Sequence[Plan]: ...
    async def add_plan(self, plan: Plan, contacts: Sequence[Contact]) -> None: ...
    async def save_plan(self, plan: Plan) -> None: ...
    async def contacts(self, *, patient_id: str, status: ContactStatus) -> Sequence[Contact]: ...
    async def save_contact(self, contact: Contact) -> Contact: ...
    async def add_event(self, event: Event) -> None: ...


class ImportStore(Protocol):
    def transaction(self, *, write: bool = True) -> AbstractAsyncContextManager[ImportRecords]: ...


class RowResult(StrEnum):
    NEW_PATIENT = "new_patient"
    NEW_PLAN = "new_plan"  # a known patient's new discharge
    UNCHANGED = "unchanged"  # this discharge is in the store already


@dataclass(frozen=True, slots=True)
class RowReport:
    """What one row came to. `differs` names columns whose value in the store is another and was left as it is."""

    line: int
    result: RowResult
    patient: Patient
    pathway: str
    contacts: tuple[Contact, ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    rows: tuple[RowReport, ...]
    problems: tuple[Problem, ...]

    @property
    def imported(self) -> int:
        """Rows that changed the store."""
        return sum(row.result is not RowResult.UNCHANGED for row in self.rows)

    @property
    def unchanged(self) -> int:
        return len(self.rows) - self.imported

    @property
    def plans(self) -> int:
        return self.imported

    @property
    def contacts(self) -> tuple[Contact, ...]:
        return tuple(contact for row in self.rows for contact in row.contacts)


async def import_discharges(
    store: ImportStore, parsed: Parsed, planner: Planner, now: datetime, new_id: NewId
) -> ImportReport:
    """Writes every row that can be written; `problems` are the parser's and those found here, by line."""
    importer = _Importer(require_aware(now), new_id)
    rows: list[RowReport] = []
    problems = list(parsed.problems)
    for row in parsed.rows:
        planned = planner.plan_for(row.discharge)
        if planned is None:
            problems.append(_no_pathway(row))
            continue
        async with store.transaction() as records:
            made = await importer.write(records, row, planned)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            rows.append(made)
    return ImportReport(tuple(rows), tuple(sorted(problems, key=lambda problem: problem.line)))


@dataclass(frozen=True, slots=True)
class _Importer:
    now: datetime
    new_id: NewId

    async def write(self, records: ImportRecords, row: Row, planned: PlannedPathway) -> RowReport | Problem:
        discharge = row.discharge
        known = await records.find_patient(name=discharge.name, phone=discharge.phone)
        if known is None:
            patient = _patient(self.new_id(), discharge)
            await records.add_patient(patient)
            contacts = await self._add_plan(records, patient, planned, discharge)
            return RowReport(row.line, RowResult.NEW_PATIENT, patient, planned.pathway, contacts)
        plans = await records.plans(known.id)
        same_pathway = [plan for plan in plans if plan.pathway == planned.pathway]
        if any(plan.discharge_date == discharge.discharge_date for plan in same_pathway):
            differs = _differences(known, discharge)
            return RowReport(row.line, RowResult.UNCHANGED, known, planned.pathway, differs=differs)
        standing = [plan for plan in same_pathway if plan.status is PlanStatus.ACTIVE]
        if any(plan.discharge_date > discharge.discharge_date for plan in standing):
            return _overtaken(row)
        for plan in standing:
            await self._supersede(records, plan)
        patient = known
        if all(plan.discharge_date < discharge.discharge_date for plan in plans):
            patient = _brought_up_to_date(known, discharge)
            await records.save_patient(patient)
        contacts = await self._add_plan(records, patient, planned, discharge)
        return RowReport(row.line, RowResult.NEW_PLAN, patient, planned.pathway, contacts)

    async def _add_plan(
        self, records: ImportRecords, patient: Patient, planned: PlannedPathway, discharge: Discharge
    ) -> tuple[Contact, ...]:
        dates = node_dates(planned, discharge.discharge_date, self.now)
        live = any(node.status is ContactStatus.DUE for node in dates)
        plan = Plan(
            id=self.new_id(),
            patient_id=patient.id,
            pathway=planned.pathway,
            pathway_version=planned.version,
            discharge_date=discharge.discharge_date,
            status=PlanStatus.ACTIVE if live else PlanStatus.FINISHED,
            created_at=self.now,
        )
        contacts = tuple(self._contact(plan, node) for node in dates)
        await records.add_plan(plan, contacts)
        for contact in contacts:
            await records.add_event(self._event(contact, None))
        return contacts

    def _contact(self, plan: Plan, node: NodeDate) -> Contact:
        return Contact(
            id=self.new_id(),
            plan_id=plan.id,
            patient_id=plan.patient_id,
            pathway=plan.pathway,
            pathway_version=plan.pathway_version,
            node_day=node.day,
            due_at=node.due_at,
            status=node.status,
            reason=node.reason,
        )

    async def _supersede(self, records: ImportRecords, plan: Plan) -> None:
        """The patient was discharged anew: what the earlier discharge still had to come is waived."""
        await records.save_plan(replace(plan, status=PlanStatus.CANCELLED))
        for contact in await records.contacts(patient_id=plan.patient_id, status=ContactStatus.DUE):
            if contact.plan_id == plan.id:
                waived = replace(contact, status=ContactStatus.WAIVED, reason=READMITTED)
                await records.save_contact(waived)
                await records.add_event(self._event(waived, ContactStatus.DUE))

    def _event(self, contact: Contact, before: ContactStatus | None) -> Event:
        came_from = before.value if before else None
        return Event("contact", contact.id, came_from, contact.status.value, self.now, ACTOR, contact.reason)


_FIELDS = {
    "诊断": "diagnosis",
    "分层": "tier",
    "性别": "sex",
    "出生年份": "birth_year",
    "身份证后四位": "id_last4",
    "科室": "department",
    "住院号": "hospital_number",
    "家属姓名": "caregiver_name",
    "家属电话": "caregiver_phone",
}


def _patient(patient_id: str, discharge: Discharge) -> Patient:
    facts = {field: getattr(discharge, field) for field in _FIELDS.values()}
    return Patient(id=patient_id, name=discharge.name, phone=discharge.phone, **facts)


def _brought_up_to_date(patient: Patient, discharge: Discharge) -> Patient:
    """What the newer discharge says; what it leaves empty stays."""
    said = {field: getattr(discharge, field) for field in _FIELDS.values()}
    return replace(patient, **{field: value for field, value in said.items() if value is not None})


def _differences(patient: Patient, discharge: Discharge) -> tuple[str, ...]:
    """Columns the list fills with another value than the store has."""
    pairs = {column: (getattr(discharge, field), getattr(patient, field)) for column, field in _FIELDS.items()}
    return tuple(column for column, (listed, stored) in pairs.items() if listed is not None and listed != stored)


def _no_pathway(row: Row) -> Problem:
    return Problem(
        row.line,
        "诊断",
        "no_pathway",
        "这个诊断没有对应的随访路径",
        "请核对诊断写法，或请临床人员补一条随访路径",
        row.discharge.diagnosis,
    )


def _overtaken(row: Row) -> Problem:
    return Problem(
        row.line,
        "出院日期",
        "overtaken",
        "系统里已有这位患者更晚的一次出院，随访按那一次进行",
        "如果系统里的日期有误，请先在患者页取消那份计划",
        row.discharge.discharge_date.isoformat(),
    )
