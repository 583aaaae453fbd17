"""Running statements of one transaction, and rows to values and back."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Delete,
    Executable,
    Insert,
    Row,
    RowMapping,
    Select,
    Table,
    Update,
    bindparam,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from agent.store.errors import translate
from agent.store.ports import NotFound
from agent.store.sql.copying import WORTH_IT, copy_in
from agent.store.sql.line import Given, Line, ServerLine
from agent.store.sql.sight import DEPARTMENT, within_sight

Value = TypeVar("Value")
Change = Insert | Update | Delete
KEY = "the_key"  # the parameter of a statement about one row
KEYS = "the_keys"  # the parameter of a statement about many rows: a list
LIMIT = "the_limit"
HANDFUL = 8  # so many rows by their keys are brief: each may be a read of the disk


def columns(table: Table, kind: type[Any]) -> list[ColumnElement[Any]]:
    """The table's columns that carry the fields of a dataclass, in the fields' order."""
    return [table.c[field.name] for field in fields(kind)]


def as_row(value: Any) -> dict[str, Any]:
    """A flat dataclass as a row of columns with the same names."""
    return {name: getattr(value, name) for name in _names(value.__class__)}


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


# Statements that every turn runs are built once: to build one and to know it again costs more than to run it.


@cache
def of_key(table: Table, kind: Any, key: str, held: bool) -> Select[Any]:
    query = select(*columns(table, kind)).where(table.c[key] == bindparam(KEY))
    return holding(query, table) if held else query


@cache
def of_keys(table: Table, kind: Any, key: str, held: bool = False) -> Select[Any]:
    """In the keys' order."""
    query = select(*columns(table, kind)).where(among(table.c[key])).order_by(table.c[key])
    return holding(query, table) if held else query


def among(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """That the column is one of KEYS."""
    return column.in_(bindparam(KEYS, expanding=True))


def holding(query: Select[Any], table: Table) -> Select[Any]:
    """PostgreSQL: FOR NO KEY UPDATE. SQLite holds the whole database already and ignores it."""
    return query.with_for_update(key_share=True, of=table)


@cache
def inserting(table: Table) -> Insert:
    return table.insert()


@cache
def updating(table: Table, key: str = "id") -> Update:
    """Sets the columns that are among the parameters."""
    return table.update().where(table.c[key] == bindparam(KEY))


class Statements:
    """One connection inside one transaction. `writes` says that rows read by id are to be held; `sees` is the
    department whose patients alone exist for it, None for everybody's.

    `brief`: a handful of rows by a key or an index, and nothing that grows (agent/store/sql/line.py)."""

    def __init__(self, line: Line, *, writes: bool, sees: str | None = None) -> None:
        self._line = line
        self._writes = writes
        self._sees = sees

    async def _rows(self, statement: Executable, given: Given = None, *, brief: bool = False) -> Sequence[RowMapping]:
        """By the names of their columns."""
        return [row._mapping for row in await self._tuples(statement, given, brief=brief)]

    async def _tuples(self, statement: Executable, given: Given = None, *, brief: bool = False) -> Sequence[Row[Any]]:
        """By the places of their columns, which is quicker."""
        if self._sees is not None:
            statement, given = within_sight(statement), {**_one_set(given), DEPARTMENT: self._sees}
        try:
            return await self._line.rows(statement, given, brief=brief)
        except SQLAlchemyError as error:
            raise translate(error) from None

    async def _change(self, statement: Change, given: Given = None, *, brief: bool = False) -> int:
        """Runs a write, once for each set of parameters where several are given; returns the number of rows touched."""
        if given is not None and not given:
            return 0
        try:
            return await self._line.change(statement, given, brief=brief)
        except SQLAlchemyError as error:
            raise translate(error) from None

    async def _add(self, table: Table, *rows: Mapping[str, Any]) -> None:
        """A few new rows; all name the same columns."""
        if rows:
            await self._change(inserting(table), rows[0] if len(rows) == 1 else rows, brief=True)

    async def _insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Many new rows by the database's fastest way."""
        if isinstance(self._line, ServerLine) and len(rows) >= WORTH_IT and self._writes:
            await copy_in(self._line.connection, table, rows)
        else:
            await self._change(table.insert(), rows)

    async def _known(self, kind: type[Value], table: Table, value: object, key: str = "id") -> Value | None:
        """The value of the row with this key, held until commit in a write transaction."""
        fields_of: Any = kind
        rows = await self._rows(of_key(table, fields_of, key, self._writes), {KEY: value}, brief=True)
        return kind(**rows[0]) if rows else None

    async def _by_key(self, kind: type[Value], table: Table, value: object, key: str = "id") -> Value:
        """As `_known`. Raises NotFound."""
        found = await self._known(kind, table, value, key)
        if found is None:
            raise NotFound(table.name)
        return found

    async def _found(self, kind: type[Value], table: Table, *where: ColumnElement[bool]) -> Value | None:
        """The value of the one row that fits, held until commit in a write transaction."""
        rows = await self._rows(self._held(select(*columns(table, kind)).where(*where), table), brief=True)
        return kind(**rows[0]) if rows else None

    async def _many(
        self, kind: type[Value], statement: Executable, given: Given = None, *, brief: bool = False
    ) -> list[Value]:
        rows, value_class = await self._tuples(statement, given, brief=brief), cast(Any, kind)
        if rows and rows[0]._fields == _names(value_class):
            return [kind(*row) for row in rows]
        return [kind(**row._mapping) for row in rows]

    async def _save(self, table: Table, value: Any, key: str = "id") -> None:
        """Writes over the row with the value's key. Raises NotFound."""
        if await self._change(updating(table, key), {**as_row(value), KEY: getattr(value, key)}, brief=True) == 0:
            raise NotFound(table.name)

    def _held(self, query: Select[Any], table: Table) -> Select[Any]:
        return holding(query, table) if self._writes else query


def _one_set(given: Given) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}
