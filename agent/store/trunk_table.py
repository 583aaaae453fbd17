"""The table of trunks: what they may carry now, and whether they work."""

from sqlalchemy import Column, Double, Table, Text

from agent.model.trunk import Circuit
from agent.store.metadata import metadata
from agent.store.types import UtcDateTime, Word

trunks = Table(
    "trunks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("circuit", Word(Circuit), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("tokens", Double, nullable=False),
    Column("tokens_at", UtcDateTime, nullable=False),
    Column("reason", Text),
)
