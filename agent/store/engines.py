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
        return parsed.set(drivername="sqlite+pysqlite")
    if family == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError(f"database {family!r} is not supported: use sqlite:///path or postgresql+psycopg://…")


def is_file(url: str) -> bool:
    """Whether it is SQLite's. Raises ValueError for a database that is not supported."""
    return normal(url).get_backend_name() == "sqlite"


def sync_engine(url: str) -> Engine:
    """For migrations: one connection, one transaction."""
    parsed = normal(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed, hide_parameters=True)
    engine = create_engine(parsed, hide_parameters=True)
    _prepare_sqlite(engine, begin="BEGIN IMMEDIATE", query_only=False)
    return engine


def postgres_engines(url: str) -> tuple[AsyncEngine, AsyncEngine]:
    """(writer, reader)."""
    engine = create_async_engine(
        normal(url),
        hide_parameters=True,
        pool_size=POSTGRES_CONNECTIONS,
        max_overflow=POSTGRES_CONNECTIONS,
        pool_pre_ping=True,
        connect_args={"options": POSTGRES_OPTIONS},
    )
    return engine, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def sqlite_engines(url: str) -> tuple[Engine, Engine]:
    """(writer, reader). Their connections are lent without limit: who may write stands in a queue before them, and a
    wait here would stop the event loop."""
    writer = create_engine(normal(url), hide_parameters=True, pool_size=1, max_overflow=-1)
    _prepare_sqlite(writer, begin="BEGIN IMMEDIATE", query_only=False)
    reader = create_engine(normal(url), hide_parameters=True, pool_size=READERS, max_overflow=-1)
    _prepare_sqlite(reader, begin="BEGIN", query_only=True)
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
    if is_file(url) and parsed.database:
        path = Path(parsed.database)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)


def missing_file(url: str) -> Path | None:
    """Where a SQLite file should be and is not: opening it would make an empty one that everybody may read."""
    database = normal(url).database
    path = Path(database) if is_file(url) and database else None
    return path if path is not None and not path.exists() and str(path) != ":memory:" else None
