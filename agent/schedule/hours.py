"""When patients may be called: hours of the day at the hospital (pure)."""

from dataclasses import dataclass
from datetime import datetime

from agent.model.clock import HOSPITAL_ZONE, require_aware


@dataclass(frozen=True, slots=True)
class CallingHours:
    """From the beginning of hour `first` until the beginning of hour `end`; 0 and 24 mean all day."""

    first: int = 9
    end: int = 20

    def open_at(self, now: datetime) -> bool:
        return self.first <= require_aware(now).astimezone(HOSPITAL_ZONE).hour < self.end
