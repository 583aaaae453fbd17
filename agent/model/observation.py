"""A reading the patient took and sent: one measured value."""

from dataclasses import dataclass
from datetime import datetime

from agent.model.contact import Channel


@dataclass(frozen=True, slots=True)
class Observation:
    """`name` is triage's (systolic, diastolic, heart_rate, weight_kg, temp_c, glucose, spo2), the value in the unit it
    implies. `at` is when it was taken, as far as the words tell, else when it was told. `source` is the turn or piece
    that held it."""

    id: str
    patient_id: str
    contact_id: str
    name: str
    value: float
    at: datetime
    channel: Channel
    source: str
