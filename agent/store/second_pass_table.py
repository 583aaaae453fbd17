"""The second passes' table."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from agent.model.second_pass import SecondPassStatus
from agent.store.metadata import metadata
from agent.store.types import Json, UtcDateTime, Word

second_passes = Table(
    "second_passes",
    metadata,
    Column("attempt_id", Text, ForeignKey("attempts.id"), primary_key=True),
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("status", Word(SecondPassStatus), nullable=False),
    Column("held_until", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("recogniser", Text, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("hearings", Json, nullable=False),
    Column("differences", Json, nullable=False),
    Column("checked_by", Text),
    Column("checked_at", UtcDateTime),
    Index(None, "contact_id"),
)
