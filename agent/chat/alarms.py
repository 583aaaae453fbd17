"""A danger in words that belong to no conversation: the nurse's card, raised by the same policy as any other."""

from agent.cards import save_cards
from agent.escalation import policy
from agent.model.clock import NewId
from agent.model.contact import Contact
from agent.model.escalation import Escalation, EscalationStatus
from agent.model.finding import Reading
from agent.model.step import Request
from agent.model.turn import Turn
from agent.store.ports import Records


async def raise_alarms(records: Records, reading: Reading, turn: Turn, contact: Contact, new_id: NewId) -> bool:
    """Whether a nurse was told, or knew already, of a danger in these words."""
    known = await _unresolved(records, contact)
    raised = policy.raise_for(reading, turn, contact.patient_id, known, new_id)
    await save_cards(records, raised, known, turn.at, new_id)
    return any(not alarm.suppressed for alarm in reading.alarms)


async def ask_for_nurse(records: Records, request: Request, turn: Turn, contact: Contact, new_id: NewId) -> None:
    """What a nurse must see that is no danger in words: a photo, a question."""
    known = await _unresolved(records, contact)
    made = policy.for_request(request, policy.Occasion.of(turn, contact.patient_id), known, new_id)
    await save_cards(records, [made] if made else [], known, turn.at, new_id)


async def _unresolved(records: Records, contact: Contact) -> list[Escalation]:
    cards = await records.escalations(patient_id=contact.patient_id)
    return [card for card in cards if card.status is not EscalationStatus.RESOLVED]
