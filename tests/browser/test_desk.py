"""The desk in a real browser, over the real core."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from storage.database import open_database
from storage.sealing import KeyRing
from tests.browser.conftest import DESKTOP
from tests.databases import Sqlite
from tests.desk.office import CHOSEN, Office, open_office

pytestmark = pytest.mark.asyncio(loop_scope="session")

NARROW = {"width": 390, "height": 844}

Opened = Callable[..., AbstractAsyncContextManager[Office]]


@pytest.fixture
def opened(sqlite: Sqlite, keys: KeyRing) -> Opened:
    """Opens a desk; keywords go to `open_office`."""

    @asynccontextmanager
    async def opened(**options: bool) -> AsyncIterator[Office]:
        database = open_database(sqlite.fresh())
        async with open_office(database, keys, **options) as office:  # type: ignore[arg-type]
            yield office
        await database.close()

    return opened


@pytest_asyncio.fixture(params=[NARROW, DESKTOP], ids=["narrow", "wide"], loop_scope="session")
async def screen(request: pytest.FixtureRequest, browser: Browser) -> AsyncIterator[Page]:
    """Give a tab of each width that runs no script and fails the test if a page breaks its policy."""
    faults: list[str] = []
    context = await browser.new_context(viewport=request.param, java_script_enabled=False)
    context.set_default_timeout(10_000)
    page = await context.new_page()
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    await context.close()
    assert faults == []


async def sign_in(screen: Page, office: Office) -> None:
    """Make an operator and sign in with the keyboard alone."""
    await office.begin()
    await screen.goto(str(office.client.make_url("/desk")))
    await expect(screen.get_by_label("desk.sign_in.name")).to_be_focused()
    await screen.keyboard.type("sari")
    await screen.keyboard.press("Tab")
    await screen.keyboard.type(CHOSEN)
    await screen.keyboard.press("Enter")
    await expect(screen.get_by_role("heading", name="desk.cases")).to_be_visible()


async def fits(screen: Page) -> bool:
    """Whether nothing reaches beyond the sides of the screen."""
    box = await screen.locator("html").bounding_box()
    viewport = screen.viewport_size
    assert box
    assert viewport
    widest = [await part.bounding_box() for part in await screen.locator("main *:visible").all()]
    return all(one["x"] + one["width"] <= viewport["width"] for one in (box, *filter(None, widest)))


async def test_a_case_is_read_answered_and_closed(screen: Page, opened: Opened) -> None:
    """An operator signs in, opens the oldest case, answers, and closes it; the worker hears both."""
    async with opened() as office:
        await office.worker("halo", "petugas", "saya mau tanya soal 3273 0117 0890 0001")
        await sign_in(screen, office)
        await screen.get_by_role("link", name="desk.case.name 1").click()
        await expect(screen.get_by_text("saya mau tanya soal ••••001")).to_be_visible()
        assert await fits(screen)
        await screen.get_by_label("desk.reply", exact=True).fill("Silakan, Kak.")
        await screen.get_by_role("button", name="desk.reply.send").click()
        await expect(screen.locator(".news")).to_have_text("desk.news.replied")
        await expect(screen.locator(".staff .words")).to_have_text("Sari (petugas): Silakan, Kak.")
        assert office.heard[-1] == "Sari (petugas): Silakan, Kak."
        await screen.get_by_role("button", name="desk.case.close").click()
        await expect(screen.locator(".news")).to_have_text("desk.news.closed")
        assert "Petugas sudah selesai membantu." in office.heard[-1]
        await screen.get_by_role("link", name="desk.queue").click()
        await expect(screen.get_by_text("desk.cases.none")).to_be_visible()


async def test_an_enrolment_is_keyed_in(screen: Page, opened: Opened) -> None:
    """An operator reveals the data, records number and bill, then the payment."""
    async with opened(manual=True) as office:
        enrolment = await office.waiting_enrolment()
        await sign_in(screen, office)
        await screen.get_by_role("link", name="desk.work").click()
        await screen.get_by_role("link", name=enrolment.id[:8]).click()
        await screen.get_by_label("desk.reveal.why").select_option("entering")
        await screen.get_by_role("button", name="desk.reveal desk.data.nik").click()
        await expect(screen.get_by_text("3273011708900001")).to_be_visible()
        assert await fits(screen)
        await screen.get_by_label("desk.record.kpj").fill("26110000017")
        await screen.get_by_label("desk.record.code").fill("880812345678")
        await screen.get_by_label("desk.record.total").fill("12.400")
        await screen.get_by_label("desk.record.expires").fill("2026-11-24")
        await screen.get_by_role("button", name="desk.accept.save").click()
        await expect(screen.locator(".news")).to_have_text("desk.news.recorded")
        assert "26110000017" in office.heard[-1]
        await screen.get_by_role("button", name="desk.bill.paid").click()
        await expect(screen.get_by_text("desk.bill.none")).to_be_visible()
        assert "Pembayaran" in office.heard[-1]
