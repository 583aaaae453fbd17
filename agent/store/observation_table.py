"""The table of readings that patients sent."""

from sqlalchemy import Column, Double, ForeignKey, Index, Table, Text

from agent.model.contact import Channel
from agent.store.metadata import metadata
from agent.store.types import UtcDateTime, Word

observations = Table(
    "observations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Double, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("source", Text, nullable=False),
    Index(None, "patient_id", "at"),
)
