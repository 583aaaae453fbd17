"""The tables of messages: sent and to be sent, received in pieces, and by whom wanted no more."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, false

from agent.model.contact import Channel
from agent.model.message import MessageKind, MessageStatus
from agent.model.piece import PieceKind
from agent.store.metadata import metadata
from agent.store.observation_table import observations as observations
from agent.store.types import UtcDateTime, Word

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Word(Channel), nullable=False),
    Column("to", Text, nullable=False),
    Column("kind", Word(MessageKind), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("patient_id", Text, ForeignKey("patients.id")),
    Column("contact_id", Text, ForeignKey("contacts.id")),
    Column("link", Text),
    Column("not_before", UtcDateTime),
    Column("status", Word(MessageStatus), nullable=False),
    Column("provider_ref", Text),
    Column("tries", Integer, nullable=False),
    Column("failed_why", Text),
    Column("sent_at", UtcDateTime),
    Column("held_until", UtcDateTime),  # a worker is sending it until then
    UniqueConstraint("channel", "provider_ref"),
    Index(None, "status", "created_at"),  # claim_messages
    Index(None, "created_at", "status", "failed_why"),  # a day's account
    Index(None, "patient_id", "created_at"),
    Index(None, "contact_id", "created_at"),
)

pieces = Table(
    "pieces",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Word(Channel), nullable=False),
    Column("sender", Text, nullable=False),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("kind", Word(PieceKind), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("contact_id", Text, ForeignKey("contacts.id")),
    Column("answers", Text),
    Column("proven", Boolean, nullable=False),
    Column("by_caregiver", Boolean, nullable=False, server_default=false()),
    Column("guess", Text, nullable=False, server_default=""),
    Column("turn_id", Text),
    Column("done_at", UtcDateTime),
    Column("held_until", UtcDateTime),  # a worker is making a turn of it until then
    Index(None, "done_at", "received_at"),  # open_pieces
    Index(None, "patient_id", "at"),
)

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("patient_id", Text, ForeignKey("patients.id"), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("channel", Word(Channel), nullable=False),
)
