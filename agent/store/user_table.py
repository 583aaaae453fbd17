"""The people who work here."""

from sqlalchemy import Boolean, Column, Index, Table, Text, false

from agent.model.record import Role
from agent.store.metadata import metadata
from agent.store.types import Word

users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("department", Text),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    Column("seal", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False, server_default="zh"),
    Column("subject", Text),
    Column("phone", Text),
    Index(None, "subject", unique=True),
)
