"""The tables of what other systems told us: patients' stays, and the messages as they came."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text

from agent.model.inbound import InboundStatus
from agent.model.stay import StayStatus
from agent.store.metadata import metadata
from agent.store.types import Json, UtcDateTime, Word

stays = Table(
    "stays",
    metadata,
    Column("id", Text, primary_key=True),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("status", Word(StayStatus), nullable=False),
    Column("source", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("visit", Text),
    Column("discharge_date", Date),
    Column("diagnosis", Text),
    Column("icd10", Json, nullable=False),
    Column("procedure", Text),
    Column("tags", Json, nullable=False),
    Column("department", Text),
    Index(None, "patient_id"),
)

inbound = Table(
    "inbound",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("control_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("status", Word(InboundStatus), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("code", Text),
    Column("error", Text),
    Column("result", Text),
    Column("patient_id", Text),
    Column("handled_at", UtcDateTime),
    Column("tries", Integer, nullable=False),
    Index(None, "source", "sender", "control_id"),
    Index(None, "source", "digest"),
    Index(None, "status", "received_at"),
)
