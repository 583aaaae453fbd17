"""The table of points that patients earned."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from agent.model.points import Deed
from agent.store.metadata import metadata
from agent.store.types import UtcDateTime, Word

points = Table(
    "points",
    metadata,
    Column("id", Text, primary_key=True),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("deed", Word(Deed), nullable=False),
    Column("points", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "patient_id"),
    Index(None, "at"),
)
