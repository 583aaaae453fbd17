"""The moment and the hand that write a plan."""

from dataclasses import dataclass
from datetime import datetime

from agent.model.clock import NewId, require_aware
from agent.planning.node_dates import NextOpen, any_time


@dataclass(frozen=True, slots=True)
class When:
    """`actor` is the event rows' word: "import", "hl7", "fhir", "rules" or a user's name; `next_open` gives the calling
    hours. Raises ValueError for a naive `now`."""

    now: datetime
    new_id: NewId
    actor: str = "import"
    next_open: NextOpen = any_time

    def __post_init__(self) -> None:
        require_aware(self.now)
