"""What the coordinator is told of a message's consequences."""

from collections.abc import Sequence

from agent.cards import save_cards
from agent.escalation import policy
from agent.model.contact import Contact, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.people import Patient
from agent.model.step import Request
from agent.planning.when import When
from agent.store.ports import Records

DEATH_REPORTED = "death_reported"


async def tell_of_death(records: Records, patient: Patient, stopped: int, when: When) -> None:
    """A card on the patient's next or last contact: the follow-up has ended, and a call may be going on. Without any
    contact nobody was going to call, and there is nobody to tell."""
    contacts = await records.contacts(patient_id=patient.id)
    if not contacts:
        return
    reason = f"医院系统通知：患者已去世。剩余 {stopped} 次随访已取消，请不要再联系患者"
    asked = Request(EscalationKind.REQUEST, reason, rule=DEATH_REPORTED)
    occasion = policy.Occasion(patient.id, _place(contacts).id, when.now)
    known = await records.escalations(patient_id=patient.id)
    made = policy.for_request(asked, occasion, known, when.new_id)
    await save_cards(records, [made] if made else [], known, when.now, when.new_id)


def _place(contacts: Sequence[Contact]) -> Contact:
    """The one under way, else the latest."""
    return next((each for each in contacts if each.status is ContactStatus.IN_PROGRESS), contacts[-1])
