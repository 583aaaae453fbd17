"""Who checked the answers that read differently the second time, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("second_passes", sa.Column("checked_by", sa.Text()))
    op.add_column("second_passes", sa.Column("checked_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("second_passes", "checked_at")
    op.drop_column("second_passes", "checked_by")
