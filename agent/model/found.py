"""What a search finds beside patients."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FoundWords:
    """One sentence of a patient."""

    turn_id: str
    contact_id: str
    patient_id: str
    at: datetime
    text: str = field(repr=False)
