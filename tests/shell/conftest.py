"""The whole program in this process, on both databases, with the embedded reference backend."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app import Jamin, bound, running
from bot.clock import Clock
from bot.settings import Settings
from tests.shell.worker import Worker


@pytest.fixture
def clock() -> Clock:
    """A clock that begins on a November afternoon in Jakarta."""
    return Clock(dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC))


@pytest_asyncio.fixture
async def jamin(database_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Jamin]:
    """The running program in demo mode."""
    settings = Settings(mode="demo", home=tmp_path / "home", database_url=database_url)
    async with running(settings, clock, bound("127.0.0.1", 0)) as parts:
        yield parts


@pytest.fixture
def worker(jamin: Jamin, clock: Clock) -> Worker:
    """A worker's chat."""
    return Worker(jamin, clock)
