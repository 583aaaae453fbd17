"""Wishes to take over running calls."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "take_overs",
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_take_overs_attempt_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_take_overs_contact_id"),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_take_overs"),
    )
    op.create_index("ix_take_overs_settled_at_asked_at", "take_overs", ["settled_at", "asked_at"])
    op.create_index("ix_take_overs_asked_by_asked_at", "take_overs", ["asked_by", "asked_at"])


def downgrade() -> None:
    op.drop_table("take_overs")
