"""Health education owed to patients until a message channel has sent it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "education",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("channel", sa.Text()),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_education_contact_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_education_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_education"),
        sa.UniqueConstraint("contact_id", "item", name="uq_education_contact_id_item"),
    )
    op.create_index("ix_education_patient_id", "education", ["patient_id"])
    op.create_index("ix_education_sent_at_created_at", "education", ["sent_at", "created_at"])


def downgrade() -> None:
    op.drop_table("education")
