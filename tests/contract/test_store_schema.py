"""The migrations make exactly the tables the program believes in, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from agent.store.engines import sync_engine
from agent.store.open import migrate, newest_revision, open_store
from agent.store.ports import SchemaMismatch, Unavailable
from agent.store.tables import metadata
from tests.fakes.rows import NOON, add_people


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = sync_engine(database_url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_the_tables_are_what_the_migrations_make(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _compared})
    assert compare_metadata(context, metadata) == []


def _compared(_item: object, name: str, kind: str, _reflected: bool, _other: object) -> bool:
    """All but SQLite's full-text index, whose tables are its own affair, and PostgreSQL's index in its place, both held
    by the test below and by those of the search; and what procrastinate keeps for itself in the same database."""
    if "procrastinate" in name:
        return False
    return not (name.startswith("said_pairs") or (kind == "index" and name == "ix_said_pairs"))


def test_sqlite_says_the_same_word_for_word(tmp_path: Path) -> None:
    migrated, created = (f"sqlite:///{tmp_path / name}" for name in ("migrated.db", "created.db"))
    migrate(migrated)
    engine = sync_engine(created)
    with engine.begin() as connection:
        metadata.create_all(connection)
    engine.dispose()
    assert _sqlite_schema(migrated) == _sqlite_schema(created)


def _sqlite_schema(url: str) -> dict[str, list[str]]:
    """Each table's and index's definition as its sorted parts: SQLite writes an added column behind the others."""
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    engine = sync_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text(query)).all()
    engine.dispose()
    return {name: sorted(_parts(sql)) for name, sql in rows}


def _parts(sql: str) -> list[str]:
    """What stands between the outer brackets, cut at its own commas; what stands before and behind them."""
    head, _, rest = " ".join(sql.split()).partition("(")
    body, _, tail = rest.rpartition(")")
    parts, depth = [""], 0
    for char in body:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [head.strip(), tail.strip(), *(part.strip() for part in parts)]


async def test_migrating_again_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "suifang.db"
    url = f"sqlite:///{path}"
    migrate(url)
    assert path.stat().st_mode & 0o077 == 0
    store = await open_store(url)
    async with store.transaction() as records:
        await add_people(records)
    await store.close()
    migrate(url)
    store = await open_store(url)
    async with store.transaction() as records:
        assert len(await records.patients()) == 1
        assert len(await records.claim_due(now=NOON, lease_until=NOON, worker="w", limit=5)) == 1
    await store.close()


async def test_a_database_of_another_version_is_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    engine = sync_engine(url)
    engine.connect().close()
    engine.dispose()
    with pytest.raises(SchemaMismatch, match=f"None.*{newest_revision()}"):
        await open_store(url)


@pytest.mark.parametrize("url", ["sqlite://", "mysql://root@localhost/x", "sqlite:///:memory:"])
async def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///path"):
        await open_store(url)


async def test_a_database_out_of_reach_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await open_store("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable):
        migrate("postgresql+psycopg://nobody@127.0.0.1:1/none")
