"""Operators at their screens: tabs signed in at a desk over the real core, each in a browser context of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.desk.room import Say
from bot.web_app import saying
from bot.wording import load_speech
from conversations.messages import Address, Incoming, Text
from storage.database import open_database
from storage.operators import Operator, keep_operator
from storage.sealing import KeyRing
from tests.browser.conftest import DESKTOP
from tests.desk.office import _CHEAP, CHOSEN, Office, open_office

NARROW = {"width": 390, "height": 844}
SPOKEN: Say = saying(load_speech())
"""The catalogue as operators read it."""


class Desk:
    """A desk that can be closed and opened again on the same database and port, and the screens in front of it."""

    def __init__(self, browser: Browser, url: str, keys: KeyRing, options: dict[str, Any]) -> None:
        self._browser = browser
        self._url = url
        self._keys = keys
        self._options = options
        self._contexts: list[BrowserContext] = []
        self._stack: Any = None
        self._said = 0
        self.office: Office
        self.faults: list[str] = []

    async def open(self, port: int | None = None) -> None:
        """Open the desk's doors."""
        self._database = open_database(self._url)
        self._stack = open_office(self._database, self._keys, port=port, **self._options)
        self.office = await self._stack.__aenter__()

    async def close(self) -> None:
        """End the program; the screens stay."""
        await self._stack.__aexit__(None, None, None)
        await self._database.close()

    async def restart(self) -> None:
        """Stop the program and start it again where it was."""
        port = self.office.server.port
        await self.close()
        await self.open(port)

    def cut(self) -> None:
        """Cut every connection without a goodbye."""
        assert self.office.server.handler
        for connection in self.office.server.handler.connections:
            if connection.transport:
                connection.transport.abort()

    # --- the workers -------------------------------------------------------------------------------------------------

    async def says(self, worker: str, *texts: str) -> None:
        """Let a worker type."""
        for text in texts:
            self._said += 1
            incoming = Incoming(Address("web", "jamin", worker), f"screen-{self._said}", Text(text))
            await self.office.turns.take(incoming)

    async def wait_for(self, *workers: str) -> None:
        """Let workers come who want to talk to somebody."""
        for worker in workers:
            await self.says(worker, "halo", "mau ngomong sama orang")

    # --- the operators -----------------------------------------------------------------------------------------------

    async def hire(self, name: str, role: str = "operator") -> None:
        """Give somebody an account."""
        operator = Operator(name, name, _CHEAP.hash(CHOSEN), role, must_change=False)
        async with self.office.database.write() as connection:
            await keep_operator(connection, operator, self.office.clock())

    async def sit(self, name: str, role: str = "operator", path: str = "", **device: Any) -> Page:
        """Let somebody new sign in at a screen of their own and open a page; faults of its scripts are collected."""
        await self.hire(name, role)
        context = await self._browser.new_context(**{"viewport": DESKTOP, **device})
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if "Content Security" in said.text else None)
        await page.goto(self.address("/masuk"))
        await page.locator("#name").fill(name)
        await page.locator("#password").fill(CHOSEN)
        await page.keyboard.press("Enter")
        await expect(page.locator("nav#menu")).to_be_attached()
        if path:
            await page.goto(self.address(path))
        return page

    def address(self, path: str) -> str:
        """Return where a page of the desk is."""
        return str(self.office.server.make_url("/desk" + path))

    async def leave(self) -> None:
        """Put the screens away."""
        for context in self._contexts:
            await context.close()


@asynccontextmanager
async def desk(browser: Browser, url: str, keys: KeyRing, **options: Any) -> AsyncIterator[Desk]:
    """Open a desk; what its pages' scripts did wrong fails the test."""
    opened = Desk(browser, url, keys, {"say": SPOKEN, **options})
    await opened.open()
    try:
        yield opened
    finally:
        await opened.leave()
        await opened.close()
    assert opened.faults == []


async def fits(page: Page) -> bool:
    """Whether nothing on the page reaches beyond the sides of the screen."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


async def accessibility_faults(page: Page) -> list[str]:
    """Check a page against WCAG 2.2 AA with axe; return the rules it breaks and where."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found.response["violations"] for node in fault["nodes"]]
