"""The tables of one-off lists and of who is on them."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from agent.model.campaign import CampaignStatus
from agent.store.metadata import metadata
from agent.store.types import UtcDateTime, Word

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("pathway", Text, nullable=False),
    Column("pathway_version", Text, nullable=False),
    Column("node_day", Integer, nullable=False),
    Column("status", Word(CampaignStatus), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("running_since", UtcDateTime),
    Column("done_before", Integer, nullable=False),
    Column("paused_until", UtcDateTime),
    Column("version", Integer, nullable=False),
    Column("department", Text),
)

campaign_patients = Table(
    "campaign_patients",
    metadata,
    Column("campaign_id", Text, ForeignKey("campaigns.id"), primary_key=True),
    Column("patient_id", Text, ForeignKey("patients.id"), primary_key=True),
)
