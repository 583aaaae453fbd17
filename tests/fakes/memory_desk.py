"""What the clocks and the labels ask of the store in memory."""

from collections.abc import Sequence
from datetime import datetime

from agent.model.escalation import Escalation, EscalationStatus, LeftAlone
from agent.model.finding import Level
from agent.model.labelled_case import LabelledCase
from tests.fakes.memory_tables import MemoryWrites, refer

_ORDER = [Level.RED, Level.YELLOW, Level.NONE]


class MemoryDesk(MemoryWrites):
    async def escalations_left(self, left: LeftAlone, *, limit: int = 200) -> Sequence[Escalation]:
        def due(card: Escalation) -> bool:
            match card.status:
                case EscalationStatus.SNOOZED:
                    return card.snoozed_until is not None and card.snoozed_until <= left.now
                case EscalationStatus.TAKEN:
                    return card.stands_since <= left.taken_before
                case EscalationStatus.OPEN:
                    red = card.level is Level.RED and card.told < left.rungs
                    return red and card.stands_since <= left.open_before
            return False

        found = (card for card in self._t.escalations.values() if due(card))
        return sorted(found, key=lambda card: (_ORDER.index(card.level), card.created_at, card.id))[:limit]

    async def add_labelled_case(self, case: LabelledCase) -> bool:
        refer(self._t.contacts, case.contact_id)
        refer(self._t.patients, case.patient_id)
        key = (case.turn_id, case.label, case.rule)
        if any((old.turn_id, old.label, old.rule) == key for old in self._t.labelled_cases.values()):
            return False
        self._add(self._t.labelled_cases, case.id, case)
        return True

    async def labelled_cases(
        self, *, contact_id: str | None = None, since: datetime | None = None, limit: int = 500
    ) -> Sequence[LabelledCase]:
        of_it = (case for case in self._t.labelled_cases.values() if contact_id in (None, case.contact_id))
        fit = (case for case in of_it if since is None or case.at >= since)
        return sorted(fit, key=lambda case: (case.at, case.id))[:limit]
