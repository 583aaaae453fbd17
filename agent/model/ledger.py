"""One day's account: every contact that was due, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from agent.model.contact import ContactStatus

DONE = frozenset({ContactStatus.COMPLETED})
WITH_A_NURSE = frozenset({ContactStatus.PARTIAL})
FAILED = frozenset({ContactStatus.UNREACHABLE, ContactStatus.DECLINED})
WAIVED = frozenset({ContactStatus.WAIVED})
OPEN = frozenset({ContactStatus.DUE, ContactStatus.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """`planned`: contacts first due on `day`, by what they are now. `carried`: those of earlier days that were put off
    to it. `adrift`: contacts of any day that nothing moves any more; there must be none."""

    day: date
    planned: Mapping[ContactStatus, int]
    carried: Mapping[ContactStatus, int]
    adrift: int

    def of(self, statuses: frozenset[ContactStatus]) -> int:
        """How many contacts first due on the day stand so now."""
        return sum(count for status, count in self.planned.items() if status in statuses)

    @property
    def due(self) -> int:
        return sum(self.planned.values())

    @property
    def brought_forward(self) -> int:
        return sum(self.carried.values())

    @property
    def closed(self) -> bool:
        """Every contact due on the day is done, handed to a nurse, failed with a reason, waived, or has a next date."""
        accounted = sum(self.of(group) for group in (DONE, WITH_A_NURSE, FAILED, WAIVED, OPEN))
        return accounted == self.due and self.adrift == 0
