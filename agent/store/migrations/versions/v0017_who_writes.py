"""Whether a caregiver wrote it, and what the channel's own recogniser made of a voice note."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pieces", sa.Column("by_caregiver", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("pieces", sa.Column("guess", sa.Text(), nullable=False, server_default=""))
    op.add_column("turns", sa.Column("by_caregiver", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("turns", "by_caregiver")
    op.drop_column("pieces", "guess")
    op.drop_column("pieces", "by_caregiver")
