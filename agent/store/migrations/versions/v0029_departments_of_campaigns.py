"""Whose patients alone a one-off list is about; of those made before, its maker's department."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("department", sa.Text()))
    op.execute(
        "UPDATE campaigns SET department = (SELECT department FROM users WHERE users.name = campaigns.created_by)"
    )


def downgrade() -> None:
    op.drop_column("campaigns", "department")
