"""Pictures in the chat page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.papers.drawing import Words, draw
from conversations.messages import Message
from tests.browser.conftest import ServeChat
from tests.browser.test_web_chat import fits, open_chat

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATH = "/gambar/token"


async def test_a_picture_stands_above_its_words_with_a_document_to_keep(tab: Page, serve: ServeChat) -> None:
    """The picture fits the phone, says what it is to who cannot see it, and leads to the PDF."""
    site, drawn = await serve(), draw(Words("Bukti status", ("Nama: Siti",), ()))
    await tab.route(f"**{PATH}.png", lambda route: route.fulfill(body=drawn.png, content_type="image/png"))
    await open_chat(tab, site)
    site.door.add(site.door.address, "us", Message("Bukti status di Jamin"), picture=PATH)
    await expect(tab.get_by_alt_text("web.js.picture")).to_be_visible()
    await expect(tab.get_by_role("link", name="web.js.pdf")).to_have_attribute(
        "href", f"{site.url.rstrip('/')}{PATH}.pdf"
    )
    assert await fits(tab)


async def test_a_picture_that_is_gone_leaves_its_words(tab: Page, serve: ServeChat) -> None:
    """Where the address has had its time only the words stay."""
    site = await serve()
    await tab.route(f"**{PATH}.png", lambda route: route.fulfill(status=410))
    await open_chat(tab, site)
    site.door.add(site.door.address, "us", Message("Bukti status di Jamin"), picture=PATH)
    await expect(tab.get_by_text("Bukti status di Jamin")).to_be_visible()
    await expect(tab.locator(".picture")).to_have_count(0)
