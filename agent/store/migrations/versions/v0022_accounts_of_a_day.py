"""A day's contacts in their order, and what became of its messages, each from one index."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_contacts_planned_for_due_at_id_status", "contacts", ["planned_for", "due_at", "id", "status"])
    op.drop_index("ix_contacts_planned_for_status", table_name="contacts")
    op.create_index("ix_messages_created_at_status_failed_why", "messages", ["created_at", "status", "failed_why"])


def downgrade() -> None:
    op.drop_index("ix_messages_created_at_status_failed_why", table_name="messages")
    op.create_index("ix_contacts_planned_for_status", "contacts", ["planned_for", "status"])
    op.drop_index("ix_contacts_planned_for_due_at_id_status", table_name="contacts")
