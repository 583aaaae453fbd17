"""Wishes to take over running calls, until the call has heard of them."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from agent.store.metadata import metadata
from agent.store.types import UtcDateTime

take_overs = Table(
    "take_overs",
    metadata,
    Column("attempt_id", Text, ForeignKey("attempts.id"), primary_key=True),
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Index(None, "settled_at", "asked_at"),
    Index(None, "asked_by", "asked_at"),
)
