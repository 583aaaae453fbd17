"""The tables of what happened and of what the world has yet to be told."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint

from agent.model.record import OutboxKind
from agent.store.metadata import metadata
from agent.store.types import UtcDateTime, Word

COUNTER = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only what it calls INTEGER

events = Table(
    "events",
    metadata,
    Column("seq", COUNTER, primary_key=True, autoincrement=True),
    Column("entity", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("from_status", Text),
    Column("to_status", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text),
    Index(None, "entity", "entity_id", "seq"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", COUNTER, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("kind", Word(OutboxKind), nullable=False),
    Column("subject", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("held_until", UtcDateTime),
    UniqueConstraint("id"),
)
