"""The tables of WeChat: what came in, and which openid speaks for which patient."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from agent.model.wechat import BindingRole, Deed
from agent.store.metadata import metadata
from agent.store.types import UtcDateTime, Word

wechat_inbox = Table(
    "wechat_inbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("openid", Text, nullable=False),
    Column("deed", Word(Deed), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("held_until", UtcDateTime),  # a worker is dealing with it until then
    Column("done_at", UtcDateTime),
    Index(None, "done_at", "received_at"),  # claim_wechat_inbound
    Index(None, "openid", "at"),  # last_in_wechat
)

wechat_bindings = Table(
    "wechat_bindings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("openid", Text, nullable=False),
    Column("patient_id", Text, ForeignKey("patients.id"), nullable=False),
    Column("role", Word(BindingRole), nullable=False),
    Column("bound_at", UtcDateTime, nullable=False),
    Column("unbound_at", UtcDateTime),
    Column("consent", Text, nullable=False),
    Index(None, "patient_id"),
)
Index(
    "uq_wechat_bindings_openid",
    wechat_bindings.c.openid,
    unique=True,
    sqlite_where=text("unbound_at IS NULL"),
    postgresql_where=text("unbound_at IS NULL"),
)
