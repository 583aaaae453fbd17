"""What a person changes in a patient's plan: a contact on another day, once more, or not at all."""

from dataclasses import replace
from datetime import date, datetime, time

from agent.attempts import NotAllowed, moved, stopped_because
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Contact, ContactStatus
from agent.model.record import Event
from agent.model.urgency import Urgency
from agent.store.ports import Records

MOVED, AGAIN = "moved_by_hand", "again_by_hand"
MORNING = time(9)  # hospital time; the calling hours may move it later


async def move(records: Records, contact: Contact, day: date, now: datetime, actor: str) -> Contact:
    """Due that day's morning; the day it was planned for stays its own. Raises NotAllowed for one that is not due any
    more, and for a day that is over."""
    due_at = datetime.combine(day, MORNING, HOSPITAL_ZONE)
    if contact.status is not ContactStatus.DUE or day < now.astimezone(HOSPITAL_ZONE).date():
        raise NotAllowed(f"contact {contact.id} cannot be moved")
    saved = await records.save_contact(replace(contact, due_at=due_at))
    await records.add_event(Event("contact", contact.id, contact.status, contact.status, now, actor, MOVED))
    return saved


async def waive(records: Records, contact: Contact, why: str, now: datetime, actor: str) -> Contact:
    """It need not be done; `why` in the person's words. Raises NotAllowed where it is over or under way."""
    if contact.status is ContactStatus.IN_PROGRESS:
        raise NotAllowed(f"contact {contact.id} is under way")
    saved = await records.save_contact(moved(contact, ContactStatus.WAIVED, reason=why))
    await records.add_event(Event("contact", contact.id, contact.status, saved.status, now, actor, "waived_by_hand"))
    return saved


async def again(records: Records, contact: Contact, now: datetime, actor: str) -> Contact:
    """One that ran out of attempts is due once more, before the planned ones. Raises NotAllowed for any other, and for
    a patient nobody contacts any more."""
    if contact.status is not ContactStatus.UNREACHABLE or await stopped_because(records, contact.patient_id):
        raise NotAllowed(f"contact {contact.id} cannot be tried again")
    saved = await records.save_contact(moved(contact, ContactStatus.DUE, reason=AGAIN, due_at=now))
    await records.weigh({contact.id: Urgency.CALL_BACK})
    await records.add_event(Event("contact", contact.id, contact.status, saved.status, now, actor, AGAIN))
    return saved
