"""A site with nothing but the web chat, over a door in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web import Asked, Languages, add_web_chat
from bot.channels.web.identity import OWN
from conversations.messages import Address
from tests.browser.memory_door import MemoryDoor, key_and_values

ASKED = Asked(Address("telegram", "jamin", "7"), 12)
Site = TestClient[web.Request, web.Application]


def in_english(key: str, /, **values: object) -> str:
    """Stand in for a second catalogue."""
    return f"en:{key_and_values(key, **values)}"


SAYING = {"id": key_and_values, "en": in_english}
LANGUAGES = Languages(tuple(SAYING), SAYING.__getitem__)


async def find_asked(token: str) -> Asked | None:
    """Know one token."""
    return ASKED if token == "good" else None


@asynccontextmanager
async def site(door: MemoryDoor, *, demo: bool = True, secure: bool = False) -> AsyncIterator[Site]:
    """Serve the web chat and give a client with its own cookies."""
    app = web.Application()
    add_web_chat(app, door, demo=demo, languages=LANGUAGES, find_asked=find_asked, secure=secure)
    async with TestClient(TestServer(app)) as client:
        yield client


def cookie(client: Site) -> str:
    """Return the chat's secret on this device."""
    return client.session.cookie_jar.filter_cookies(client.make_url("/"))[OWN.cookie].value


def origin(client: Site) -> dict[str, str]:
    """Return the header that our own pages send."""
    return {"Origin": str(client.make_url("/")).rstrip("/")}


async def socket(client: Site) -> ClientWebSocketResponse:
    """Open the websocket as our page does."""
    return await client.ws_connect("/chat/ws", headers=origin(client))
