"""The pages of the reference backend."""

from __future__ import annotations

import datetime as dt
import re

import aiohttp
import msgspec

from tests.backend.running import Running, order


async def pay_page(reference: Running) -> str:
    """Enrol somebody and return where to pay."""
    outcome = await reference.backend.enrol(order(), "key")
    assert outcome.bill is not None
    return outcome.bill.pay_url


def form_in(page: str) -> dict[str, str]:
    """Return what the page's form would send."""
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found is not None
    return {"form": found[1]}


def a_browser() -> aiohttp.ClientSession:
    """Return somebody's browser, which keeps cookies of 127.0.0.1 too."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def test_a_code_is_paid_by_one_button(reference: Running) -> None:
    """The page says SIMULASI, shows the amount, and its button pays; under a prefix as well."""
    url = await pay_page(reference)
    async with a_browser() as browser:
        page = await (await browser.get(url)).text()
        assert "SIMULASI" in page
        assert "Rp 8.400" in page
        assert "Santoso" not in page
        after = await browser.post(url, data=form_in(page))
        assert (after.status, str(after.url)) == (200, url)
        assert "Sudah dibayar" in await after.text()
        await browser.post(url, data=form_in(page))
    assert len(await reference.backend.events(0)) == 1


async def test_a_form_from_elsewhere_pays_nothing(reference: Running) -> None:
    """A form without the browser's own token, or with another browser's, is refused."""
    url = await pay_page(reference)
    async with a_browser() as mine, a_browser() as theirs:
        form = form_in(await (await mine.get(url)).text())
        assert (await theirs.post(url, data=form)).status == 403
        assert (await mine.post(url, data={})).status == 403
    assert await reference.backend.events(0) == ()


async def test_an_expired_code_says_so(reference: Running) -> None:
    """A code whose time is over has no button to pay."""
    url = await pay_page(reference)
    reference.clock.now += dt.timedelta(days=8)
    async with a_browser() as browser:
        page = await (await browser.get(url)).text()
    assert "kedaluwarsa" in page
    assert "<form" not in page


async def test_an_unknown_code_says_so(reference: Running) -> None:
    """A code nobody was given is a page of its own, and cannot be paid."""
    async with a_browser() as browser:
        assert (await browser.get(f"{reference.url}/pay/NOPE")).status == 404
        assert (await browser.post(f"{reference.url}/pay/NOPE")).status == 404


async def test_the_registry_shows_whom_to_try(reference: Running) -> None:
    """The invented people and the ranges are a page for eyes and JSON for programs."""
    async with a_browser() as browser:
        assert "Asep Contoh" in await (await browser.get(f"{reference.url}/registry")).text()
        told = await browser.get(f"{reference.url}/registry", headers={"Accept": "application/json"})
        assert set(msgspec.json.decode(await told.read())) == {"people", "serials"}
