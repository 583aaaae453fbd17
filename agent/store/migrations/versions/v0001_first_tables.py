"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
LIVE = sa.text("outcome IN ('answered', 'dialled', 'intended')")

DEPENDENT_FIRST = """outbox events escalations answers alarms measurements findings turns conversations
    recordings attempts contacts plans patients users"""


def upgrade() -> None:
    _people()
    _contacts()
    _turns()
    _readings()
    _escalations()
    _aftermath()


def downgrade() -> None:
    for table in DEPENDENT_FIRST.split():
        op.drop_table(table)


def _words(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _people() -> None:
    op.create_table(
        "patients",
        *_words("id", "name", "phone", "diagnosis", "tier"),
        sa.Column("birth_year", sa.Integer()),
        *_words("sex", "id_last4", "department", "caregiver_name", "caregiver_phone", "hospital_number", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
        sa.UniqueConstraint("phone", "name", name="uq_patients_phone_name"),
    )
    op.create_table(
        "plans",
        *_words("id", "patient_id", "pathway", "pathway_version"),
        sa.Column("discharge_date", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_plans_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
        sa.UniqueConstraint(
            "patient_id", "pathway", "discharge_date", name="uq_plans_patient_id_pathway_discharge_date"
        ),
    )
    op.create_table(
        "users",
        *_words("name", "display_name", "role", "password_hash"),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        *_words("id", "plan_id", "patient_id", "pathway", "pathway_version"),
        sa.Column("node_day", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts_made", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT),
        sa.Column("leased_by", sa.Text()),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_contacts_patient_id"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_contacts_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_patient_id_due_at", "contacts", ["patient_id", "due_at"])
    op.create_index("ix_contacts_plan_id", "contacts", ["plan_id"])
    op.create_index("ix_contacts_status_due_at_id", "contacts", ["status", "due_at", "id"])
    op.create_table(
        "attempts",
        *_words("id", "contact_id", "patient_id", "channel", "outcome"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("carrier_ref", sa.Text()),
        sa.Column("answered_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("detail", sa.Text()),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_attempts_contact_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_attempts_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.UniqueConstraint("carrier_ref", name="uq_attempts_carrier_ref"),
    )
    op.create_index("ix_attempts_contact_id_created_at", "attempts", ["contact_id", "created_at"])
    op.create_index(
        "one_live_attempt", "attempts", ["patient_id"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_table(
        "recordings",
        *_words("id", "attempt_id", "contact_id", "path"),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_recordings_attempt_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_recordings_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
    )
    op.create_index("ix_recordings_contact_id_started_at", "recordings", ["contact_id", "started_at"])


def _turns() -> None:
    op.create_table(
        "conversations",
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_conversations_contact_id"),
        sa.PrimaryKeyConstraint("contact_id", name="pk_conversations"),
    )
    op.create_table(
        "turns",
        *_words("id", "contact_id", "attempt_id"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("alternatives", sa.Text(), nullable=False),
        sa.Column("audio_start", sa.Double()),
        sa.Column("audio_end", sa.Double()),
        *_words("move", "read_text", "polarity", "asked"),
        sa.Column("confirm", sa.Text()),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reply_audio_start", sa.Double()),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_turns_attempt_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_turns_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.UniqueConstraint("contact_id", "seq", name="uq_turns_contact_id_seq"),
    )


def _place_in_turn() -> list[sa.Column[str] | sa.Column[int]]:
    return [
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=False),
        sa.Column("span_end", sa.Integer(), nullable=False),
    ]


def _keys_of_turn(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=f"fk_{table}_contact_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=f"fk_{table}_turn_id"),
        sa.PrimaryKeyConstraint("turn_id", "seq", name=f"pk_{table}"),
    ]


def _readings() -> None:
    op.create_table(
        "findings",
        *_place_in_turn(),
        *_words("concept", "label", "status", "reason"),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("by_sound", sa.Boolean(), nullable=False),
        *_keys_of_turn("findings"),
    )
    op.create_index("ix_findings_contact_id", "findings", ["contact_id"])
    op.create_table(
        "measurements",
        *_place_in_turn(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        *_keys_of_turn("measurements"),
    )
    op.create_index("ix_measurements_contact_id", "measurements", ["contact_id"])
    op.create_table(
        "alarms",
        *_place_in_turn(),
        *_words("rule", "level", "reason", "concepts"),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("by_sound", sa.Boolean(), nullable=False),
        sa.Column("suppressed", sa.Boolean(), nullable=False),
        *_keys_of_turn("alarms"),
    )
    op.create_index("ix_alarms_contact_id", "alarms", ["contact_id"])
    op.create_table(
        "answers",
        sa.Column("seq", COUNTER, autoincrement=True, nullable=False),
        *_words("contact_id", "question", "type", "value", "raw"),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.Text()),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_answers_contact_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_answers_turn_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_answers"),
    )
    op.create_index("ix_answers_contact_id_question", "answers", ["contact_id", "question"])


def _escalations() -> None:
    op.create_table(
        "escalations",
        *_words("id", "patient_id", "contact_id", "kind", "level"),
        sa.Column("urgency", sa.Integer(), nullable=False),
        *_words("rule", "reason", "words"),
        sa.Column("span_start", sa.Integer(), nullable=False),
        sa.Column("span_end", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("audio_start", sa.Double()),
        sa.Column("audio_end", sa.Double()),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("by_sound", sa.Boolean(), nullable=False),
        sa.Column("also", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("taken_at", MOMENT),
        sa.Column("resolved_at", MOMENT),
        sa.Column("disposition", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_escalations_contact_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_escalations_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_escalations"),
    )
    op.create_index("ix_escalations_patient_id_status", "escalations", ["patient_id", "status"])
    op.create_index(
        "ix_escalations_status_urgency_created_at_id", "escalations", ["status", "urgency", "created_at", "id"]
    )
    op.create_index("ix_escalations_urgency_created_at_id", "escalations", ["urgency", "created_at", "id"])


def _aftermath() -> None:
    op.create_table(
        "events",
        sa.Column("seq", COUNTER, autoincrement=True, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text()),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
    )
    op.create_index("ix_events_entity_entity_id_seq", "events", ["entity", "entity_id", "seq"])
    op.create_table(
        "outbox",
        sa.Column("seq", COUNTER, autoincrement=True, nullable=False),
        *_words("id", "kind", "subject"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("held_until", MOMENT),
        sa.PrimaryKeyConstraint("seq", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
    )
