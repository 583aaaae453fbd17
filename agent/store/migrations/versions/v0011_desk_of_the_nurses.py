"""Snoozed and untouched cards, who was told, departments of users, labelled sentences."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("escalations", sa.Column("touched_at", MOMENT))
    op.add_column("escalations", sa.Column("snoozed_until", MOMENT))
    op.add_column("escalations", sa.Column("told", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("users", sa.Column("department", sa.Text()))
    words = [sa.Column(name, sa.Text(), nullable=False) for name in ("id", "label", "turn_id", "contact_id")]
    more = [sa.Column(name, sa.Text(), nullable=False) for name in ("patient_id", "words", "rule", "question", "by")]
    op.create_table(
        "labelled_cases",
        *words,
        *more,
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_labelled_cases_contact_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_labelled_cases_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_labelled_cases"),
        sa.UniqueConstraint("turn_id", "label", "rule", name="uq_labelled_cases_turn_id_label_rule"),
    )
    op.create_index("ix_labelled_cases_at_id", "labelled_cases", ["at", "id"])
    op.create_index("ix_labelled_cases_contact_id", "labelled_cases", ["contact_id"])


def downgrade() -> None:
    op.drop_table("labelled_cases")
    op.drop_column("users", "department")
    for name in ("told", "snoozed_until", "touched_at"):
        op.drop_column("escalations", name)
