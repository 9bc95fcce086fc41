"""The whole program in this process, on both databases, with the embedded reference backend."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog

from bot import logs
from bot.app import Jamin, running
from bot.clock import Clock
from bot.settings import Settings
from bot.web_app import bound
from tests.shell.worker import Worker


@pytest.fixture(autouse=True)
def logs_stay_where_they_are(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command run in this process must not send the logs of all later tests to the stderr it was given."""
    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)
    monkeypatch.setattr(logs, "set_up", lambda *, quiet=False: structlog.configure(wrapper_class=silent))
    yield
    structlog.reset_defaults()


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
