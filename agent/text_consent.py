"""Whether a patient agreed that questions about their health come as plain SMS."""

from datetime import datetime

from agent.model.record import Event
from agent.store.ports import Records

AGREED, WITHDRAWN = "sms_agreed", "sms_withdrawn"


async def agreed_to_text(records: Records, patient_id: str) -> bool:
    words = [event.to_status for event in await records.events("patient", patient_id)]
    said = [word for word in words if word in (AGREED, WITHDRAWN)]
    return bool(said) and said[-1] == AGREED


async def note_consent(
    records: Records, patient_id: str, *, agreed: bool, now: datetime, actor: str = "patient"
) -> None:
    """`actor` is a user's name where the patient told a person."""
    if await agreed_to_text(records, patient_id) is not agreed:
        word = AGREED if agreed else WITHDRAWN
        await records.add_event(Event("patient", patient_id, None, word, now, actor))
