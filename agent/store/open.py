"""The two doors of this package: bring a database up to date, and open it."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from agent.store.engines import is_file, make_file, missing_file, postgres_engines, sqlite_engines, sync_engine
from agent.store.errors import translate
from agent.store.ports import SchemaMismatch
from agent.store.screens import ScreenStore
from agent.store.sql.doors import ServerDoor
from agent.store.sql.file_door import FileDoor
from agent.store.sql.store import SqlStore

MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 7_219_402  # any number, the same for every process that migrates


def migrate(url: str) -> None:
    """Creates or upgrades the tables in one transaction; two processes at once are safe. Blocking: call it before
    the event loop runs, or in a thread. Raises StoreError."""
    make_file(url)
    engine = sync_engine(url)
    config = migration_config()
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except SQLAlchemyError as error:
        raise translate(error) from None
    finally:
        engine.dispose()


async def open_store(url: str) -> ScreenStore:
    """The store at `sqlite:///path` or `postgresql+psycopg://…`. Raises SchemaMismatch where `migrate` is due,
    Unavailable where the database cannot be reached, ValueError for another kind of database."""
    missing = missing_file(url)
    if missing is not None:
        raise SchemaMismatch(f"there is no database at {missing} yet: `./suifang serve` or `./suifang import` makes it")
    current = await asyncio.to_thread(_revision, url)
    if current != newest_revision():
        raise SchemaMismatch(f"the database is at revision {current}, the program at {newest_revision()}")
    if is_file(url):
        return SqlStore(FileDoor(*sqlite_engines(url)))
    return SqlStore(ServerDoor(*postgres_engines(url)))


def migration_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(migration_config()).get_current_head()


def _revision(url: str) -> str | None:
    """Raises StoreError."""
    engine = sqlite_engines(url)[1] if is_file(url) else sync_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise translate(error) from None
    finally:
        engine.dispose()
