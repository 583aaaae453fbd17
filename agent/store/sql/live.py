"""Calls that run now, and what has been said in them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select

from agent.model.contact import Attempt, AttemptOutcome, Channel
from agent.model.finding import Alarm
from agent.model.record import StoredTurn
from agent.store.sql import turn_rows
from agent.store.sql.statements import Statements, columns
from agent.store.tables import LIVE, alarms, attempts, events, turns

TALKING = (AttemptOutcome.DIALLED, AttemptOutcome.ANSWERED)


class LiveStatements(Statements):
    async def calls_now(self, *, limit: int = 60) -> Sequence[Attempt]:
        running = (LIVE, attempts.c.channel == Channel.PHONE, attempts.c.outcome.in_(TALKING))
        query = select(*columns(attempts, Attempt)).where(*running)
        return await self._many(Attempt, query.order_by(attempts.c.created_at, attempts.c.id).limit(limit))

    async def last_event(self) -> int:
        rows = await self._rows(select(func.max(events.c.seq).label("last")), brief=True)
        return int(rows[0]["last"] or 0)

    async def turns_now(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[StoredTurn]]:
        if not contact_ids:
            return {}
        raised: defaultdict[str, list[Alarm]] = defaultdict(list)
        query = select(alarms).where(alarms.c.contact_id.in_(contact_ids))
        for row in await self._rows(query.order_by(alarms.c.turn_id, alarms.c.seq)):
            raised[row["turn_id"]].append(turn_rows.alarm(row))
        said: defaultdict[str, list[StoredTurn]] = defaultdict(list)
        ordered = select(turns).where(turns.c.contact_id.in_(contact_ids)).order_by(turns.c.contact_id, turns.c.seq)
        for row in await self._rows(ordered):
            reading = turn_rows.reading_of(row, (), (), raised[row["id"]])
            said[row["contact_id"]].append(turn_rows.stored_turn(row, reading))
        return said
