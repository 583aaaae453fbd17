"""What is on record of one call that is to be heard again."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.model.answer import Answer
from agent.model.contact import Attempt, Contact, Recording
from agent.model.finding import Status
from agent.model.pathway import Pathway
from agent.model.record import StoredTurn
from agent.model.second_pass import SecondPass
from agent.store.ports import Records
from agent.turn.ports import Pathways


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt, with the contact it was made for."""

    attempt: Attempt
    contact: Contact
    pathway: Pathway
    turns: tuple[StoredTurn, ...]  # of this attempt
    present: frozenset[str]  # concepts that earlier attempts of the contact found
    answers: tuple[Answer, ...]
    recording: Recording | None


async def load_call(records: Records, pathways: Pathways, claimed: SecondPass) -> Call:
    contact = await records.contact(claimed.contact_id)
    turns = await records.turns(contact.id)
    recordings = await records.recordings(contact_id=contact.id)
    own = tuple(stored for stored in turns if stored.turn.attempt_id == claimed.attempt_id)
    return Call(
        attempt=await records.attempt(claimed.attempt_id),
        contact=contact,
        pathway=pathways.get(contact.pathway, contact.pathway_version),
        turns=own,
        present=present_in(turns[: turns.index(own[0])] if own else turns),
        answers=tuple(await records.answers(contact.id)),
        recording=next((each for each in recordings if each.attempt_id == claimed.attempt_id), None),
    )


def present_in(turns: Sequence[StoredTurn]) -> frozenset[str]:
    findings = (finding for stored in turns for finding in stored.reading.findings)
    return frozenset(finding.concept for finding in findings if finding.status is Status.PRESENT)
