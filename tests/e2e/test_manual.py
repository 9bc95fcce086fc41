"""JAMIN_BACKEND=manual: an operator carries the enrolment into the official channel, and the worker gets the same."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from conversations.months import Month, jakarta
from tests.browser.conftest import DESKTOP
from tests.e2e.browsing import Tab
from tests.e2e.form import BUDI, whole
from tests.e2e.programs import Server
from tests.e2e.transcript import Transcript

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSWORD = "sandi pilihan sendiri"
KPJ, CODE = "26110000017", "880812345678"


async def test_an_operator_enrols_by_hand(browser: Browser, tmp_path: Path) -> None:
    """The worker waits, the operator signs in with the password printed once, enters what the official channel said,
    and the worker gets the receipt, the payment and the status; the data is masked until it is revealed."""
    transcript = Transcript("Seorang pengojek mendaftar; petugas memasukkannya dengan tangan")
    async with Server(tmp_path, backend="manual") as server:
        tab = await Tab.open(await browser.new_context(), server.url, transcript)
        await tab.go(whole(BUDI)[:-1])
        await tab.tap("yes", holding="petugas")
        desk = await (await browser.new_context(viewport=DESKTOP)).new_page()  # type: ignore[arg-type]
        await sign_in(desk, server)
        await enter(desk, tab)
        assert KPJ in await tab.say("status")
        await tab.tap("no")
        await pay(desk, tab)
        told = await tab.say("status")
        assert KPJ in told
        assert CODE not in told
        assert tab.faults == []
        await tab.page.context.close()
        await desk.context.close()
    transcript.check("manual")


async def sign_in(desk: Page, server: Server) -> None:
    """Sign in for the first time, which means choosing a password of one's own."""
    await desk.goto(f"{server.url}/desk")
    await desk.locator("#name").fill("petugas")
    await desk.locator("#password").fill(await server.password())
    await desk.keyboard.press("Enter")
    await desk.locator("#now").fill(await server.password())
    await desk.locator("#new").fill(PASSWORD)
    await desk.locator("#again").fill(PASSWORD)
    await desk.keyboard.press("Enter")
    await expect(desk.locator('nav a[href="/desk/kerja"]')).to_be_attached()


async def enter(desk: Page, tab: Tab) -> None:
    """Open the one enrolment that waits, look at its NIK, and record what the official channel gave."""
    tab.transcript.note("at the desk the operator opens the enrolment, reveals its data, records KPJ and payment code")
    await desk.goto(re.sub(r"/desk.*", "/desk/kerja", desk.url))
    await desk.locator(".queue a").click()
    assert BUDI.nik.replace(" ", "") not in await desk.content()
    await desk.locator("#why").select_option("entering")
    await desk.locator('button[value="all"]').click()
    await expect(desk.locator(".data")).to_contain_text(re.compile(r"3273\s*0117\s*0890\s*0001"))
    before = tab.last
    await record(desk)
    await tab.answer(before, KPJ)
    assert CODE in tab.heard_after(before, KPJ)[-1]["text"]


async def record(desk: Page) -> None:
    """Fill in the form of an accepted enrolment."""
    today = jakarta(dt.datetime.now(dt.UTC))
    form = desk.locator('form[action$="/terima"]')
    given = {
        "kpj": KPJ,
        "code": CODE,
        "total": "12.400",
        "first": str(Month.of(today)),
        "months": "1",
        "expires": (today + dt.timedelta(days=3)).isoformat(),
    }
    for name, value in given.items():
        await form.locator(f"#{name}").fill(value)
    await form.get_by_role("button").click()
    await expect(desk.locator(".news")).to_be_visible()


async def pay(desk: Page, tab: Tab) -> None:
    """Record that the bill was paid; a second click records nothing more."""
    tab.transcript.note("the operator records the payment, twice by mistake")
    before = tab.last
    twin = await second(desk.context, desk.url)
    for page in (desk, twin):
        await page.locator('form[action$="/bayar"]').get_by_role("button").click()
        await expect(page.locator(".news")).to_be_visible()
    await tab.answer(before, BUDI.name)
    assert len(tab.heard_after(before, BUDI.name)) == 1


async def second(context: BrowserContext, url: str) -> Page:
    """Open the same page again."""
    page = await context.new_page()
    await page.goto(url)
    return page
