"""What patients said, found by any part of it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, bindparam, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import ARRAY, array

from agent.model.found import FoundWords
from agent.model.record import StoredTurn
from agent.store import grams
from agent.store.sql.statements import KEY, Statements, columns
from agent.store.tables import contacts, said

NEWEST = 20_000
"""So many of the newest sentences PostgreSQL looks at first: words that many say are found there in milliseconds,
while by the index of pairs it would fetch and sort every one of them (a second in a million)."""
_OWNER = select(contacts.c.patient_id).where(contacts.c.id == bindparam(KEY))
_INDEX = table("said_pairs", column("rowid"))  # SQLite's alone


class SaidRecords(Statements):
    async def note_said(self, stored: StoredTurn) -> None:
        """The turn's words become searchable; nothing where none were said."""
        turn = stored.turn
        if not turn.text:
            return
        owner = await self._rows(_OWNER, {KEY: turn.contact_id}, brief=True)
        row = {"turn_id": turn.id, "contact_id": turn.contact_id, "patient_id": owner[0]["patient_id"]}
        await self._add(said, {**row, "at": turn.at, "text": turn.text, "pairs": turn.text})

    async def search_words(self, text: str, *, limit: int = 50) -> Sequence[FoundWords]:
        query = select(*columns(said, FoundWords))
        holds = said.c.text.icontains(text, autoescape=True)
        if self._line.dialect.name == "sqlite":
            matched = grams.phrases(text)
            if matched is None:
                return []
            query = query.join_from(_INDEX, said, said.c.id == _INDEX.c.rowid)
            query = query.where(literal_column("said_pairs").op("MATCH")(matched)).order_by(_INDEX.c.rowid.desc())
        else:
            wanted = grams.needed(text)
            if not wanted:
                return []
            query = query.order_by(said.c.id.desc())
            newest = query.where(said.c.id > select(func.max(said.c.id)).scalar_subquery() - NEWEST, holds)
            found = await self._many(FoundWords, newest.limit(limit))
            if len(found) == limit:
                return found
            query = query.where(_holds(wanted))
        return await self._many(FoundWords, query.where(holds).limit(limit))


def _holds(wanted: Sequence[str]) -> ColumnElement[bool]:
    return said.c.pairs.op("@>")(cast(array(wanted), ARRAY(Text)))
