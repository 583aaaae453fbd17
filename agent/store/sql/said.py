"""What patients said, found by any part of it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, bindparam, cast, column, literal_column, select, table
from sqlalchemy.dialects.postgresql import ARRAY, array

from agent.model.found import FoundWords
from agent.model.record import StoredTurn
from agent.store import grams
from agent.store.sql.statements import KEY, Statements, columns
from agent.store.tables import contacts, said

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
            query = query.where(_holds(wanted)).order_by(said.c.id.desc())
        return await self._many(FoundWords, query.where(said.c.text.icontains(text, autoescape=True)).limit(limit))


def _holds(wanted: Sequence[str]) -> ColumnElement[bool]:
    return said.c.pairs.op("@>")(cast(array(wanted), ARRAY(Text)))
