"""Database engines by URL, with what each database needs to lose nothing."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 30
READERS = 8
POSTGRES_CONNECTIONS = 20
# Nobody waits for a row for ever, and a process that hangs in mid-transaction lets go of what it holds.
POSTGRES_OPTIONS = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"


def normal(url: str) -> URL:
    """`sqlite:///path` or `postgresql://…` with our driver; raises ValueError for any other database."""
    parsed = make_url(url)
    family = parsed.get_backend_name()
    if family == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("SQLite needs a file: sqlite:///path/to/suifang.db")
        return parsed.set(drivername="sqlite+aiosqlite")
    if family == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError(f"database {family!r} is not supported: use sqlite:///path or postgresql+psycopg://…")


def sync_engine(url: str) -> Engine:
    """For migrations: one connection, one transaction."""
    parsed = normal(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed, hide_parameters=True)
    engine = create_engine(parsed.set(drivername="sqlite"), hide_parameters=True)
    _prepare_sqlite(engine, begin="BEGIN IMMEDIATE", query_only=False)
    return engine


def async_engines(url: str) -> tuple[AsyncEngine, AsyncEngine]:
    """(writer, reader)."""
    parsed = normal(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_async_engine(
            parsed,
            hide_parameters=True,
            pool_size=POSTGRES_CONNECTIONS,
            max_overflow=POSTGRES_CONNECTIONS,
            pool_pre_ping=True,
            connect_args={"options": POSTGRES_OPTIONS},
        )
        reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return engine, reader
    # One writing connection: those who wait stand in a queue of ours instead of polling SQLite's lock.
    writer = create_async_engine(parsed, hide_parameters=True, pool_size=1, max_overflow=0, pool_timeout=BUSY_SECONDS)
    _prepare_sqlite(writer.sync_engine, begin="BEGIN IMMEDIATE", query_only=False)
    reader = create_async_engine(parsed, hide_parameters=True, pool_size=READERS, max_overflow=READERS)
    _prepare_sqlite(reader.sync_engine, begin="BEGIN", query_only=True)
    return writer, reader


def _prepare_sqlite(engine: Engine, *, begin: str, query_only: bool) -> None:
    """The driver's own transaction handling is switched off: it would begin too late and lose updates."""

    @event.listens_for(engine, "connect")
    def connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        raw: Any = connection
        raw.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # an answer once acknowledged survives a power cut
        cursor.execute("PRAGMA foreign_keys = ON")
        if query_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def began(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def make_file(url: str) -> None:
    """A SQLite file and its folder, made where missing; patients' data is for the owner's eyes."""
    parsed = normal(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        path = Path(parsed.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
