"""Recordings heard again after the call."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("escalations", sa.Column("by_second_pass", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_attempts_ended_at_id", "attempts", ["ended_at", "id"])
    op.create_table(
        "second_passes",
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("held_until", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("recogniser", sa.Text(), nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("hearings", sa.Text(), nullable=False),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_second_passes_attempt_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_second_passes_contact_id"),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_second_passes"),
    )
    op.create_index("ix_second_passes_contact_id", "second_passes", ["contact_id"])


def downgrade() -> None:
    op.drop_table("second_passes")
    op.drop_index("ix_attempts_ended_at_id", "attempts")
    op.drop_column("escalations", "by_second_pass")
