"""Two whole programs on one PostgreSQL, as behind a load balancer."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from bot.app import bound, running
from bot.clock import Clock
from bot.settings import Settings
from conversations.messages import Address, Incoming, Text
from storage.sealing import KeyRing
from tests.databases import Postgres
from tests.e2e.chatting import WebWorker


@pytest.fixture
def settings(postgres: Postgres, tmp_path: Path) -> Settings:
    """What both are given."""
    return Settings(mode="demo", home=tmp_path, backend="manual", database_url=postgres.fresh(), keys=KeyRing.make())


async def test_a_page_shows_at_once_what_the_other_process_wrote(settings: Settings) -> None:
    """A page open at one process gets the line that the other one committed, without asking again."""
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(running(settings, Clock(), bound("127.0.0.1", 0))) for _ in range(2)
        ]
        jar = aiohttp.CookieJar(unsafe=True)
        http = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
        page = await WebWorker.open(http, one.root)
        await other.turns.take(Incoming(Address("web", "jamin", page.chat), "1", Text("bantuan petugas dong")))
        lines = len(page.lines)
        while len(page.lines) < lines + 2:
            await page.hear()
        await page.close()
    assert [line["from"] for line in page.lines.values()][-2:] == ["me", "us"]
