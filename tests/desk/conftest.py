"""Desks for tests."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.desk import accounts
from storage.database import Database
from storage.sealing import KeyRing
from tests.databases import Postgres, Sqlite
from tests.desk.office import _CHEAP, Office, open_office


@pytest.fixture
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords hashed at no cost, where many are tried."""
    monkeypatch.setattr(accounts, "_HASHER", _CHEAP)
    accounts._nobodys.cache_clear()
    yield
    accounts._nobodys.cache_clear()


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database, for each test of the desk always of the same of the two kinds: the pages are many
    and differ in nothing there, and what they stand on is tested on both (`tests/storage`)."""
    turn = zlib.crc32(request.node.name.encode()) % 2
    source: Sqlite | Postgres = request.getfixturevalue(("sqlite", "postgres")[turn])
    return source.fresh()


@pytest_asyncio.fixture
async def office(database: Database, keys: KeyRing) -> AsyncIterator[Office]:
    """A desk in demo mode with a machine for a backend."""
    async with open_office(database, keys) as opened:
        yield opened


@pytest_asyncio.fixture
async def by_hand(database: Database, keys: KeyRing) -> AsyncIterator[Office]:
    """A desk in live mode whose operators key enrolments in."""
    async with open_office(database, keys, manual=True, demo=False) as opened:
        yield opened
