"""A person wants this patient called by the robot now: the contact is due, and goes before everything else."""

from dataclasses import replace
from datetime import datetime

from agent.model.contact import Contact
from agent.model.record import Event
from agent.model.urgency import Urgency
from agent.store.ports import Records

REASON = "called_by_hand"


async def bring_forward(records: Records, contact: Contact, now: datetime, actor: str) -> Contact:
    """The contact due at `now` or as early as it was; calling hours and caps hold all the same."""
    saved = await records.save_contact(replace(contact, due_at=min(contact.due_at, now)))
    await records.weigh({contact.id: Urgency.CALL_BACK})
    await records.add_event(Event("contact", contact.id, contact.status, contact.status, now, actor, REASON))
    return saved
