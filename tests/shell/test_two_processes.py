"""Two whole programs on one PostgreSQL, as behind a load balancer."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from bot.app import Jamin, running
from bot.clock import Clock
from bot.settings import Settings
from bot.turns import Taken
from bot.web_app import bound
from conversations.asking import option_value
from conversations.messages import Address, Incoming, Tap, Text
from storage.sealing import KeyRing
from tests.databases import Postgres
from tests.e2e.chatting import WebWorker
from tests.storage.movers import CODE


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


async def test_a_page_hears_of_the_chat_that_moved_to_it(settings: Settings) -> None:
    """Whichever process moves a chat to where a page is open, the page shows what the other one commits there."""
    phone = Address("telegram", "700", "7")
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(running(settings, Clock(), bound("127.0.0.1", 0))) for _ in range(2)
        ]
        http = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
        page = await WebWorker.open(http, one.root)
        here = Address("web", "jamin", page.chat)
        code = await code_of_a_begun_enrolment(other, phone)
        await other.turns.take(Incoming(here, "code", Text(code)))
        await shows(page, code)
        await shows(page, "narik ojol")
        await other.turns.take(Incoming(here, "said there", Text("bantuan petugas dong")))
        await shows(page, "bantuan petugas dong")
        await page.close()


async def code_of_a_begun_enrolment(process: Jamin, address: Address) -> str:
    """Begin an enrolment at an address, and ask there for a code to go on elsewhere."""

    async def say(what: Text | Tap) -> Taken:
        return await process.turns.take(Incoming(address, str(uuid.uuid4()), what))

    begun = (await say(Text("halo"))).session
    assert begun is not None
    await say(Tap(option_value(begun.asking, "whom", "self")))
    await say(Text("narik ojol"))
    found = CODE.search((await say(Text("pindah"))).spoken[0].message.text)
    assert found is not None
    return found[0]


async def shows(page: WebWorker, text: str) -> None:
    """Wait until a page shows a line."""
    async with asyncio.timeout(20):
        while all(text not in line["text"] for line in page.lines.values()):
            await page.hear()
