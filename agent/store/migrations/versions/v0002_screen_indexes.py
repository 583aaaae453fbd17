"""Indexes of a day's contacts and of what was resolved since a moment."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_contacts_due_at_id", "contacts", ["due_at", "id"])
    op.create_index("ix_escalations_resolved_at_id", "escalations", ["resolved_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_escalations_resolved_at_id", "escalations")
    op.drop_index("ix_contacts_due_at_id", "contacts")
