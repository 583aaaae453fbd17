"""The account of a day's messages."""

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from agent.model.message import MessageStatus
from agent.model.message_account import MessageAccount
from agent.store.sql.statements import Statements
from agent.store.tables import messages

STUCK_COUNTED = 5000


class MessageAccountRecords(Statements):
    async def message_account(self, *, since: datetime, until: datetime, stuck_before: datetime) -> MessageAccount:
        of_the_day = (messages.c.created_at >= since, messages.c.created_at < until)
        by = (messages.c.status, messages.c.failed_why)
        written: Counter[MessageStatus] = Counter()
        failures: Counter[str] = Counter()
        for row in await self._rows(select(*by, func.count().label("all")).where(*of_the_day).group_by(*by)):
            written[row["status"]] += row["all"]
            if row["status"] is MessageStatus.FAILED:
                failures[row["failed_why"] or ""] += row["all"]
        stuck = select(messages.c.id).where(_stuck(stuck_before)).limit(STUCK_COUNTED)
        return MessageAccount(dict(written), dict(failures), len(await self._rows(stuck)))


def _stuck(before: datetime) -> ColumnElement[bool]:
    """The age first: only that is on an index with the status."""
    due = or_(messages.c.not_before.is_(None), messages.c.not_before < before)
    unasked = or_(messages.c.held_until.is_(None), messages.c.held_until < before)
    old = messages.c.created_at < before
    queued = and_(messages.c.status == MessageStatus.QUEUED, old, due, unasked)
    return or_(queued, and_(messages.c.status == MessageStatus.SENDING, old, unasked))
