"""One notice into the store, inside the caller's transaction. Idempotent: the same notice again changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.attempts.transitions import Stamp, stop_everything, stopped_because
from agent.exchange.identity import Doubt, match
from agent.exchange.notice import Fault, Notice, NoticeKind, Person
from agent.exchange.patient_facts import PERSON
from agent.exchange.planned_discharge import DischargeWriter, Refused
from agent.exchange.rows_to_add import RowsToAdd
from agent.exchange.told import tell_of_death
from agent.model.contact import Channel
from agent.model.discharge import Discharge, Planner
from agent.model.people import CONTACTABLE, Identity, Patient, PlanStatus
from agent.model.record import Event
from agent.model.stay import Stay, StayStatus
from agent.planning.stopping import ADMISSION_CANCELLED, DISCHARGE_CANCELLED, IN_HOSPITAL, cancel_plan, resume_plan
from agent.planning.when import When
from agent.store.ports import Records

REFUSALS = {
    Refused.OVERTAKEN: ("系统里已有这位患者更晚的一次出院", "随访按那一次进行；日期有误请先更正"),
    Refused.STOPPED: ("患者已登记去世，或表示不再联系", "登记有误时请先更正（PID-30 写 N）"),
}


@dataclass(frozen=True, slots=True)
class Applied:
    """`result` is a stored word: "new_patient" "new_plan" "unchanged" "cancelled" "resumed" "suspended" "updated"
    "deceased", or "nothing" where there was nothing to do."""

    result: str
    patient_id: str | None = None


NOTHING = Applied("nothing")


class NoticeWriter:
    def __init__(self, records: Records, planner: Planner, when: When) -> None:
        self._records, self._planner, self._when = records, planner, when

    async def apply(self, notice: Notice) -> Applied:
        """Raises Fault where the notice cannot be obeyed as it is."""
        if notice.kind is NoticeKind.UNCONCERNED:
            return NOTHING
        patient = await self._whose(notice)
        if notice.deceased:
            return await self._died(patient)
        if notice.deceased is False and patient is not None:
            await self._lives(patient)
        if notice.kind is NoticeKind.DISCHARGED:
            return await self._discharged(notice, patient)
        if patient is None:
            late = notice.kind is NoticeKind.UPDATED and notice.discharge_date and notice.diagnosis
            return await self._discharged(notice, None) if late else NOTHING
        stays = await self._records.stays(patient.id)
        stay = _stay_of(notice, stays)
        match notice.kind:
            case NoticeKind.ADMITTED:
                return await self._admitted(notice, patient, stay)
            case NoticeKind.DISCHARGE_CANCELLED:
                return await self._discharge_cancelled(patient, stay)
            case NoticeKind.ADMISSION_CANCELLED:
                return await self._admission_cancelled(patient, stay)
            case _:
                return await self._updated(notice, patient, stay)

    async def _whose(self, notice: Notice) -> Patient | None:
        person = notice.person
        who = Identity(
            person.name, person.phone or "", person.hospital_number, person.id_last4, person.birth_year, person.sex
        )
        found = match(who, await self._records.patients_like([who]), correcting=notice.kind is NoticeKind.UPDATED)
        if isinstance(found, Doubt):
            raise Fault("doubt", "PID-3", found.reason, found.remedy)
        return found

    async def _discharged(self, notice: Notice, patient: Patient | None) -> Applied:
        stays = await self._records.stays(patient.id) if patient else []
        discharge = _discharge(notice, patient)
        planned = self._planner.plan_for(discharge)
        if not planned.pathways:
            raise Fault("no_pathway", "DG1-3", "这个诊断没有对应的随访路径", "请核对诊断，或请临床人员补一条随访路径")
        added = RowsToAdd()
        writer = DischargeWriter(self._records, added, self._when, notes_stay=False)
        written = await writer.write(discharge, planned, patient)
        if isinstance(written, Refused):
            raise Fault(written.value, "PV1-45", *REFUSALS[written])
        await added.flush(self._records)
        await self._note_stay(notice, written.patient, _stay_of(notice, stays), StayStatus.DISCHARGED)
        for plan in await self._records.plans(written.patient.id):
            if plan.pathway not in written.pathways:
                await resume_plan(self._records, plan, IN_HOSPITAL, self._when)
        return Applied(written.result.value, written.patient.id)

    async def _admitted(self, notice: Notice, patient: Patient, stay: Stay | None) -> Applied:
        """While in hospital nobody is phoned at home. An admission told after its discharge is old news."""
        if stay is not None and stay.status is not StayStatus.CANCELLED:
            return Applied("unchanged", patient.id)
        await self._note_stay(notice, patient, stay, StayStatus.ADMITTED)
        stopped = 0
        for plan in await self._records.plans(patient.id):
            if plan.status is PlanStatus.ACTIVE:
                stopped += await cancel_plan(self._records, plan, IN_HOSPITAL, self._when)
        return Applied("suspended" if stopped else "nothing", patient.id)

    async def _discharge_cancelled(self, patient: Patient, stay: Stay | None) -> Applied:
        if stay is None or stay.status is not StayStatus.DISCHARGED:
            return Applied("nothing", patient.id)
        await self._cancel_plans_of(patient, stay, DISCHARGE_CANCELLED)
        await self._records.save_stay(replace(stay, status=StayStatus.ADMITTED, updated_at=self._when.now))
        return Applied("cancelled", patient.id)

    async def _admission_cancelled(self, patient: Patient, stay: Stay | None) -> Applied:
        if stay is None or stay.status is StayStatus.CANCELLED:
            return Applied("nothing", patient.id)
        if stay.status is StayStatus.DISCHARGED:
            await self._cancel_plans_of(patient, stay, ADMISSION_CANCELLED)
        await self._records.save_stay(replace(stay, status=StayStatus.CANCELLED, updated_at=self._when.now))
        for plan in await self._records.plans(patient.id):
            await resume_plan(self._records, plan, IN_HOSPITAL, self._when)
        return Applied("resumed", patient.id)

    async def _cancel_plans_of(self, patient: Patient, stay: Stay, reason: str) -> None:
        for plan in await self._records.plans(patient.id):
            if plan.discharge_date == stay.discharge_date and plan.status is not PlanStatus.CANCELLED:
                await cancel_plan(self._records, plan, reason, self._when)

    async def _updated(self, notice: Notice, patient: Patient, stay: Stay | None) -> Applied:
        """The person's data; and the plan, where this is the first message that carries date and diagnosis."""
        newer = _with_news(patient, notice.person)
        if newer != patient:
            await self._records.save_patient(newer)
        stopped = await stopped_because(self._records, patient.id)
        open_stay = stay is None or (stay.status is StayStatus.DISCHARGED and stay.diagnosis is None)
        if notice.discharge_date and notice.diagnosis and open_stay and not stopped:
            return await self._discharged(notice, newer)
        return Applied("updated" if newer != patient else "unchanged", patient.id)

    async def _died(self, patient: Patient | None) -> Applied:
        if patient is None or await stopped_because(self._records, patient.id) == "deceased":
            return NOTHING if patient is None else Applied("unchanged", patient.id)
        stamp = Stamp(self._when.now, self._when.actor, self._when.new_id())
        stopped = await stop_everything(self._records, patient.id, "deceased", Channel.PHONE, stamp)
        await tell_of_death(self._records, patient, stopped, self._when)
        return Applied("deceased", patient.id)

    async def _lives(self, patient: Patient) -> None:
        """The source takes back the death it may have told, and what lies ahead is planned again; what a patient wished
        stays."""
        if await stopped_because(self._records, patient.id) == "deceased":
            event = Event("patient", patient.id, "deceased", CONTACTABLE, self._when.now, self._when.actor)
            await self._records.add_event(event)
            for plan in await self._records.plans(patient.id):
                await resume_plan(self._records, plan, "deceased", self._when)

    async def _note_stay(self, notice: Notice, patient: Patient, stay: Stay | None, status: StayStatus) -> None:
        noted = Stay(
            id=stay.id if stay else self._when.new_id(),
            patient_id=patient.id,
            status=status,
            source=self._when.actor,
            updated_at=self._when.now,
            visit=notice.visit or (stay.visit if stay else None),
            discharge_date=notice.discharge_date,
            diagnosis=notice.diagnosis or (stay.diagnosis if stay else None),
            icd10=notice.icd10 or (stay.icd10 if stay else ()),
            procedure=notice.procedure or (stay.procedure if stay else None),
            tags=notice.tags,
            department=notice.person.department,
        )
        await (self._records.save_stay(noted) if stay else self._records.add_stays([noted]))


