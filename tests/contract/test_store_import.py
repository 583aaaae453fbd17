"""A discharge list lands in the store whole, once, and changes nothing the second time."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from agent.attempts.transitions import Stamp, stop_everything
from agent.exchange.discharge_import import ROWS_AT_ONCE, import_discharges
from agent.exchange.discharge_list import Parsed, Problem, Row
from agent.exchange.planned_discharge import RowResult
from agent.model.clock import NewId
from agent.model.contact import Channel, ContactStatus
from agent.model.discharge import Discharge, Planned, PlannedPathway
from agent.model.people import PlanStatus, Tier
from agent.planning.when import When
from agent.store.ports import Store

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ANNA = Discharge("王秀兰", "+8613490000001", "心力衰竭", date(2026, 11, 20), Tier.HIGH, birth_year=1948)
BERT = Discharge("李建国", "+8613490000002", "PCI术后", date(2026, 11, 13), Tier.MIDDLE)


@dataclass
class PlannerByWord:
    days: tuple[int, ...] = (3, 7, 30)

    def plan_for(self, discharge: Discharge) -> Planned:
        pathways = {"心力衰竭": "heart_failure", "PCI术后": "coronary_stent"}
        name = pathways.get(discharge.diagnosis)
        chosen = (PlannedPathway(name, "2", self.days),) if name else ()
        return Planned(discharge.tier or Tier.MIDDLE, chosen, education_only=discharge.tier is Tier.LOW)

    def days_of(self, pathway: str, tier: Tier) -> tuple[int, ...]:
        return self.days


@pytest.fixture
def new_id() -> NewId:
    numbers = count(1)
    return lambda: f"id{next(numbers):05}"


def listed(*discharges: Discharge) -> Parsed:
    return Parsed(tuple(Row(line, discharge) for line, discharge in enumerate(discharges, 2)))


async def test_patients_plans_and_dated_contacts(store: Store, new_id: NewId) -> None:
    report = await import_discharges(store, listed(ANNA, BERT), PlannerByWord(), When(NOW, new_id))
    assert [row.result for row in report.rows] == [RowResult.NEW_PATIENT] * 2
    assert (report.imported, report.unchanged, report.plans, report.problems) == (2, 0, 2, ())
    async with store.transaction(write=False) as records:
        anna = await records.find_patient(name=ANNA.name, phone=ANNA.phone)
        assert anna is not None and anna.birth_year == 1948
        (plan,) = await records.plans(anna.id)
        assert (plan.pathway, plan.pathway_version, plan.status) == ("heart_failure", "2", PlanStatus.ACTIVE)
        contacts = await records.contacts(patient_id=anna.id)
        assert [c.due_at for c in contacts] == [
            datetime(2026, 11, 20, 2, tzinfo=UTC) + timedelta(days=d) for d in (3, 7, 30)
        ]
        assert {(c.plan_id, c.pathway_version, c.status) for c in contacts} == {(plan.id, "2", ContactStatus.DUE)}
        (event,) = await records.events("contact", contacts[0].id)
        assert (event.from_status, event.to_status, event.actor) == (None, "due", "import")


async def test_what_came_too_late_is_waived_with_the_reason_on_record(store: Store, new_id: NewId) -> None:
    report = await import_discharges(store, listed(BERT), PlannerByWord(), When(NOW, new_id))
    third, seventh, thirtieth = report.rows[0].contacts
    assert (third.status, third.reason) == (ContactStatus.WAIVED, "imported_late")
    assert (seventh.status, seventh.due_at) == (ContactStatus.DUE, NOW)
    assert thirtieth.status is ContactStatus.DUE
    async with store.transaction(write=False) as records:
        (event,) = await records.events("contact", third.id)
        assert (event.to_status, event.reason) == ("waived", "imported_late")


async def test_a_plan_with_nothing_left_to_do_is_finished(store: Store, new_id: NewId) -> None:
    old = replace(ANNA, discharge_date=date(2025, 1, 1))
    report = await import_discharges(store, listed(old), PlannerByWord(), When(NOW, new_id))
    async with store.transaction(write=False) as records:
        (plan,) = await records.plans(report.rows[0].patient.id)
    assert plan.status is PlanStatus.FINISHED


async def test_the_same_list_again_changes_nothing_and_says_so(store: Store, new_id: NewId) -> None:
    first = await import_discharges(store, listed(ANNA, BERT), PlannerByWord(), When(NOW, new_id))
    moved = replace(BERT, tier=Tier.LOW, department="心内科")
    again = await import_discharges(store, listed(ANNA, moved), PlannerByWord(), When(NOW + timedelta(days=9), new_id))
    assert [row.result for row in again.rows] == [RowResult.UNCHANGED] * 2
    assert [row.differs for row in again.rows] == [(), ("分层", "科室")]
    assert (again.imported, again.unchanged, again.contacts) == (0, 2, ())
    async with store.transaction(write=False) as records:
        assert len(await records.patients()) == 2
        stored = {contact.id: contact for contact in await records.contacts()}
        assert stored == {contact.id: contact for contact in first.contacts}
        assert (await records.patient(first.rows[1].patient.id)).tier is Tier.MIDDLE


async def test_a_new_discharge_replaces_what_the_old_one_had_still_to_come(store: Store, new_id: NewId) -> None:
    await import_discharges(store, listed(BERT), PlannerByWord(), When(NOW, new_id))
    back = replace(BERT, discharge_date=date(2026, 12, 1), tier=Tier.HIGH, caregiver_name="李明")
    later = datetime(2026, 12, 2, 4, 0, tzinfo=UTC)
    report = await import_discharges(store, listed(back), PlannerByWord(), When(later, new_id))
    assert [row.result for row in report.rows] == [RowResult.NEW_PLAN]
    patient = report.rows[0].patient
    assert (patient.tier, patient.caregiver_name) == (Tier.HIGH, "李明")
    async with store.transaction(write=False) as records:
        assert await records.patient(patient.id) == patient
        old, new = await records.plans(patient.id)
        assert (old.status, new.status) == (PlanStatus.CANCELLED, PlanStatus.ACTIVE)
        contacts = await records.contacts(patient_id=patient.id)
        assert {c.plan_id for c in contacts if c.status is ContactStatus.DUE} == {new.id}
        replaced = [c for c in contacts if c.reason == "readmitted"]
        assert [c.node_day for c in replaced] == [7, 30]
        assert (await records.events("contact", replaced[0].id))[-1].reason == "readmitted"


async def test_an_older_discharge_after_a_newer_one_is_refused(store: Store, new_id: NewId) -> None:
    await import_discharges(store, listed(ANNA), PlannerByWord(), When(NOW, new_id))
    before = replace(ANNA, discharge_date=date(2026, 11, 1))
    report = await import_discharges(store, listed(before), PlannerByWord(), When(NOW, new_id))
    assert [(p.line, p.code) for p in report.problems] == [(2, "overtaken")]
    assert report.imported == 0


async def test_another_pathway_of_the_same_patient_goes_beside_the_first(store: Store, new_id: NewId) -> None:
    stent = replace(ANNA, diagnosis="PCI术后", discharge_date=date(2026, 11, 19))
    report = await import_discharges(store, listed(ANNA, stent), PlannerByWord(), When(NOW, new_id))
    assert [row.result for row in report.rows] == [RowResult.NEW_PATIENT, RowResult.NEW_PLAN]
    async with store.transaction(write=False) as records:
        patient = await records.patient(report.rows[0].patient.id)
        assert {plan.status for plan in await records.plans(patient.id)} == {PlanStatus.ACTIVE}
    assert patient.diagnosis == "心力衰竭"  # the later discharge's


async def test_a_diagnosis_without_a_pathway_is_named_among_the_parsers_problems(store: Store, new_id: NewId) -> None:
    parsed = replace(
        listed(replace(ANNA, diagnosis="骨折"), BERT), problems=(Problem(9, "电话", "phone_length", "", ""),)
    )
    report = await import_discharges(store, parsed, PlannerByWord(), When(NOW, new_id))
    assert [(p.line, p.column, p.code) for p in report.problems] == [
        (2, "诊断", "no_pathway"),
        (9, "电话", "phone_length"),
    ]
    async with store.transaction(write=False) as records:
        assert [patient.name for patient in await records.patients()] == [BERT.name]


async def test_a_crash_leaves_whole_patients_and_the_next_try_goes_on(store: Store, new_id: NewId) -> None:
    class Broken(Exception):
        pass

    many = [replace(ANNA, name=f"病人{n}", phone=f"+861349{n:07}") for n in range(ROWS_AT_ONCE + 2)]
    made = count(1)

    def failing_id() -> str:
        if next(made) == ROWS_AT_ONCE * 6 + 8:  # in the middle of the second row of the second transaction
            raise Broken
        return new_id()

    with pytest.raises(Broken):
        await import_discharges(store, listed(*many), PlannerByWord(), When(NOW, failing_id))
    async with store.transaction(write=False) as records:
        assert len(await records.patients()) == ROWS_AT_ONCE
        assert len(await records.contacts(limit=1000)) == ROWS_AT_ONCE * 3
    report = await import_discharges(store, listed(*many), PlannerByWord(), When(NOW, new_id))
    assert (report.unchanged, report.imported) == (ROWS_AT_ONCE, 2)


async def test_a_dry_run_says_the_same_and_writes_nothing(store: Store, new_id: NewId) -> None:
    dry = await import_discharges(store, listed(ANNA, BERT), PlannerByWord(), When(NOW, new_id), dry=True)
    async with store.transaction(write=False) as records:
        assert await records.patients() == [] and await records.contacts() == []
    real = await import_discharges(store, listed(ANNA, BERT), PlannerByWord(), When(NOW, new_id))
    assert [(c.node_day, c.due_at, c.status) for c in dry.contacts] == [
        (c.node_day, c.due_at, c.status) for c in real.contacts
    ]


async def test_two_sources_know_one_patient(store: Store, new_id: NewId) -> None:
    first = replace(ANNA, hospital_number="Z1", id_last4="042X")
    await import_discharges(store, listed(first), PlannerByWord(), When(NOW, new_id))
    newer = date(2026, 11, 21)
    same = [
        replace(first, phone="+8613490000009", diagnosis="PCI术后", discharge_date=newer),  # by hospital number
        replace(first, phone="+8613490000008", hospital_number="Z2", discharge_date=newer),  # by card and year
        replace(first, phone="+8613490000009", hospital_number=None, id_last4=None),  # by name and phone
    ]
    report = await import_discharges(store, listed(*same), PlannerByWord(), When(NOW, new_id))
    assert report.problems == ()
    async with store.transaction(write=False) as records:
        (patient,) = await records.patients()
    assert (patient.phone, patient.hospital_number) == ("+8613490000009", "Z1")


async def test_what_speaks_against_one_person_is_told_and_nothing_merged(store: Store, new_id: NewId) -> None:
    first = replace(ANNA, hospital_number="Z1", id_last4="042X")
    other = replace(BERT, hospital_number="Z2")
    await import_discharges(store, listed(first, other), PlannerByWord(), When(NOW, new_id))
    newer = date(2026, 11, 21)
    doubtful = [
        replace(BERT, hospital_number="Z1", discharge_date=newer),  # Anna's number, Bert's name and phone
        replace(first, name="王秀", phone="+8613490000007", discharge_date=newer),  # her number, another name
        replace(first, birth_year=1980, discharge_date=newer),
    ]
    report = await import_discharges(store, listed(*doubtful), PlannerByWord(), When(NOW, new_id))
    assert [(p.line, p.code) for p in report.problems] == [(2, "doubt"), (3, "doubt"), (4, "doubt")]
    assert "出生年份" in report.problems[2].reason
    async with store.transaction(write=False) as records:
        assert {patient.hospital_number for patient in await records.patients()} == {"Z1", "Z2"}
        assert len(await records.contacts()) == 6


async def test_who_died_or_wants_no_contact_is_never_planned_again(store: Store, new_id: NewId) -> None:
    report = await import_discharges(store, listed(ANNA), PlannerByWord(), When(NOW, new_id))
    patient = report.rows[0].patient
    async with store.transaction() as records:
        assert await stop_everything(records, patient.id, "opt_out", Channel.PHONE, Stamp(NOW, "robot", "m1")) == 3
    again = replace(ANNA, discharge_date=date(2026, 11, 21))
    report = await import_discharges(store, listed(again), PlannerByWord(), When(NOW, new_id))
    assert [problem.code for problem in report.problems] == ["stopped"]
    async with store.transaction(write=False) as records:
        assert await records.contacts(status=ContactStatus.DUE) == []


async def test_the_low_tier_is_sent_education_on_its_days_and_not_called(store: Store, new_id: NewId) -> None:
    report = await import_discharges(store, listed(replace(ANNA, tier=Tier.LOW)), PlannerByWord(), When(NOW, new_id))
    assert {(c.status, c.reason) for c in report.contacts} == {(ContactStatus.WAIVED, "education_only")}
    async with store.transaction(write=False) as records:
        (plan,) = await records.plans(report.rows[0].patient.id)
        later = NOW + timedelta(days=4)
        (contact,) = await records.contacts_for_education(now=later, since=NOW, limit=9)
    assert (plan.status, contact.node_day) == (PlanStatus.ACTIVE, 3)


async def test_dates_fall_into_the_calling_hours(store: Store, new_id: NewId) -> None:
    def weekdays_only(moment: datetime) -> datetime:
        while moment.weekday() > 4:
            moment += timedelta(days=1)
        return moment

    when = When(NOW, new_id, next_open=weekdays_only)
    report = await import_discharges(
        store, listed(replace(ANNA, discharge_date=date(2026, 11, 19))), PlannerByWord(), when
    )
    assert report.contacts[0].due_at == datetime(2026, 11, 23, 2, tzinfo=UTC)  # the 22nd is a Sunday
    assert report.contacts[0].planned_for == date(2026, 11, 23)
