"""What became of a day's messages: each was sent, has failed with a reason, or is still to go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from agent.model.message import MessageStatus

STUCK_AFTER = timedelta(hours=1)  # messages go within seconds: an hour late nothing sends them any more
ARRIVED = frozenset({MessageStatus.DELIVERED, MessageStatus.READ})
SENT = frozenset({MessageStatus.SENT})  # the provider took it and has said nothing more
FAILED = frozenset({MessageStatus.FAILED})
OPEN = frozenset({MessageStatus.QUEUED, MessageStatus.SENDING})


@dataclass(frozen=True, slots=True)
class MessageAccount:
    """`written`: the messages of a day by what they are now. `failures`: those that failed by the stored code, ""
    where none was given. `stuck`: messages of any day that nothing sends any more; there must be none."""

    written: Mapping[MessageStatus, int]
    failures: Mapping[str, int]
    stuck: int

    def of(self, statuses: frozenset[MessageStatus]) -> int:
        return sum(count for status, count in self.written.items() if status in statuses)

    @property
    def total(self) -> int:
        return sum(self.written.values())

    @property
    def closed(self) -> bool:
        """Every message arrived, was taken by the provider, failed for a reason, or is still to go."""
        accounted = sum(self.of(group) for group in (ARRIVED, SENT, FAILED, OPEN))
        reasons = sum(count for code, count in self.failures.items() if code)
        return accounted == self.total and reasons == self.of(FAILED) and self.stuck == 0
