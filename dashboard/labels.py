"""Sentences that a nurse calls wrongly read, kept as cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.model.clock import NewId
from agent.model.escalation import Escalation, EscalationKind
from agent.model.labelled_case import CaseLabel, LabelledCase
from agent.model.record import StoredTurn
from agent.store.ports import NotFound, Records

READ_FROM_WORDS = frozenset({EscalationKind.RED_FLAG, EscalationKind.THRESHOLD, EscalationKind.UNCLEAR})


@dataclass(frozen=True, slots=True)
class Labelling:
    """By whom and when."""

    user: str
    now: datetime
    new_id: NewId

    async def false_alarm(self, records: Records, escalation: Escalation) -> None:
        """Nothing where no words were read: a failure of ours is no case for the reader."""
        evidence = escalation.evidence
        if escalation.kind not in READ_FROM_WORDS or not evidence.words:
            return
        turns = await records.turns(escalation.contact_id)
        await records.add_labelled_case(
            LabelledCase(
                self.new_id(), CaseLabel.FALSE_ALARM, evidence.turn_id, escalation.contact_id, escalation.patient_id,
                evidence.words, escalation.rule, _asked_before(evidence.turn_id, turns), self.user, self.now,
            )
        )  # fmt: skip

    async def missed(self, records: Records, contact_id: str, turn_id: str) -> None:
        """A danger that the robot passed over. Raises NotFound for a turn that is not this contact's."""
        contact, turns = await records.contact(contact_id), await records.turns(contact_id)
        stored = next((each for each in turns if each.turn.id == turn_id), None)
        if stored is None or not stored.turn.text:
            raise NotFound("turns")
        await records.add_labelled_case(
            LabelledCase(
                self.new_id(), CaseLabel.MISSED, turn_id, contact_id, contact.patient_id, stored.turn.text, "",
                _asked_before(turn_id, turns), self.user, self.now,
            )
        )  # fmt: skip


def _asked_before(turn_id: str, turns: Sequence[StoredTurn]) -> str:
    """The robot's last sentence before this turn."""
    before = ""
    for stored in turns:
        if stored.turn.id == turn_id:
            return before
        before = stored.reply.sentences[-1] if stored.reply.sentences else before
    return ""
