"""What changes a running plan: another tier, a red alarm, readings off target. Only what lies ahead changes, and
each change leaves an event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from agent.attempts.transitions import moved, stopped_because
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Contact, ContactStatus
from agent.model.discharge import CALL_AT
from agent.model.escalation import Escalation
from agent.model.people import Plan, PlanStatus, Tier
from agent.model.plan_rules import PlanRules, ReadingRule
from agent.model.record import Event
from agent.planning.contacts import contacts_of, noted
from agent.planning.node_dates import EDUCATION_ONLY, NodeDate, due_on
from agent.planning.stopping import contacts_of_plan
from agent.planning.when import When
from agent.store.ports import Records

TIER_CHANGED, AFTER_RED, READINGS = "tier_changed", "after_red", "readings"
REPLANNED = "replanned"
_HEIGHT = {Tier.LOW: 0, Tier.MIDDLE: 1, Tier.HIGH: 2}


class PlanSource(Protocol):
    """Today's rules and pathways."""

    @property
    def rules(self) -> PlanRules: ...
    def days_of(self, pathway: str, tier: Tier) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class Replanned:
    """How many contacts ahead were added and waived."""

    added: int = 0
    waived: int = 0


async def change_tier(records: Records, patient_id: str, tier: Tier, source: PlanSource, when: When) -> Replanned:
    """The patient's tier from now on, as `when.actor` decided; contacts ahead that the new tier lacks are waived, those
    it has beside are added. A contact that was tried already stays. Raises NotFound."""
    patient = await records.patient(patient_id)
    if patient.tier is tier:
        return Replanned()
    await records.save_patient(replace(patient, tier=tier))
    await records.add_event(Event("patient", patient.id, patient.tier, tier, when.now, when.actor, TIER_CHANGED))
    added = waived = 0
    for plan in await records.plans(patient_id):
        days = source.days_of(plan.pathway, tier)
        if plan.status is PlanStatus.CANCELLED or not days:
            continue
        mine = await contacts_of_plan(records, plan)
        education_only = tier in source.rules.education_only
        former = frozenset(source.days_of(plan.pathway, patient.tier)) - set(days)
        gone = {c.id for c in mine if c.due_at > when.now and _goes(c, former, education_only)}
        await _waive(
            records, (c for c in mine if c.id in gone), EDUCATION_ONLY if education_only else TIER_CHANGED, when
        )
        there = {c.node_day for c in mine if c.id not in gone or education_only}
        nodes = [_node(plan, day, when, education_only) for day in days if day not in there]
        ahead = [node for node in nodes if node.due_at > when.now]
        await _add(records, plan, ahead, when)
        added, waived = added + len(ahead), waived + len(gone)
    return Replanned(added, waived)


def _goes(contact: Contact, former: frozenset[int], education_only: bool) -> bool:
    untouched = contact.status is ContactStatus.DUE and contact.attempts_made == 0
    if education_only:
        return untouched
    return (untouched and contact.node_day in former) or contact.reason == EDUCATION_ONLY


async def closer_after_red(records: Records, card: Escalation, source: PlanSource, when: When) -> Replanned:
    """What the rules do after a red alarm, once for each: a higher tier, and a contact every so many days from it on.
    Nothing for a plan that was cancelled or a patient nobody contacts."""
    rule = source.rules.after_red
    done = any(event.to_status == REPLANNED for event in await records.events("escalation", card.id))
    plan = await records.plan((await records.contact(card.contact_id)).plan_id)
    stopped = plan.status is PlanStatus.CANCELLED or await stopped_because(records, card.patient_id)
    if rule is None or done or stopped:
        return Replanned()
    await records.add_event(Event("escalation", card.id, card.status, REPLANNED, when.now, when.actor, AFTER_RED))
    patient = await records.patient(card.patient_id)
    if rule.tier is not None and _HEIGHT[rule.tier] > _HEIGHT[patient.tier]:
        await change_tier(records, patient.id, rule.tier, source, when)
    first = card.created_at.astimezone(HOSPITAL_ZONE).date()
    steps = range(rule.every.days, rule.every.total + 1, rule.every.days)
    dates = [due_on(first + timedelta(days=step), CALL_AT, when.next_open) for step in steps]
    others = [c.due_at for c in await records.contacts(patient_id=patient.id) if c.status is not ContactStatus.WAIVED]
    near = timedelta(days=rule.every.days) / 2
    nodes = [
        NodeDate((due.astimezone(HOSPITAL_ZONE).date() - plan.discharge_date).days, due, ContactStatus.DUE, AFTER_RED)
        for due in dates
        if due > when.now and all(abs(due - other) >= near for other in others)
    ]
    await _add(records, plan, nodes, when)
    return Replanned(added=len(nodes))


def off_target(values: Sequence[tuple[float, ...]], rule: ReadingRule) -> bool:
    """Whether the last values, oldest first, missed the target as often as the rule says. Pure."""
    last = values[-rule.times :]
    return len(last) == rule.times and all(rule.missed(value) for value in last)


async def sooner_after_reading(
    records: Records, contact: Contact, values: Sequence[tuple[float, ...]], rule: ReadingRule, when: When
) -> Replanned:
    """A contact within the rule's days where `values`, the patient's of this reading, are off target and none is due so
    soon; it joins the plan of `contact`, which brings this about once."""
    done = any(event.reason == READINGS for event in await records.events("contact", contact.id) if event.from_status)
    plan = await records.plan(contact.plan_id)
    day = when.now.astimezone(HOSPITAL_ZONE).date() + timedelta(days=rule.within_days)
    due = due_on(day, CALL_AT, when.next_open)
    coming = await records.contacts(patient_id=contact.patient_id, status=ContactStatus.DUE)
    soon = any(each.due_at <= due for each in coming)
    stopped = plan.status is PlanStatus.CANCELLED or await stopped_because(records, contact.patient_id)
    if done or soon or stopped or not off_target(values, rule):
        return Replanned()
    days = (due.astimezone(HOSPITAL_ZONE).date() - plan.discharge_date).days
    cause = Event("contact", contact.id, contact.status, contact.status, when.now, when.actor, READINGS)
    await records.add_event(cause)
    await _add(records, plan, [NodeDate(days, due, ContactStatus.DUE, READINGS)], when)
    return Replanned(added=1)


def _node(plan: Plan, day: int, when: When, education_only: bool) -> NodeDate:
    due = due_on(plan.discharge_date + timedelta(days=day), CALL_AT, when.next_open)
    if education_only:
        return NodeDate(day, due, ContactStatus.WAIVED, EDUCATION_ONLY)
    return NodeDate(day, due, ContactStatus.DUE)


async def _waive(records: Records, contacts: Iterable[Contact], reason: str, when: When) -> None:
    for contact in contacts:
        waived = moved(contact, ContactStatus.WAIVED, reason=reason)
        await records.save_contact(waived)
        await records.add_event(noted(waived, contact.status, when.now, when.actor))


async def _add(records: Records, plan: Plan, nodes: Sequence[NodeDate], when: When) -> None:
    if not nodes:
        return
    made = contacts_of(plan, nodes, when.new_id)
    await records.add_contacts(made)
    await records.add_events([noted(contact, None, when.now, when.actor) for contact in made])
    if plan.status is PlanStatus.FINISHED:
        await records.save_plan(replace(plan, status=PlanStatus.ACTIVE))
