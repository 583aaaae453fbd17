"""One discharge into the store: the patient, the stay, and a plan with dated contacts for each pathway. What it adds is
gathered and written by the caller; what it changes of known rows is written at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from agent.attempts.transitions import stopped_because
from agent.exchange.patient_facts import brought_up_to_date, differences, patient_of
from agent.exchange.rows_to_add import RowsToAdd
from agent.exchange.stays import stay_of_discharge
from agent.model.contact import Contact, ContactStatus
from agent.model.discharge import Discharge, Planned, PlannedPathway
from agent.model.people import Patient, Plan, PlanStatus
from agent.planning.contacts import contacts_of, noted
from agent.planning.node_dates import education_dates, node_dates
from agent.planning.stopping import DISCHARGE_CANCELLED, cancel_plan
from agent.planning.when import When
from agent.store.ports import Records

READMITTED = "readmitted"


class RowResult(StrEnum):
    NEW_PATIENT = "new_patient"
    NEW_PLAN = "new_plan"  # a known patient's new discharge
    UNCHANGED = "unchanged"  # this discharge is in the store already


class Refused(StrEnum):
    """Why a discharge was not taken."""

    OVERTAKEN = "overtaken"  # the store has a later discharge on the pathway
    STOPPED = "stopped"  # the patient died, or wants no contact


@dataclass(frozen=True, slots=True)
class Written:
    """What one discharge came to. `differs` names columns whose value in the store is another and was left as it is."""

    result: RowResult
    patient: Patient
    pathways: tuple[str, ...]
    contacts: tuple[Contact, ...] = ()
    differs: tuple[str, ...] = ()


class DischargeWriter:
    """`notes_stay` False: the source tells of stays by itself, and its own writer keeps them."""

    def __init__(self, records: Records, added: RowsToAdd, when: When, *, notes_stay: bool = True) -> None:
        self._records, self._added, self._when, self._notes_stay = records, added, when, notes_stay

    async def write(self, discharge: Discharge, planned: Planned, known: Patient | None) -> Written | Refused:
        """`known` as the store has it, or None for a person it does not know."""
        if known is None:
            patient = patient_of(self._when.new_id(), discharge, planned.tier)
            self._added.patients[patient.id] = patient
            return self._plan(RowResult.NEW_PATIENT, patient, planned, discharge)
        if await stopped_because(self._records, known.id):
            return Refused.STOPPED
        plans = await self._records.plans(known.id)
        wanted = {each.pathway for each in planned.pathways}
        of_this = {plan.pathway: plan for plan in plans if plan.discharge_date == discharge.discharge_date}
        taken_back = await self._taken_back(of_this.values())
        there = of_this.keys() - taken_back.keys()
        if wanted <= there:
            return Written(RowResult.UNCHANGED, known, tuple(wanted), differs=differences(known, discharge))
        standing = [plan for plan in plans if plan.pathway in wanted - there and plan.status is PlanStatus.ACTIVE]
        if any(plan.discharge_date > discharge.discharge_date for plan in standing):
            return Refused.OVERTAKEN
        for plan in standing:
            await cancel_plan(self._records, plan, READMITTED, self._when)
        patient = known
        if all(plan.discharge_date < discharge.discharge_date or plan.pathway in taken_back for plan in plans):
            patient = brought_up_to_date(known, discharge, planned.tier)
            await self._records.save_patient(patient)
        missing = replace(planned, pathways=tuple(each for each in planned.pathways if each.pathway not in there))
        return self._plan(
            RowResult.NEW_PLAN, patient, missing, discharge, await self._opened_again(taken_back, missing)
        )

    async def _taken_back(self, plans: Iterable[Plan]) -> dict[str, Plan]:
        """Plans whose discharge was cancelled: the same discharge may come again."""
        cancelled = [plan for plan in plans if plan.status is PlanStatus.CANCELLED]
        if not cancelled:
            return {}
        waived = await self._records.contacts(patient_id=cancelled[0].patient_id, status=ContactStatus.WAIVED)
        by_mistake = {contact.plan_id for contact in waived if contact.reason == DISCHARGE_CANCELLED}
        return {plan.pathway: plan for plan in cancelled if plan.id in by_mistake}

    async def _opened_again(self, taken_back: dict[str, Plan], planned: Planned) -> dict[str, Plan]:
        again = [taken_back[each.pathway] for each in planned.pathways if each.pathway in taken_back]
        for plan in again:
            await self._records.save_plan(replace(plan, status=PlanStatus.ACTIVE))
        return {plan.pathway: plan for plan in again}

    def _plan(
        self,
        result: RowResult,
        patient: Patient,
        planned: Planned,
        discharge: Discharge,
        revived: dict[str, Plan] | None = None,
    ) -> Written:
        contacts: list[Contact] = []
        for pathway in planned.pathways:
            dates = education_dates if planned.education_only else node_dates
            nodes = dates(pathway, discharge.discharge_date, self._when.now, self._when.next_open)
            plan = (revived or {}).get(pathway.pathway)
            if plan is None:
                live = any(node.due_at > self._when.now or node.status is ContactStatus.DUE for node in nodes)
                plan = self._new_plan(patient, pathway, discharge, PlanStatus.ACTIVE if live else PlanStatus.FINISHED)
                self._added.plans.append(plan)
            contacts += contacts_of(plan, nodes, self._when.new_id)
        self._added.contacts += contacts
        self._added.events += (noted(contact, None, self._when.now, self._when.actor) for contact in contacts)
        if self._notes_stay:
            stay = stay_of_discharge(self._when.new_id(), patient.id, discharge, self._when.actor, self._when.now)
            self._added.stays.append(stay)
        return Written(result, patient, tuple(each.pathway for each in planned.pathways), tuple(contacts))

    def _new_plan(self, patient: Patient, planned: PlannedPathway, discharge: Discharge, status: PlanStatus) -> Plan:
        return Plan(
            id=self._when.new_id(),
            patient_id=patient.id,
            pathway=planned.pathway,
            pathway_version=planned.version,
            discharge_date=discharge.discharge_date,
            status=status,
            created_at=self._when.now,
        )
