"""How many attempts were made before a person asked for one more round of them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("tries_before", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("contacts", "tries_before")
