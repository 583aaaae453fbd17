"""What came in by WeChat, and which openid speaks for which patient."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "wechat_inbox",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("held_until", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_inbox"),
    )
    op.create_index("ix_wechat_inbox_done_at_received_at", "wechat_inbox", ["done_at", "received_at"])
    op.create_index("ix_wechat_inbox_openid_at", "wechat_inbox", ["openid", "at"])
    op.create_table(
        "wechat_bindings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("bound_at", MOMENT, nullable=False),
        sa.Column("unbound_at", MOMENT),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_wechat_bindings_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_bindings"),
    )
    op.create_index("ix_wechat_bindings_patient_id", "wechat_bindings", ["patient_id"])
    in_force = sa.text("unbound_at IS NULL")
    op.create_index(
        "uq_wechat_bindings_openid",
        "wechat_bindings",
        ["openid"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def downgrade() -> None:
    op.drop_table("wechat_bindings")
    op.drop_table("wechat_inbox")
