"""What many contacts came to, read at once: statements are built once and run once for a page."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, RowMapping, Select, Table, select

from agent.model.answer import Answer
from agent.model.contact import Attempt, Recording
from agent.model.record import StoredTurn
from agent.store.sql import turn_rows
from agent.store.sql.statements import HANDFUL, KEYS, Statements, among, columns
from agent.store.tables import alarms, answers, attempts, findings, measurements, recordings, turns

Value = TypeVar("Value")


def _of_contacts(table: Table, kind: Any, *order: ColumnElement[Any]) -> Select[Any]:
    """The value's columns, then `of`, the contact's id."""
    query = select(*columns(table, kind), table.c.contact_id.label("of"))
    return query.where(among(table.c.contact_id)).order_by(*order)


_ATTEMPTS = _of_contacts(attempts, Attempt, attempts.c.created_at, attempts.c.id)
_RECORDINGS = _of_contacts(recordings, Recording, recordings.c.started_at, recordings.c.id)
_ANSWERS = _of_contacts(answers, Answer, answers.c.seq).where(~answers.c.superseded)
_TURNS = select(turns).where(among(turns.c.contact_id)).order_by(turns.c.contact_id, turns.c.seq)
_READ: Mapping[Table, Select[Any]] = {
    table: select(table).where(among(table.c.contact_id)).order_by(table.c.turn_id, table.c.seq)
    for table in (findings, measurements, alarms)
}


class HistoryStatements(Statements):
    async def attempts_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Attempt]]:
        return await self._by_contact(Attempt, _ATTEMPTS, contact_ids)

    async def recordings_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Recording]]:
        return await self._by_contact(Recording, _RECORDINGS, contact_ids)

    async def answers_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[Answer]]:
        return await self._by_contact(Answer, _ANSWERS, contact_ids)

    async def turns_of(self, contact_ids: Collection[str]) -> Mapping[str, Sequence[StoredTurn]]:
        given = {KEYS: list(contact_ids)}
        rows = await self._rows(_TURNS, given) if contact_ids else []
        if not rows:
            return {}
        found = await self._by_turn(findings, given, turn_rows.finding)
        measured = await self._by_turn(measurements, given, turn_rows.measurement)
        alarmed = await self._by_turn(alarms, given, turn_rows.alarm)
        said: defaultdict[str, list[StoredTurn]] = defaultdict(list)
        for row in rows:
            key = row["id"]
            reading = turn_rows.reading_of(row, found.get(key, ()), measured.get(key, ()), alarmed.get(key, ()))
            said[row["contact_id"]].append(turn_rows.stored_turn(row, reading))
        return said

    async def _by_contact(
        self, kind: type[Value], statement: Select[Any], contact_ids: Collection[str]
    ) -> Mapping[str, Sequence[Value]]:
        grouped: defaultdict[str, list[Value]] = defaultdict(list)
        given, few = {KEYS: list(contact_ids)}, len(contact_ids) <= HANDFUL
        for row in await self._tuples(statement, given, brief=few) if contact_ids else []:
            *values, of = row
            grouped[of].append(kind(*values))
        return grouped

    async def _by_turn(
        self, table: Table, given: Mapping[str, Any], read: Callable[[RowMapping], Value]
    ) -> Mapping[str, list[Value]]:
        grouped: defaultdict[str, list[Value]] = defaultdict(list)
        for row in await self._rows(_READ[table], given):
            grouped[row["turn_id"]].append(read(row))
        return grouped
