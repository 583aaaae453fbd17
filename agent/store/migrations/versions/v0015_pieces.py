"""What patients sent by message, and who wants no more contact."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "pieces",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text()),
        sa.Column("answers", sa.Text()),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("turn_id", sa.Text()),
        sa.Column("done_at", MOMENT),
        sa.Column("held_until", MOMENT),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_pieces_patient_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_pieces_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pieces"),
    )
    op.create_index("ix_pieces_done_at_received_at", "pieces", ["done_at", "received_at"])
    op.create_index("ix_pieces_patient_id_at", "pieces", ["patient_id", "at"])
    op.create_table(
        "opt_outs",
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_opt_outs_patient_id"),
        sa.PrimaryKeyConstraint("patient_id", name="pk_opt_outs"),
    )


def downgrade() -> None:
    op.drop_table("opt_outs")
    op.drop_table("pieces")
