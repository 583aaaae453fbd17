"""A trunk: the way into the telephone network that calls share, and whether it works."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Circuit(StrEnum):
    CLOSED = "closed"  # calls are placed
    OPEN = "open"  # nobody is dialled
    TRYING = "trying"  # one call finds out whether the carrier works again


@dataclass(frozen=True, slots=True)
class Trunk:
    """One row for all workers. `tokens` are the calls that may be begun at once, as of `tokens_at`."""

    name: str
    circuit: Circuit
    changed_at: datetime
    tokens: float
    tokens_at: datetime
    reason: str | None = None  # why it is not closed, a stored word such as "carrier_down"

    @staticmethod
    def new(name: str, now: datetime) -> "Trunk":
        """One that works; its tokens have had all the time to gather."""
        return Trunk(name, Circuit.CLOSED, now, 0.0, now - timedelta(hours=1))
