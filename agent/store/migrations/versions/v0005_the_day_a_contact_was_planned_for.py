"""The hospital's day on which a contact was first due: it stays when the due time moves, for the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

HOSPITAL_DAY = {"sqlite": "date(due_at, '+8 hours')", "postgresql": "(due_at AT TIME ZONE 'Asia/Shanghai')::date"}


def upgrade() -> None:
    op.add_column("contacts", sa.Column("planned_for", sa.Date))
    op.execute(f"UPDATE contacts SET planned_for = {HOSPITAL_DAY[op.get_bind().dialect.name]}")
    op.create_index("ix_contacts_planned_for_status", "contacts", ["planned_for", "status"])


def downgrade() -> None:
    op.drop_index("ix_contacts_planned_for_status", "contacts")
    op.drop_column("contacts", "planned_for")
