"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from bot.tuning import spare_the_collector
from storage.database import Database, open_database
from storage.sealing import KeyRing
from tests.databases import Postgres, Sqlite, cluster

# How long an example takes is the machine's business: speed is measured in `make bench`, never asserted.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

TESTS = Path(__file__).parent
SLOW = tuple(str(TESTS / name) for name in ("test_crash", "e2e", "contracts", "simulation", "ktp", "browser"))
"""What starts whole programs: begun first, so that none of it is left running alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring forward what takes long; the order within is kept."""
    items.sort(key=lambda item: not str(item.path).startswith(SLOW))


def pytest_collection_finish() -> None:
    """Thousands of tests would otherwise have what is loaded for all of them looked through again and again."""
    spare_the_collector()


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
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh, migrated database, once SQLite and once PostgreSQL."""
    source: Sqlite | Postgres = request.getfixturevalue(request.param)
    with source.lent() as url:
        yield url


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
