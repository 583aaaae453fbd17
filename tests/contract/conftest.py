"""The store in its three forms; every test of this folder that asks for `store` runs on each."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from agent.store.engines import sync_engine
from agent.store.open import migrate, open_store
from agent.store.ports import Store
from agent.store.tables import metadata
from tests.fakes.memory_store import MemoryStore
from tests.fakes.postgres import running_postgres

SQL = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with running_postgres() as url:
        migrate(url)
        yield url


@pytest.fixture(params=SQL)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An up-to-date database with nothing in it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'suifang.db'}"
        migrate(url)
        return url
    return emptied(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=("memory", *SQL))
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'suifang.db'}"
        migrate(url)
    else:
        url = emptied(request.getfixturevalue("postgres_url"))
    opened = await open_store(url)
    yield opened
    await opened.close()


def emptied(url: str) -> str:
    engine = sync_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE"))
    engine.dispose()
    return url
