"""What patients said, to be searched by any part of it. On SQLite a full-text index follows the table by triggers; on
PostgreSQL an index of arrays stands on it."""

from sqlalchemy import DDL, BigInteger, Column, ForeignKey, Index, Integer, Table, Text, event

from agent.store.metadata import metadata
from agent.store.types import CharacterPairs, UtcDateTime

said = Table(
    "said",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("turn_id", Text, ForeignKey("turns.id"), nullable=False, unique=True),
    Column("contact_id", Text, nullable=False),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("pairs", CharacterPairs, nullable=False),
)
PAIRS_INDEX = Index("ix_said_pairs", said.c.pairs, postgresql_using="gin").ddl_if(dialect="postgresql")

SQLITE_INDEX = (
    "CREATE VIRTUAL TABLE said_pairs USING fts5(pairs, content='said', content_rowid='id', prefix='1')",
    "CREATE TRIGGER said_added AFTER INSERT ON said BEGIN"
    " INSERT INTO said_pairs(rowid, pairs) VALUES (new.id, new.pairs); END",
    "CREATE TRIGGER said_removed AFTER DELETE ON said BEGIN"
    " INSERT INTO said_pairs(said_pairs, rowid, pairs) VALUES ('delete', old.id, old.pairs); END",
)
for statement in SQLITE_INDEX:
    made = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(said, "after_create", made.execute_if(dialect="sqlite"))
