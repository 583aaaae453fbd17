"""Taking back what a plan had still to come, and giving it back when that was a mistake."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from agent.attempts.transitions import moved
from agent.model.contact import Contact, ContactStatus
from agent.model.people import Plan, PlanStatus
from agent.planning.contacts import contacts_of, noted
from agent.planning.node_dates import EDUCATION_ONLY, NodeDate
from agent.planning.when import When
from agent.store.ports import Records

DISCHARGE_CANCELLED = "discharge_cancelled"
ADMISSION_CANCELLED = "admission_cancelled"
IN_HOSPITAL = "in_hospital"


async def cancel_plan(records: Records, plan: Plan, reason: str, when: When) -> int:
    """The plan is cancelled and what it had still to come waived for `reason`; returns how many contacts."""
    await records.save_plan(replace(plan, status=PlanStatus.CANCELLED))
    stopped = 0
    for contact in await contacts_of_plan(records, plan):
        to_come = contact.status is ContactStatus.DUE or _education_to_come(contact, when.now)
        if to_come:
            waived = moved(contact, ContactStatus.WAIVED, reason=reason)
            await records.save_contact(waived)
            await records.add_event(noted(waived, contact.status, when.now, when.actor))
            stopped += 1
    return stopped


async def resume_plan(records: Records, plan: Plan, reason: str, when: When) -> int:
    """What was waived for `reason` and lies still ahead is planned anew; returns how many contacts. Nothing where the
    plan was cancelled for another reason."""
    waived = [contact for contact in await contacts_of_plan(records, plan) if contact.reason == reason]
    if plan.status is not PlanStatus.CANCELLED or not waived:
        return 0
    ahead = [NodeDate(c.node_day, c.due_at, ContactStatus.DUE) for c in waived if c.due_at > when.now]
    await records.save_plan(replace(plan, status=PlanStatus.ACTIVE if ahead else PlanStatus.FINISHED))
    again = contacts_of(plan, ahead, when.new_id)
    await records.add_contacts(again)
    await records.add_events([noted(contact, None, when.now, when.actor) for contact in again])
    for contact in waived:  # so that it is given back once
        await records.save_contact(replace(contact, reason=f"{reason}_ended"))
    return len(again)


async def contacts_of_plan(records: Records, plan: Plan) -> Sequence[Contact]:
    return [each for each in await records.contacts(patient_id=plan.patient_id) if each.plan_id == plan.id]


def _education_to_come(contact: Contact, now: datetime) -> bool:
    return contact.reason == EDUCATION_ONLY and contact.due_at > now
