"""Many new rows at once: PostgreSQL's COPY, several times as fast as one INSERT a row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Dialect, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.store.errors import translate

WORTH_IT = 20  # rows; below that INSERT is as fast


async def copy_in(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inside the connection's transaction. All rows name the same columns. Raises StoreError."""
    names = list(rows[0])
    statement = copying(table, names)
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    try:
        async with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in bound(connection.dialect, table, names, rows):
                await copy.write_row(row)
    except psycopg.Error as error:
        raise translate(DBAPIError("COPY", None, error)) from None


def copying(table: Table, names: Sequence[str]) -> sql.Composed:
    fields = sql.SQL(", ").join(map(sql.Identifier, names))
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), fields)


def bound(
    dialect: Dialect, table: Table, names: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> Iterator[list[Any]]:
    """Values as the columns' types give them to the driver."""
    binds = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    for row in rows:
        yield [_plain(bind(row[name]) if bind else row[name]) for bind, name in zip(binds, names, strict=True)]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
