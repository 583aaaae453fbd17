"""The table of health education owed to patients."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from agent.model.contact import Channel
from agent.store.metadata import metadata
from agent.store.types import UtcDateTime, Word

education = Table(
    "education",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("item", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("channel", Word(Channel)),
    UniqueConstraint("contact_id", "item"),
    Index(None, "patient_id"),
    Index(None, "sent_at", "created_at"),
)
