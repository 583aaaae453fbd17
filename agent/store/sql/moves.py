"""The courses of many attempts in a handful of statements."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, func, or_, select

from agent.model.contact import Attempt, Channel, Contact
from agent.store.attempt_ports import Moves
from agent.store.ports import NotFound, StaleVersion
from agent.store.sql.statements import HANDFUL, KEYS, Statements, Value, as_row, of_keys
from agent.store.tables import LIVE, attempts, contacts, events, outbox


class MoveRecords(Statements):
    async def attempts_by_id(self, ids: Collection[str]) -> Mapping[str, Attempt]:
        return {each.id: each for each in await self._by_id(Attempt, attempts, ids)}

    async def contacts_by_id(self, ids: Collection[str]) -> Mapping[str, Contact]:
        return {each.id: each for each in await self._by_id(Contact, contacts, ids)}

    async def _by_id(self, kind: type[Value], table: Table, ids: Collection[str]) -> Sequence[Value]:
        """Locked in the order of their ids: two workers with the same rows wait for each other in one direction."""
        if not ids:
            return []
        fields_of: Any = kind
        query = of_keys(table, fields_of, "id", self._writes)
        return await self._many(kind, query, {KEYS: list(ids)}, brief=len(ids) <= HANDFUL)

    async def calls_up(self, trunk: str) -> int:
        ours = or_(attempts.c.trunk == trunk, attempts.c.trunk.is_(None))
        up = select(func.count().label("n")).where(LIVE, attempts.c.channel == Channel.PHONE, ours)
        return int((await self._rows(up))[0]["n"])

    async def write_moves(self, moves: Moves) -> None:
        fenced = [_next_version(contact) for contact in moves.contacts]
        if await self._change(_SAVE_CONTACT, fenced) < len(fenced):
            raise StaleVersion("contact")
        await self._insert_many(attempts, [as_row(each) for each in moves.begun])
        if await self._change(_SAVE_ATTEMPT, [_keyed(as_row(each)) for each in moves.attempts]) < len(moves.attempts):
            raise NotFound("attempts")
        await self._insert_many(events, [as_row(each) for each in moves.events])
        await self._insert_many(outbox, [as_row(each) for each in moves.outbox])


def _keyed(row: dict[str, Any]) -> dict[str, Any]:
    """The row's id under the name that the statements below look for it."""
    return {"the_id": row["id"], **{name: value for name, value in row.items() if name != "id"}}


def _next_version(contact: Contact) -> dict[str, Any]:
    """All but the urgency, as `save_contact` writes it; the lease ends."""
    row = _keyed(as_row(contact))
    del row["urgency"]
    row |= {"the_version": contact.version, "version": contact.version + 1}
    return row | {"leased_until": None, "leased_by": None}


_SAVE_CONTACT = contacts.update().where(
    contacts.c.id == bindparam("the_id"), contacts.c.version == bindparam("the_version")
)
_SAVE_ATTEMPT = attempts.update().where(attempts.c.id == bindparam("the_id"))
