"""The whole program as a worker's phone shows it; with SCREENSHOTS=1 the pictures in the documents are taken anew."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.app import bound, running
from bot.clock import Clock
from bot.settings import Settings
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.asyncio(loop_scope="session")

PICTURES = Path(__file__).parent.parent.parent / "docs" / "screenshots"
MOMENT = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
"""While the discounts run; always the same, so that a picture changes only where the page does."""


@pytest_asyncio.fixture(loop_scope="session")
async def demo(tmp_path: Path) -> AsyncIterator[str]:
    """Run the demo and give its address."""
    settings = Settings(home=tmp_path, mode="demo", backend="reference")
    async with running(settings, Clock(MOMENT), bound("127.0.0.1", 0)) as jamin:
        yield jamin.root


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser) -> AsyncIterator[Page]:
    """Give a phone with a fine screen."""
    context = await browser.new_context(viewport=PHONE, device_scale_factor=2)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


async def test_rider_sees_the_price(demo: str, phone: Page) -> None:
    """A rider who opens the demo is told the price after five answers."""
    await phone.goto(demo)
    await phone.get_by_role("button", name="Saya sendiri").click()
    await type_in(phone, "narik ojol", under="Kurir")
    await phone.get_by_role("button", name="Pelanggan/usaha sendiri").click()
    await phone.get_by_role("button", name="18–64 th").click()
    await type_in(phone, "kira-kira 1,7 juta", under="Di atas")
    await expect(phone.get_by_role("button", name="JKK + JKM + JHT")).to_be_visible()
    await picture(phone, "chat-phone")


async def type_in(phone: Page, text: str, *, under: str) -> None:
    """Type an answer once the question with this button is there."""
    await expect(phone.get_by_role("button", name=under)).to_be_visible()
    await phone.get_by_role("textbox").fill(text)
    await phone.keyboard.press("Enter")


async def picture(page: Page, name: str) -> None:
    """Take a picture for the documents, if pictures are wanted."""
    if os.environ.get("SCREENSHOTS"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
