"""A patient's due contacts are found without looking at everybody's."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_contacts_patient_id_due_at", "contacts")
    op.create_index("ix_contacts_patient_id_status_due_at", "contacts", ["patient_id", "status", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_contacts_patient_id_status_due_at", "contacts")
    op.create_index("ix_contacts_patient_id_due_at", "contacts", ["patient_id", "due_at"])
