"""Patients' stays, the messages other systems sent, and the indexes that tell who is who."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "stays",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("visit", sa.Text()),
        sa.Column("discharge_date", sa.Date()),
        sa.Column("diagnosis", sa.Text()),
        sa.Column("icd10", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text()),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("department", sa.Text()),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_stays_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stays"),
    )
    op.create_index("ix_stays_patient_id", "stays", ["patient_id"])
    op.create_table(
        "inbound",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("control_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.Column("result", sa.Text()),
        sa.Column("patient_id", sa.Text()),
        sa.Column("handled_at", MOMENT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbound"),
    )
    for columns in (["source", "sender", "control_id"], ["source", "digest"], ["status", "received_at"]):
        op.create_index(f"ix_inbound_{'_'.join(columns)}", "inbound", columns)
    op.create_index("ix_patients_hospital_number", "patients", ["hospital_number"])
    op.create_index("ix_patients_name_id_last4", "patients", ["name", "id_last4"])


def downgrade() -> None:
    op.drop_index("ix_patients_name_id_last4", "patients")
    op.drop_index("ix_patients_hospital_number", "patients")
    op.drop_table("inbound")
    op.drop_table("stays")
