"""What a hospital marks its patients with."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patients", sa.Column("tags", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("patients", "tags")
