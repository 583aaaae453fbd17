"""The newest cards of one kind are found in their order: a page of figures read a hundred thousand for twenty."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_escalations_kind_created_at", "escalations", ["kind", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_escalations_kind_created_at", "escalations")
