"""The sentences that nurses labelled."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from agent.model.labelled_case import CaseLabel
from agent.store.metadata import metadata
from agent.store.types import UtcDateTime, Word

labelled_cases = Table(
    "labelled_cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("label", Word(CaseLabel), nullable=False),
    Column("turn_id", Text, nullable=False),  # no foreign key: an alarm of ours may have no turn
    Column("contact_id", Text, ForeignKey("contacts.id"), nullable=False),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("words", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("turn_id", "label", "rule"),
    Index(None, "at", "id"),
    Index(None, "contact_id"),
)
