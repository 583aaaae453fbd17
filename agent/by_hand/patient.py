"""What a person corrects in a patient's record; the event names the fields, never their values."""

from dataclasses import fields
from datetime import datetime

from agent.model.people import Patient
from agent.model.record import Event
from agent.store.ports import Records

EDITED = "edited"


async def correct(records: Records, before: Patient, after: Patient, now: datetime, actor: str) -> tuple[str, ...]:
    """The names of the fields that changed; nothing is written where none did. Raises Duplicate for a namesake with
    the same telephone."""
    changed = tuple(each.name for each in fields(Patient) if getattr(before, each.name) != getattr(after, each.name))
    if changed:
        await records.save_patient(after)
        await records.add_event(Event("patient", before.id, None, EDITED, now, actor, ",".join(changed)))
    return changed
