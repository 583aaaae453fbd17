"""One-off lists of patients, and the contacts that belong to one."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("pathway_version", sa.Text(), nullable=False),
        sa.Column("node_day", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("running_since", MOMENT),
        sa.Column("done_before", sa.Integer(), nullable=False),
        sa.Column("paused_until", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
    )
    op.create_table(
        "campaign_patients",
        sa.Column("campaign_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_campaign_patients_campaign_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_campaign_patients_patient_id"),
        sa.PrimaryKeyConstraint("campaign_id", "patient_id", name="pk_campaign_patients"),
    )
    op.add_column("contacts", sa.Column("campaign_id", sa.Text()))
    op.create_index("ix_contacts_campaign_id_status", "contacts", ["campaign_id", "status"])


def downgrade() -> None:
    op.drop_index("ix_contacts_campaign_id_status", "contacts")
    op.drop_column("contacts", "campaign_id")
    op.drop_table("campaign_patients")
    op.drop_table("campaigns")
