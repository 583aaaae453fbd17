"""What patients said becomes searchable by any part of it."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from agent.store.said_table import SQLITE_INDEX
from agent.store.types import CharacterPairs

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BATCH = 2000


def upgrade() -> None:
    said = op.create_table(
        "said",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pairs", CharacterPairs(), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_said_turn_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_said_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_said"),
        sa.UniqueConstraint("turn_id", name="uq_said_turn_id"),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in SQLITE_INDEX:
            op.execute(statement)
    else:
        op.create_index("ix_said_pairs", "said", ["pairs"], postgresql_using="gin")
    for rows in _said_so_far(connection):
        connection.execute(said.insert(), rows)


def _said_so_far(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    turns = sa.table("turns", *(sa.column(name) for name in ("id", "contact_id", "text")), sa.column("at", MOMENT))
    contacts = sa.table("contacts", sa.column("id"), sa.column("patient_id"))
    query = (
        sa.select(turns.c.id, turns.c.contact_id, contacts.c.patient_id, turns.c.at, turns.c.text)
        .join(contacts, contacts.c.id == turns.c.contact_id)
        .where(turns.c.text != "")
        .order_by(turns.c.at, turns.c.id)
    )
    for part in connection.execute(query).partitions(BATCH):
        yield [
            {"turn_id": key, "contact_id": contact, "patient_id": patient, "at": at, "text": text, "pairs": text}
            for key, contact, patient, at, text in part
        ]


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE said_pairs")
    op.drop_table("said")
