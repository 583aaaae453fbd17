"""How often a patient was disturbed lately is found without looking at everybody's attempts."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_attempts_patient_id_created_at", "attempts", ["patient_id", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_attempts_patient_id_created_at", "attempts")
