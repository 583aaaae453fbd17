"""Messages sent and to be sent, by whatever channel."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("patient_id", sa.Text()),
        sa.Column("contact_id", sa.Text()),
        sa.Column("link", sa.Text()),
        sa.Column("not_before", MOMENT),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("provider_ref", sa.Text()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failed_why", sa.Text()),
        sa.Column("sent_at", MOMENT),
        sa.Column("held_until", MOMENT),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_messages_patient_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_messages_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("channel", "provider_ref", name="uq_messages_channel_provider_ref"),
    )
    for columns in (["status", "created_at"], ["patient_id", "created_at"], ["contact_id", "created_at"]):
        op.create_index(f"ix_messages_{'_'.join(columns)}", "messages", columns)


def downgrade() -> None:
    op.drop_table("messages")
