"""The tables. A row's words are the glossary's; migrations/ holds how they came to be."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from agent.model.answer import AnswerType
from agent.model.contact import OPEN_OUTCOMES, AttemptOutcome, Callee, Channel, ContactStatus
from agent.model.escalation import Disposition, EscalationKind, EscalationStatus
from agent.model.finding import Level, Polarity, Status
from agent.model.people import PlanStatus, Tier
from agent.model.turn import TurnKind
from agent.model.urgency import Urgency
from agent.store import wechat_table as wechat_table
from agent.store.campaign_tables import campaign_patients as campaign_patients
from agent.store.campaign_tables import campaigns as campaigns
from agent.store.display_table import displays as displays
from agent.store.education_table import education as education
from agent.store.event_tables import COUNTER
from agent.store.event_tables import events as events
from agent.store.event_tables import outbox as outbox
from agent.store.faq_table import faq_proposals as faq_proposals
from agent.store.intake_tables import inbound as inbound
from agent.store.labelled_case_table import labelled_cases as labelled_cases
from agent.store.message_table import messages as messages
from agent.store.metadata import metadata as metadata
from agent.store.points_table import points as points
from agent.store.said_table import said as said
from agent.store.second_pass_table import second_passes as second_passes
from agent.store.take_over_table import take_overs as take_overs
from agent.store.trunk_table import trunks as trunks
from agent.store.types import Json, Number, UtcDateTime, Word, Words
from agent.store.user_table import users as users

patients = Table(
    "patients",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("diagnosis", Text, nullable=False),
    Column("tier", Word(Tier), nullable=False),
    Column("birth_year", Integer),
    Column("sex", Text),
    Column("id_last4", Text),
    Column("department", Text),
    Column("caregiver_name", Text),
    Column("caregiver_phone", Text),
    Column("hospital_number", Text),
    Column("tags", Words, nullable=False, server_default="[]"),
    UniqueConstraint("phone", "name"),  # a family shares a phone; one name on one phone is one person
    Index(None, "hospital_number"),
    Index(None, "name", "id_last4"),
)

plans = Table(
    "plans",
    metadata,
    Column("id", Text, primary_key=True),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("pathway", Text, nullable=False),
    Column("pathway_version", Text, nullable=False),
    Column("discharge_date", Date, nullable=False),
    Column("status", Word(PlanStatus), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("patient_id", "pathway", "discharge_date"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("plan_id", Text, ForeignKey("plans.id"), nullable=False),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("pathway", Text, nullable=False),
    Column("pathway_version", Text, nullable=False),
    Column("node_day", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("status", Word(ContactStatus), nullable=False),
    Column("attempts_made", Integer, nullable=False),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    Column("planned_for", Date),  # filled on every row; nullable because SQLite cannot add a column otherwise
    Column("urgency", Number(Urgency)),
    Column("campaign_id", Text),  # no foreign key: SQLite cannot add one to a table that exists
    Column("tries_before", Integer, nullable=False, server_default="0"),
    Column("leased_until", UtcDateTime),
    Column("leased_by", Text),
    Index(None, "plan_id"),
    Index(None, "patient_id", "status", "due_at"),
    Index(None, "status", "due_at", "id"),  # whether anything is due
    Index(None, "status", "urgency", "due_at", "id"),  # claim_due
    Index(None, "due_at", "id"),  # a day's contacts
    Index(None, "planned_for", "due_at", "id", "status"),  # the ledger, in its order
    Index(None, "campaign_id", "status"),
)

# Words written out, not bound: only so does a query find the partial index below.
LIVE = text("outcome IN ({})".format(", ".join(f"'{word}'" for word in sorted(OPEN_OUTCOMES))))

attempts = Table(
    "attempts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("outcome", Word(AttemptOutcome), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("carrier_ref", Text),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("detail", Text),
    Column("trunk", Text),
    Column("callee", Word(Callee), nullable=False, server_default=Callee.PATIENT),
    UniqueConstraint("carrier_ref"),
    Index(None, "contact_id", "created_at"),
    Index(None, "patient_id", "created_at"),  # how often a patient was disturbed
    Index(None, "ended_at", "id"),
    # Whatever a scheduler does wrong, the database lets no patient be called twice at once.
    Index("one_live_attempt", "patient_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
)

recordings = Table(
    "recordings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("attempt_id", Text, ForeignKey("attempts.id"), nullable=False),
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seconds", Double, nullable=False),
    Index(None, "contact_id", "started_at"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("contact_id", Text, ForeignKey("contacts.id"), primary_key=True),
    Column("session", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("attempt_id", Text, ForeignKey("attempts.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("kind", Word(TurnKind), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("alternatives", Json, nullable=False),
    Column("audio_start", Double),
    Column("audio_end", Double),
    Column("by_caregiver", Boolean, nullable=False, server_default=false()),
    Column("move", Text, nullable=False),
    Column("read_text", Text, nullable=False),
    Column("polarity", Word(Polarity), nullable=False),
    Column("asked", Json, nullable=False),
    Column("confirm", Text),
    Column("reply", Json, nullable=False),
    Column("reply_audio_start", Double),
    UniqueConstraint("contact_id", "seq"),
)


def _of_turn() -> list[Column[str] | Column[int]]:
    """Columns that tie a row to its place in a turn; `seq` counts from 0 within the turn."""
    return [
        Column("turn_id", Text, ForeignKey("turns.id"), primary_key=True),
        Column("seq", Integer, primary_key=True),
        Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False, index=True),
        Column("surface", Text, nullable=False),
        Column("span_start", Integer, nullable=False),
        Column("span_end", Integer, nullable=False),
    ]


findings = Table(
    "findings",
    metadata,
    *_of_turn(),
    Column("concept", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("status", Word(Status), nullable=False),
    Column("reason", Text, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("by_sound", Boolean, nullable=False),
)

measurements = Table(
    "measurements",
    metadata,
    *_of_turn(),
    Column("name", Text, nullable=False),
    Column("value", Double, nullable=False),
    Column("unit", Text, nullable=False),
    Column("doubtful", Boolean, nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    *_of_turn(),
    Column("rule", Text, nullable=False),
    Column("level", Word(Level), nullable=False),
    Column("reason", Text, nullable=False),
    Column("concepts", Json, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("by_sound", Boolean, nullable=False),
    Column("suppressed", Boolean, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("seq", COUNTER, primary_key=True, autoincrement=True),
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("question", Text, nullable=False),
    Column("type", Word(AnswerType), nullable=False),
    Column("value", Json, nullable=False),
    Column("raw", Text, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("turn_id", Text, ForeignKey("turns.id"), nullable=False),
    Column("corrected", Boolean, nullable=False),
    Column("unit", Text),
    Column("superseded", Boolean, nullable=False),
    Column("unconfirmed", Boolean, nullable=False, server_default=false()),
    Index(None, "contact_id", "question"),
)

escalations = Table(
    "escalations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("kind", Word(EscalationKind), nullable=False),
    Column("level", Word(Level), nullable=False),
    Column("urgency", Integer, nullable=False),  # the level as a number: 0 red, 1 yellow, 2 none; orders the queue
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("span_start", Integer, nullable=False),
    Column("span_end", Integer, nullable=False),
    Column("turn_id", Text, nullable=False),  # no foreign key: a technical escalation may have no turn
    Column("attempt_id", Text, nullable=False),
    Column("audio_start", Double),
    Column("audio_end", Double),
    Column("confidence", Double, nullable=False),
    Column("by_sound", Boolean, nullable=False),
    Column("also", Json, nullable=False),
    Column("status", Word(EscalationStatus), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("owner", Text),
    Column("taken_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("disposition", Word(Disposition)),
    Column("note", Text),
    Column("version", Integer, nullable=False),
    Column("by_second_pass", Boolean, nullable=False, server_default=false()),
    Column("touched_at", UtcDateTime),
    Column("snoozed_until", UtcDateTime),
    Column("told", Integer, nullable=False, server_default=text("0")),
    Index(None, "status", "urgency", "created_at", "id"),  # the nurse's queue
    Index(None, "urgency", "created_at", "id"),
    Index(None, "patient_id", "status"),
    Index(None, "contact_id"),
    Index(None, "kind", "created_at"),  # the newest questions nobody answered
    Index(None, "resolved_at", "id"),
)
