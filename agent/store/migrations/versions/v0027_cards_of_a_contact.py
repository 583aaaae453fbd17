"""Escalations are found by their contact: a month's figures read a hundred thousand for four thousand."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_escalations_contact_id", "escalations", ["contact_id"])


def downgrade() -> None:
    op.drop_index("ix_escalations_contact_id", "escalations")
