"""Users who may not log in any more, whose sessions end, who read another language, who come from the house's login."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("disabled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("users", sa.Column("seal", sa.Text(), nullable=False, server_default=""))
    op.add_column("users", sa.Column("language", sa.Text(), nullable=False, server_default="zh"))
    op.add_column("users", sa.Column("subject", sa.Text()))
    op.create_index("ix_users_subject", "users", ["subject"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_users_subject", "users")
    for name in ("subject", "language", "seal", "disabled"):
        op.drop_column("users", name)
