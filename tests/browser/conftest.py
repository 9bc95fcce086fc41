"""One real browser for all tests of pages, and a site for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.channels.web import add_web_chat
from tests.browser.memory_door import MemoryDoor
from tests.channels.web_site import LANGUAGES, find_asked

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}

PATIENCE = 20_000
"""Milliseconds after which what a page should show counts as missing; a machine that does much else is slow."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--accept-lang=id-ID",
]
"""The last one is a phone set to Indonesian."""


def chromium() -> str | None:
    """Find the browser."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium once; a machine without it fails, since a page nobody has looked at is not tested."""
    executable = chromium()
    if not executable:
        pytest.fail("Chromium is missing: apt-get install chromium, or set CHROMIUM to its path", pytrace=False)
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield launched
        await launched.close()


class WebSite(NamedTuple):
    """A running site: its door, its address, and its open websockets to be cut."""

    door: MemoryDoor
    url: str
    server: TestServer

    def cut(self) -> None:
        """Cut every connection without a goodbye, as a tunnel does to a phone."""
        assert self.server.handler
        for connection in self.server.handler.connections:
            if connection.transport:
                connection.transport.abort()


ServeChat = Callable[..., Awaitable[WebSite]]


@pytest_asyncio.fixture(loop_scope="session")
async def serve() -> AsyncIterator[ServeChat]:
    """Serve the web chat with the given door and options."""
    servers: list[TestServer] = []

    async def serve_chat(door: MemoryDoor | None = None, *, demo: bool = True, kiosk_idle: float = 180.0) -> WebSite:
        app = web.Application()
        door = door or MemoryDoor()
        add_web_chat(app, door, demo=demo, languages=LANGUAGES, find_asked=find_asked, kiosk_idle=kiosk_idle)
        server = TestServer(app)
        await server.start_server()
        servers.append(server)
        return WebSite(door, str(server.make_url("/")), server)

    yield serve_chat
    for server in servers:
        await server.close()


@pytest_asyncio.fixture(loop_scope="session")
async def device(browser: Browser) -> AsyncIterator[BrowserContext]:
    """Give a device of its own to each test: a phone of 360 pixels with a keyboard's focus ways."""
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def tab(device: BrowserContext) -> AsyncIterator[Page]:
    """Give one tab that fails the test if the page's script fails or breaks the policy."""
    faults: list[str] = []
    page = await device.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert faults == []


@pytest_asyncio.fixture(loop_scope="session")
async def browser_without_script(browser: Browser) -> AsyncIterator[Page]:
    """Give a tab in which no script runs."""
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    yield await context.new_page()
    await context.close()
