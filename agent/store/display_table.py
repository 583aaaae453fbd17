"""Pages on walls."""

from sqlalchemy import Boolean, Column, Table, Text, UniqueConstraint

from agent.store.metadata import metadata
from agent.store.types import UtcDateTime

displays = Table(
    "displays",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key_hash", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("department", Text),
    Column("surnames", Boolean, nullable=False),
    Column("revoked_at", UtcDateTime),
    UniqueConstraint("key_hash"),
)
