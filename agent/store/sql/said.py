"""What patients said, found by any part of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import ARRAY, array

from agent.model.found import FoundWords
from agent.model.record import StoredTurn
from agent.store import grams
from agent.store.sql.statements import KEY, Statements, columns
from agent.store.tables import contacts, said

NEWEST, FARTHEST = 4_000, 60_000
"""So many of the newest sentences PostgreSQL looks at first, and at most: words that many say are found there in
milliseconds, while by the index of pairs it would fetch and sort every one of them (a second in a million)."""
RARE = 2  # a word that the first look meets less often is found by the index sooner than by a look farther back
_OWNER = select(contacts.c.patient_id).where(contacts.c.id == bindparam(KEY))
_LAST = select(func.max(said.c.id)).scalar_subquery()
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
            found = await self._among_newest(query.where(holds), limit)
            if len(found) == limit:
                return found
            # By an expression: to keep the order of the key, a plan made for any word walks all sentences backwards.
            query = query.where(_holds(wanted)).order_by((said.c.id + 0).desc())
        return await self._many(FoundWords, query.where(holds).limit(limit))

    async def _among_newest(self, query: Select[Any], limit: int) -> Sequence[FoundWords]:
        """Those of the newest sentences: `limit` of them, or fewer where that takes a look too far back."""
        query = query.order_by(said.c.id.desc()).limit(limit)
        found = await self._many(FoundWords, query.where(_newest(NEWEST)))
        if RARE <= len(found) < limit:
            reach = min(FARTHEST, 3 * NEWEST * limit // (2 * len(found)))
            found = await self._many(FoundWords, query.where(_newest(reach)))
        return found


def _newest(many: int) -> ColumnElement[bool]:
    """Between two numbers: after one alone, PostgreSQL expects a third of all sentences and calls for helpers."""
    return said.c.id.between(_LAST - many, _LAST)


def _holds(wanted: Sequence[str]) -> ColumnElement[bool]:
    return said.c.pairs.op("@>")(cast(array(wanted), ARRAY(Text)))
