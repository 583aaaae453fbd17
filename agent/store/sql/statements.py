"""Running statements of one transaction, and rows to values and back."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Delete, Executable, Insert, RowMapping, Select, Table, Update, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.store.errors import translate
from agent.store.ports import NotFound
from agent.store.sql.copying import WORTH_IT, copy_in
from agent.store.sql.sight import DEPARTMENT, within_sight

Value = TypeVar("Value")
Change = Insert | Update | Delete


def columns(table: Table, kind: type[Any]) -> list[ColumnElement[Any]]:
    """The table's columns that carry the fields of a dataclass, in the fields' order."""
    return [table.c[field.name] for field in fields(kind)]


def as_row(value: Any) -> dict[str, Any]:
    """A flat dataclass as a row of columns with the same names."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


class Statements:
    """One connection inside one transaction. `writes` says that rows read by id are to be held; `sees` is the
    department whose patients alone exist for it, None for everybody's."""

    def __init__(self, connection: AsyncConnection, *, writes: bool, sees: str | None = None) -> None:
        self._connection = connection
        self._writes = writes
        self._sees = sees

    async def _rows(self, statement: Executable) -> Sequence[RowMapping]:
        sight: dict[str, Any] | None = None
        if self._sees is not None and isinstance(statement, Select):
            statement, sight = within_sight(statement), {DEPARTMENT: self._sees}
        try:
            result = await self._connection.execute(statement, sight)
        except SQLAlchemyError as error:
            raise translate(error) from None
        return result.mappings().all()

    async def _change(self, statement: Change, rows: Sequence[Mapping[str, Any]] | None = None) -> int:
        """Runs a write, once for each of `rows` where given; returns the number of rows touched."""
        if rows is not None and not rows:
            return 0
        try:
            result = await self._connection.execute(statement, rows)
        except SQLAlchemyError as error:
            raise translate(error) from None
        return result.rowcount

    async def _insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Many new rows by the database's fastest way."""
        if self._connection.dialect.name == "postgresql" and len(rows) >= WORTH_IT and self._writes:
            await copy_in(self._connection, table, rows)
        else:
            await self._change(table.insert(), rows)

    async def _found(self, kind: type[Value], table: Table, *where: ColumnElement[bool]) -> Value | None:
        """The value of the one row that fits, held until commit in a write transaction."""
        rows = await self._rows(self._held(select(*columns(table, kind)).where(*where), table))
        return kind(**rows[0]) if rows else None

    async def _one(self, kind: type[Value], table: Table, *where: ColumnElement[bool]) -> Value:
        found = await self._found(kind, table, *where)
        if found is None:
            raise NotFound(table.name)
        return found

    async def _many(self, kind: type[Value], statement: Executable) -> list[Value]:
        return [kind(**row) for row in await self._rows(statement)]

    async def _overwrite(self, table: Table, key: ColumnElement[bool], value: Any) -> None:
        if await self._change(table.update().where(key).values(as_row(value))) == 0:
            raise NotFound(table.name)

    def _held(self, statement: Select[Any], table: Table) -> Select[Any]:
        """PostgreSQL: FOR NO KEY UPDATE. SQLite holds the whole database already and ignores it."""
        return statement.with_for_update(key_share=True, of=table) if self._writes else statement
