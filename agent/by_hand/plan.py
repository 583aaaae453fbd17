"""What a person changes in a patient's plan: a contact on another day, once more, one more, or not at all."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from agent.attempts.transitions import NotAllowed, moved, stopped_because
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Contact, ContactStatus
from agent.model.discharge import CALL_AT
from agent.model.people import Plan, PlanStatus
from agent.model.record import Event
from agent.model.urgency import Urgency
from agent.planning.contacts import contacts_of
from agent.planning.node_dates import NodeDate, due_on
from agent.planning.when import When
from agent.store.ports import Records

MOVED, AGAIN, WAIVED, ADDED = "moved_by_hand", "again_by_hand", "waived_by_hand", "added_by_hand"
"""Stored words; in an event's reason the person's own words follow after a space."""
MORNING = time(9)  # hospital time; the calling hours may move it later


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants it changed, when it was said, and why in the person's words."""

    actor: str
    now: datetime
    why: str


async def move(records: Records, contact: Contact, day: date, wish: Wish) -> Contact:
    """Due that day's morning; the day it was planned for stays its own. Raises NotAllowed for one that is not due any
    more, and for a day that is over."""
    now = wish.now
    due_at = datetime.combine(day, MORNING, HOSPITAL_ZONE)
    if contact.status is not ContactStatus.DUE or day < now.astimezone(HOSPITAL_ZONE).date():
        raise NotAllowed(f"contact {contact.id} cannot be moved")
    saved = await records.save_contact(moved(contact, contact.status, reason=wish.why, due_at=due_at))
    why = f"{MOVED} {day} {wish.why}"
    await records.add_event(Event("contact", contact.id, contact.status, contact.status, now, wish.actor, why))
    return saved


async def waive(records: Records, contact: Contact, wish: Wish) -> Contact:
    """It need not be done. Raises NotAllowed where it is over or under way."""
    if contact.status is ContactStatus.IN_PROGRESS:
        raise NotAllowed(f"contact {contact.id} is under way")
    saved = await records.save_contact(moved(contact, ContactStatus.WAIVED, reason=wish.why))
    why = f"{WAIVED} {wish.why}"
    await records.add_event(Event("contact", contact.id, contact.status, saved.status, wish.now, wish.actor, why))
    return saved


async def add(records: Records, plan: Plan, day: date, why: str, when: When) -> Contact:
    """One more contact of a plan; `why` in the person's words. Raises NotAllowed for a day that is over, a cancelled
    plan, and a patient nobody contacts any more."""
    due_at = due_on(day, CALL_AT, when.next_open)
    over = day < when.now.astimezone(HOSPITAL_ZONE).date() or plan.status is PlanStatus.CANCELLED
    if over or await stopped_because(records, plan.patient_id):
        raise NotAllowed(f"plan {plan.id} takes no contact")
    node = NodeDate((day - plan.discharge_date).days, due_at, ContactStatus.DUE, why)
    (made,) = contacts_of(plan, [node], when.new_id)
    await records.add_contacts([made])
    await records.add_event(Event("contact", made.id, None, made.status, when.now, when.actor, f"{ADDED} {why}"))
    if plan.status is PlanStatus.FINISHED:
        await records.save_plan(replace(plan, status=PlanStatus.ACTIVE))
    return made


async def again(records: Records, contact: Contact, now: datetime, actor: str) -> Contact:
    """One that ran out of attempts is due once more, before the planned ones, with a whole round of attempts before it.
    Raises NotAllowed for any other, and for a patient nobody contacts any more."""
    if contact.status is not ContactStatus.UNREACHABLE or await stopped_because(records, contact.patient_id):
        raise NotAllowed(f"contact {contact.id} cannot be tried again")
    due = moved(contact, ContactStatus.DUE, reason=AGAIN, due_at=now)
    saved = await records.save_contact(replace(due, tries_before=contact.attempts_made))
    await records.weigh({contact.id: Urgency.CALL_BACK})
    await records.add_event(Event("contact", contact.id, contact.status, saved.status, now, actor, AGAIN))
    return saved
