"""A nurse who wants a running call on her own telephone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PATIENCE = timedelta(seconds=30)  # after which a call that has not heard of it is not handed over any more


@dataclass(frozen=True, slots=True)
class TakeOver:
    """The latest wish for the call of an attempt. `number` is E.164; `settled_at` is when the call was told, or it was
    too late for it."""

    attempt_id: str
    contact_id: str
    asked_by: str
    number: str
    asked_at: datetime
    settled_at: datetime | None = None

    @property
    def late(self) -> bool:
        """Nobody heard of it in time."""
        return self.settled_at is not None and self.settled_at - self.asked_at > PATIENCE
