"""Every page of the desk: for a screen reader, on a phone, in the dark; and the pictures that the documents show."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from storage.sealing import KeyRing
from tests.browser.conftest import DESKTOP
from tests.browser.desk_tabs import NARROW, Desk, accessibility_faults, desk, fits
from tests.databases import Sqlite
from tests.desk.crowd import crowd
from tests.desk.office import TO_THE_REVIEW

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENSHOTS = Path(__file__).parent.parent.parent / "docs" / "screenshots"
PAGES = {
    "queue": "",
    "case": "/kasus/1",
    "figures": "/pengawasan",
    "monitor": "/monitor",
    "replies": "/jawaban",
    "broadcasts": "/kabar",
    "reminders": "/pengingat",
    "search": "/cari",
    "dead": "/tertunda",
    "agents": "/agen",
    "organisations": "/wadah",
    "forms": "/formulir",
    "guide": "/panduan",
    "password": "/sandi",
}
SHOWN = ("queue", "case", "figures", "replies")
"""The pages whose pictures the documents show."""


@pytest_asyncio.fixture(loop_scope="session")
async def busy(browser: Browser, sqlite: Sqlite, keys: KeyRing) -> AsyncIterator[Desk]:
    """Give a desk on an ordinary morning: some wait, some were answered, one is being talked to."""
    async with desk(browser, sqlite.fresh(), keys) as opened:
        office = opened.office
        await office.worker(*TO_THE_REVIEW[:10], "mau ngomong sama orang", "NIK saya 3273 0117 0890 0001 kok ditolak?")
        await crowd(office, 12)
        office.clock.now += dt.timedelta(minutes=47)
        await office.begin("sari")
        page = await office.get("/desk/kasus/1")
        await office.post("/desk/kasus/1/ambil", page)
        await office.post("/desk/kasus/1/catat", page, note="Sudah dicek di kantor: namanya beda satu huruf.")
        for number, text in ((1, "Halo Kak Budi, saya cek dulu ya."), (3, "Baik, Kak. Silakan ke kantor terdekat.")):
            page = await office.get(f"/desk/kasus/{number}")
            await office.post(f"/desk/kasus/{number}/jawab", page, form=page.form, text=text)
        await office.post("/desk/kasus/3/tutup", page, resolution="answered")
        await office.worker("oke, ditunggu")
        yield opened


async def shoot(page: Page, name: str) -> None:
    """Take a picture for the documents, where they are asked for."""
    if os.environ.get("SCREENSHOTS"):
        await page.wait_for_timeout(300)
        await page.screenshot(path=SCREENSHOTS / f"desk-{name}.png")


@pytest.mark.parametrize(("scheme", "names"), [("light", tuple(PAGES)), ("dark", SHOWN)])
async def test_every_page_is_accessible(busy: Desk, scheme: str, names: tuple[str, ...]) -> None:
    """Nothing is wrong with any page for axe, nor with the colours of the dark, nor with the dialogs."""
    page = await busy.sit("dewi", "administrator", color_scheme=scheme)
    faults = {}
    for path in (PAGES[name] for name in names):
        await page.goto(busy.address(path))
        await expect(page.locator("h1").first).to_be_visible()
        faults[path] = await accessibility_faults(page)
    await page.goto(busy.address("/kasus/1"))
    for button, dialog in (("Tombol", "#keys"), ("Balasan siap pakai", "#canned")):
        await page.get_by_role("button", name=button, exact=True).click()
        await expect(page.locator(dialog)).to_be_visible()
        faults[dialog] = await accessibility_faults(page)
        await page.keyboard.press("Escape")
    assert {where: found for where, found in faults.items() if found} == {}


@pytest.mark.parametrize(("width", "device"), [("narrow", NARROW), ("wide", DESKTOP)])
async def test_no_page_is_wider_than_its_screen(busy: Desk, width: str, device: dict[str, int]) -> None:
    """At 390 and at 1280 pixels nothing has to be pushed sideways."""
    page = await busy.sit("dewi", "administrator", viewport=device)
    for name, path in PAGES.items():
        await page.goto(busy.address(path))
        await expect(page.locator("h1").first).to_be_visible()
        assert await fits(page), path
        if name in SHOWN:
            await shoot(page, f"{name}-{width}")


async def test_the_menu_opens_where_there_is_no_room(busy: Desk) -> None:
    """On a phone the menu is behind a button that says whether it is open."""
    page = await busy.sit("dewi", viewport=NARROW)
    button = page.get_by_role("button", name="Menu")
    await expect(page.get_by_role("navigation", name="Menu petugas")).to_be_hidden()
    await button.click()
    await expect(button).to_have_attribute("aria-expanded", "true")
    await page.get_by_role("link", name="Panduan").click()
    await expect(page.locator("article h1")).to_be_visible()


NOTICED = 0.001
"""A hundredth of what web pages are advised to stay below: less is a label that finds its last pixel."""


async def test_nothing_jumps_when_a_page_comes_to_life(busy: Desk) -> None:
    """Neither the scripts nor a fresh row of the queue push what somebody is reading about."""
    page = await busy.sit("sari2")
    shifts = """new Promise((done) => {
      let moved = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((one) => { moved += one.value; }))
        .observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done(moved), 500);
    })"""
    for path in ("", "/kasus/1"):
        await page.goto(busy.address(path))
        await expect(page.locator("body[data-following]")).to_be_attached()
        assert await page.evaluate(shifts) < NOTICED


async def test_what_was_looked_for_is_in_no_address(busy: Desk) -> None:
    """A NIK is found from the box at the top; neither the address nor the history holds it."""
    page = await busy.sit("sari3")
    await page.get_by_role("searchbox").fill("3273011708900001")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Hasil: 1")).to_be_visible()
    assert page.url == busy.address("/cari")
    await expect(page.locator("#case-1")).to_be_visible()