def _stay_of(notice: Notice, stays: Sequence[Stay]) -> Stay | None:
    """By the visit's number; without one by the discharge date; without either the latest."""
    known = list(stays)
    if notice.visit:
        numbered = [stay for stay in known if stay.visit == notice.visit]
        unnumbered = [s for s in known if s.visit is None and s.discharge_date == notice.discharge_date is not None]
        return (numbered or unnumbered)[-1] if numbered or unnumbered else None
    if notice.discharge_date:
        known = [stay for stay in known if stay.discharge_date == notice.discharge_date]
    return known[-1] if known else None


def _discharge(notice: Notice, patient: Patient | None) -> Discharge:
    """Raises Fault naming what a follow-up cannot do without."""
    phone = notice.person.phone or (patient.phone if patient else None)
    for value, place, word in (
        (phone, "PID-13", "电话"), (notice.diagnosis, "DG1-3", "诊断"), (notice.discharge_date, "PV1-45", "出院时间"),
    ):  # fmt: skip
        if not value:
            raise Fault(
                f"{place}_missing", place, f"没有{word}", f"请让发送方填 {place}，或在系统里补上后重做", missing=True
            )
    person = notice.person
    assert phone and notice.diagnosis and notice.discharge_date
    return Discharge(
        name=person.name, phone=phone, diagnosis=notice.diagnosis, discharge_date=notice.discharge_date, tier=None,
        sex=person.sex, birth_year=person.birth_year, id_last4=person.id_last4, department=person.department,
        hospital_number=person.hospital_number, caregiver_name=person.caregiver_name,
        caregiver_phone=person.caregiver_phone, icd10=notice.icd10, procedure=notice.procedure, tags=notice.tags,
    )  # fmt: skip


def _with_news(patient: Patient, person: Person) -> Patient:
    said = {field: getattr(person, field) for field in ("name", "phone", *PERSON.values())}
    return replace(patient, **{field: value for field, value in said.items() if value})
