"""The table of proposed answers."""

from sqlalchemy import Column, Table, Text

from agent.store.metadata import metadata
from agent.store.types import UtcDateTime, Words

faq_proposals = Table(
    "faq_proposals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("questions", Words, nullable=False),
    Column("answer", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
