"""Trunks, the way an attempt went, and the order in which due contacts are dialled."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "trunks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("circuit", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("tokens_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("name", name="pk_trunks"),
    )
    op.add_column("attempts", sa.Column("trunk", sa.Text()))
    op.add_column("attempts", sa.Column("callee", sa.Text(), nullable=False, server_default="patient"))
    op.add_column("contacts", sa.Column("urgency", sa.Integer()))
    index = ["status", "urgency", "due_at", "id"]
    op.create_index("ix_contacts_status_urgency_due_at_id", "contacts", index)


def downgrade() -> None:
    op.drop_index("ix_contacts_status_urgency_due_at_id", "contacts")
    op.drop_column("contacts", "urgency")
    op.drop_column("attempts", "callee")
    op.drop_column("attempts", "trunk")
    op.drop_table("trunks")
