"""Events, and messages to be told after commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select

from agent.model.record import Event, OutboxMessage
from agent.store.sql.statements import KEY, Statements, as_row, columns
from agent.store.tables import events, outbox

HOLD = timedelta(seconds=30)

_OF_ENTITY = (
    select(*columns(events, Event))
    .where(events.c.entity == bindparam("the_kind"), events.c.entity_id == bindparam(KEY))
    .order_by(events.c.seq)
)


class OutboxRecords(Statements):
    async def add_event(self, event: Event) -> None:
        await self._add(events, as_row(event))

    async def events(self, entity: str, entity_id: str) -> Sequence[Event]:
        return await self._many(Event, _OF_ENTITY, {"the_kind": entity, KEY: entity_id}, brief=True)

    async def events_since(self, entity: str, since: datetime) -> Sequence[Event]:
        query = select(*columns(events, Event)).where(events.c.entity == entity, events.c.at >= since)
        return await self._many(Event, query.order_by(events.c.seq))

    async def last_events(self, entity: str, to_status: str) -> Mapping[str, datetime]:
        mine = (events.c.entity == entity, events.c.to_status == to_status)
        query = select(events.c.entity_id, func.max(events.c.at).label("last")).where(*mine)
        return {row["entity_id"]: row["last"] for row in await self._rows(query.group_by(events.c.entity_id))}

    async def add_outbox(self, message: OutboxMessage) -> None:
        await self._add(outbox, as_row(message))

    async def claim_outbox(self, *, limit: int, now: datetime) -> Sequence[OutboxMessage]:
        free = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= now)
        query = select(*columns(outbox, OutboxMessage)).where(free).order_by(outbox.c.seq).limit(limit)
        found = await self._many(OutboxMessage, query.with_for_update(skip_locked=True))
        if found:
            held = outbox.update().where(outbox.c.id.in_([message.id for message in found]))
            await self._change(held.values(held_until=now + HOLD))
        return found

    async def outbox_done(self, *message_ids: str) -> None:
        """The rows go: what happened stays in events."""
        await self._change(outbox.delete().where(outbox.c.id.in_(message_ids)))
