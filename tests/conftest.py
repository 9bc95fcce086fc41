"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.database import Database, open_database
from storage.sealing import KeyRing
from tests.databases import Postgres, Sqlite, cluster


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    """SQLite files of this test session."""
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL cluster of this test session."""
    with cluster() as socket_folder:
        yield Postgres(socket_folder)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database, once SQLite and once PostgreSQL."""
    source: Sqlite | Postgres = request.getfixturevalue(request.param)
    return source.fresh()


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated, open database, once SQLite and once PostgreSQL."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def keys_text() -> str:
    """One new master key, as JAMIN_KEYS has it."""
    return KeyRing.make()


@pytest.fixture
def keys(keys_text: str) -> KeyRing:
    """A key ring of that key."""
    return KeyRing.from_text(keys_text)


@pytest.fixture
def sqlite_path(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'new.db'}"
